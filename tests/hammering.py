"""Many threads, in this process or in several, that do things to one system at the same instant.

`python -m tests.hammering` is one of the processes: its environment says where the tables are, its clock
stands still, and each line that it reads is a list of knocks, which its threads make all at once.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from marketplace import runtime as runtimes
from marketplace.runtime import Runtime
from marketplace.settings import Settings
from tests.doors import Answer, Knock, knock

ROOT = Path(__file__).resolve().parents[1]
NOW = "HAMMERING_NOW"
THREADS = "HAMMERING_THREADS"
READY = "ready"

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class StandingClock:
    """Always the same instant, epoch seconds."""

    at: int

    def now(self) -> int:
        return self.at


def at_once(work: Callable[[Given], Made], given: Sequence[Given], *, threads: int) -> list[Made]:
    """`work` for each of `given`, in up to that many threads that begin together."""
    count = min(threads, len(given))
    begin = threading.Barrier(count)
    with ThreadPoolExecutor(count, initializer=begin.wait) as pool:
        return list(pool.map(work, given))


class Hands:
    """Processes that knock together: `with Hands(runtime, processes=4, threads=4) as hands`."""

    def __init__(self, runtime: Runtime, *, processes: int, threads: int) -> None:
        self._environment = {
            **{name.upper(): _text(value) for name, value in runtime.settings if value is not None},
            NOW: str(runtime.clock.now()),
            THREADS: str(threads),
            "PATH": os.defpath,
        }
        self._count = processes
        self._processes: list[subprocess.Popen[str]] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.hammering"]
        for _ in range(self._count):
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self._processes.append(self._stack.enter_context(process))
        for process in self._processes:
            assert _pipe(process.stdout).readline().strip() == READY
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            _pipe(process.stdin).close()
        self._stack.close()

    def knock(self, knocks: Sequence[Knock]) -> list[Answer]:
        """Each process takes every fourth (of four); all begin when all have heard."""
        for number, process in enumerate(self._processes):
            share = [asdict(one) for one in knocks[number :: self._count]]
            _pipe(process.stdin).write(json.dumps(share) + "\n")
        for process in self._processes:
            _pipe(process.stdin).flush()
        lines = [_pipe(process.stdout).readline() for process in self._processes]
        return [Answer(**answer) for line in lines for answer in json.loads(line)]


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _pipe(end: IO[str] | None) -> IO[str]:
    assert end is not None
    return end


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Knocks line by line until its input ends."""
    runtimes.use(runtimes.connect(Settings.from_environment(), StandingClock(int(os.environ[NOW]))))
    threads = int(os.environ[THREADS])
    _say(READY)
    for line in sys.stdin:
        knocks = [Knock(**asked) for asked in json.loads(line)]
        answers = at_once(knock, knocks, threads=threads)
        _say(json.dumps([asdict(answer) for answer in answers]))


if __name__ == "__main__":
    main()
