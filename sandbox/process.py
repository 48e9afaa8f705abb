"""The system in a process of its own, so that who plays against it does not share its interpreter."""

import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType

from marketplace.settings import Settings
from sandbox.cloud import CloudDidNotStart, DeploymentError

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 5.0


@dataclass(frozen=True)
class Started:
    """Where the system answers, and what its functions are told."""

    base_url: str
    settings: Settings


class SystemProcess:
    """A running sandbox for the length of a `with` block; nothing is kept."""

    def __enter__(self) -> Started:
        """Returns when HTTP answers. Raises CloudDidNotStart."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_run, args=(theirs,), name="system")
        self._process.start()
        theirs.close()
        started = self._pipe.recv() if self._pipe.poll(START_SECONDS_MAX) else "it did not answer in time"
        if isinstance(started, Started):
            return started
        self.__exit__(None, None, None)
        raise CloudDidNotStart(str(started))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._process.join(STOP_SECONDS_MAX)
        self._process.kill()


def _run(pipe: Connection) -> None:
    """Runs until the other end of the pipe is closed, however its holder ended."""
    from sandbox.system import System

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with System() as system:
            pipe.send(Started(system.base_url, system.runtime.settings))
            pipe.poll(None)
    except (OSError, CloudDidNotStart, DeploymentError) as error:
        pipe.send(str(error))
