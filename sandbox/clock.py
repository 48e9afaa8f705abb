"""The sandbox's clock: real time plus what was advanced; frozen, it moves only by advancing."""

import json
import threading
import time
from pathlib import Path


class MovableClock:
    """Whole epoch seconds. Everything in business time reads it: rules, tokens, timers, the local Stripe."""

    def __init__(self, file: Path | None = None) -> None:
        """Continues from `file` when it exists; real time has gone on meanwhile unless it was frozen."""
        self._lock = threading.Lock()
        self._file = file
        self._offset = 0
        self._frozen_at: int | None = None
        if file is not None and file.exists():
            kept = json.loads(file.read_text())
            self._offset, self._frozen_at = kept["offset"], kept["frozen_at"]

    def now(self) -> int:
        """Epoch seconds."""
        with self._lock:
            return self._now()

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        with self._lock:
            return self._frozen_at is not None

    def freeze(self) -> None:
        """Stands still from now on."""
        with self._lock:
            self._frozen_at = self._now()
            self._save()

    def resume(self) -> None:
        """Goes on from where it stood."""
        with self._lock:
            self._offset = self._now() - int(time.time())
            self._frozen_at = None
            self._save()

    def move_to(self, instant: int) -> None:
        """Later, never earlier."""
        with self._lock:
            ahead = max(0, instant - self._now())
            self._offset += ahead
            if self._frozen_at is not None:
                self._frozen_at += ahead
            self._save()

    def _save(self) -> None:
        """Keeps every move at once: what was dated by it must not lie in the future after a crash."""
        if self._file is not None:
            written = self._file.with_suffix(".new")
            written.write_text(json.dumps({"offset": self._offset, "frozen_at": self._frozen_at}))
            written.replace(self._file)

    def _now(self) -> int:
        return self._frozen_at if self._frozen_at is not None else int(time.time()) + self._offset
