"""The clock of the program that runs by itself: real time, plus what it was advanced by."""

import json
import threading
import time
from pathlib import Path

from sandbox.stripe.disk import file_read


class AdvancingClock:
    """Whole epoch seconds. May be called from any thread."""

    def __init__(self, file: Path | None = None) -> None:
        """Remembers in `file` how far it was advanced. Raises OSError, or ValueError for another file."""
        self._lock = threading.Lock()
        self._file = file
        self._ahead = 0 if file is None or not file.exists() else _stored(file)

    def now(self) -> int:
        """Epoch seconds."""
        with self._lock:
            return int(time.time()) + self._ahead

    def move_to(self, instant: int) -> None:
        """Later, never earlier."""
        with self._lock:
            self._ahead = max(self._ahead, instant - int(time.time()))
            if self._file is not None:
                beside = self._file.with_name(f".{self._file.name}.new")
                beside.write_text(json.dumps({"ahead": self._ahead}))
                beside.replace(self._file)


def _stored(file: Path) -> int:
    with file_read(file, "the clock of a local Stripe"):
        ahead = json.loads(file.read_text(encoding="utf-8"))["ahead"]
        if type(ahead) is not int:
            raise TypeError
        return ahead
