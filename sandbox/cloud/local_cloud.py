"""One emulated AWS as a child process on a free loopback port.

ministack (PyPI, MIT) runs in its own locked environment, `.tools/cloud`, because it pins its own botocore.
Two of them never meet: each has its own port, process group, scratch folder and, when asked, state folder.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

START_SECONDS_MAX = 20.0
STOP_SECONDS_MAX = 4.0
START_ATTEMPTS_MAX = 3
POLL_SECONDS = 0.02
HEALTH_SECONDS_MAX = 1.0
LOG_TAIL_CHARS = 500

REGION = "us-east-1"
SERVICES = (
    "apigateway",
    "cloudformation",
    "dynamodb",
    "dynamodbstreams",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "s3",
    "secretsmanager",
    "sqs",
    "ssm",
    "sts",
)

ACCESS_KEY = "local"
OUR_KEYS = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": ACCESS_KEY}
"""What signed addresses of files are verified with, whoever else is let in."""
ENFORCED = {"AUTH": "true"}

ROOT = Path(__file__).resolve().parents[2]
INTERPRETER = ROOT / ".tools" / "cloud" / "bin" / "python"
LAUNCHER = Path(__file__).with_name("launch.py")


class CloudDidNotStart(Exception):
    """The local cloud is not installed, ended early, or did not answer in `START_SECONDS_MAX`."""


class StateInUse(CloudDidNotStart):
    """Another local cloud keeps its data in the same folder."""


class LocalCloud:
    """An emulated AWS for the length of a `with` block; with `state`, its data is there at the next start."""

    def __init__(self, state: Path | None = None, *, enforce_iam: bool = False) -> None:
        """With `enforce_iam`, functions may do what their roles allow, and our own keys may do everything."""
        self.endpoint = ""
        self._state = state
        self._enforce_iam = enforce_iam
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when the cloud answers at `endpoint`; raises CloudDidNotStart."""
        if not INTERPRETER.exists():
            raise CloudDidNotStart("the local cloud is not installed; run: make setup")
        # Someone else can take a free port before the cloud binds it, so a failed start is tried again.
        for attempt in range(1, START_ATTEMPTS_MAX + 1):
            try:
                self._start_on(_free_port())
            except CloudDidNotStart as error:
                self.stop()
                if attempt == START_ATTEMPTS_MAX or isinstance(error, StateInUse):
                    raise
            else:
                return

    def stop(self) -> None:
        """Asks the cloud to save and end, waits `STOP_SECONDS_MAX` for it, then ends what is left of it."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
            _end_group(process.pid)
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        scratch, self._scratch = self._scratch, None
        if scratch is not None:
            scratch.cleanup()

    def _start_on(self, port: int) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="marketplace-cloud-", ignore_cleanup_errors=True)
        scratch = Path(self._scratch.name)
        log = scratch / "cloud.log"
        token = uuid.uuid4().hex
        environment = _environment(port=port, scratch=scratch, state=self._state, token=token)
        self.endpoint = f"http://127.0.0.1:{port}"
        with log.open("wb") as output, _locked(self._state) as locks:
            self._process = subprocess.Popen(
                [INTERPRETER, "-P", LAUNCHER],
                cwd=scratch,
                env=environment | (ENFORCED if self._enforce_iam else {}),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=locks,
            )
        _wait_until_healthy(self._process, port=port, token=token, log=log)


def _wait_until_healthy(process: subprocess.Popen[bytes], *, port: int, token: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CloudDidNotStart(f"the local cloud ended at once: {_tail(log)}")
        # Only our own process knows the token: another server on the same port is not taken for it.
        if _health(port).get("edition") == token:
            return
        time.sleep(POLL_SECONDS)
    raise CloudDidNotStart(f"the local cloud did not answer within {START_SECONDS_MAX:g} s: {_tail(log)}")


def _environment(*, port: int, scratch: Path, state: Path | None, token: str) -> dict[str, str]:
    """A complete environment: none of the caller's AWS settings reach the cloud or the functions in it."""
    return {
        **OUR_KEYS,
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "MINISTACK_EDITION": token,
        "GATEWAY_PORT": str(port),
        "SERVICES": ",".join(SERVICES),
        "S3_DATA_DIR": str(scratch / "s3"),
        "STATE_DIR": str(scratch / "state" if state is None else state.resolve()),
        "PERSIST_STATE": "0" if state is None else "1",
        "DOCKER_HOST": f"unix://{scratch}/none",
        "LAMBDA_EXECUTOR": "local",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def _locked(state: Path | None) -> Iterator[tuple[int, ...]]:
    """The lock lives in the child that inherits it, so it holds until the child has saved and ended."""
    if state is None:
        yield ()
        return
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("wb") as lock:
        # One whose starter has just died holds it until its state is saved.
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while not _take(lock.fileno()):
            if time.monotonic() > deadline:
                raise StateInUse(f"{state} is in use by another local cloud")
            time.sleep(POLL_SECONDS)
        yield (lock.fileno(),)


def _take(lock: int) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _health(port: int) -> dict[str, object]:
    connection = HTTPConnection("127.0.0.1", port, timeout=HEALTH_SECONDS_MAX)
    try:
        connection.request("GET", "/_ministack/health")
        found: dict[str, object] = json.loads(connection.getresponse().read())
    except (OSError, ValueError, HTTPException):
        return {}
    finally:
        connection.close()
    return found


def _tail(log: Path) -> str:
    said = log.read_text(errors="replace").strip()[-LOG_TAIL_CHARS:]
    return said or "it said nothing"


def _end_group(group: int) -> None:
    """The functions that the cloud started are in its group; they have nothing to save."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
