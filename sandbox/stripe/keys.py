"""Idempotency keys: what was answered to which request, for a day.

Source: https://docs.stripe.com/api/idempotent_requests. The answer is saved once execution has begun, whether
it succeeded or failed; a request whose parameters do not fit, or that meets its own twin, saves nothing.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.stripe.errors import StripeError, invalid, key_in_use

KEPT_SECONDS = 24 * 3600
KEY_LENGTH_MAX = 255


@dataclass(frozen=True)
class Saved:
    """The first answer to a key. `request` is what it was first used with; `at` epoch seconds."""

    at: int
    endpoint: str
    request: str
    request_id: str
    status: int
    body: str


class IdempotencyKeys:
    """Saved answers, oldest first, under the state lock; and the running keys, under a lock of their own."""

    def __init__(self, rows: dict[str, dict[str, Any]] | None = None) -> None:
        self._saved = {key: Saved(**row) for key, row in (rows or {}).items()}
        self._running: set[str] = set()
        self._running_lock = threading.Lock()

    @contextmanager
    def running(self, scope: str, key: str) -> Iterator[None]:
        """Holds the key while its request runs; raises StripeError (409) while another does."""
        if len(key) > KEY_LENGTH_MAX:
            raise invalid(f"Idempotency keys can have at most {KEY_LENGTH_MAX} characters.")
        name = f"{scope}:{key}"
        with self._running_lock:
            if name in self._running:
                raise key_in_use(key)
            self._running.add(name)
        try:
            yield
        finally:
            with self._running_lock:
                self._running.discard(name)

    def recall(self, scope: str, key: str, *, endpoint: str, request: str, now: int) -> Saved | None:
        """The saved answer to this request; raises StripeError (400) when the key was used for another."""
        self._forget(now)
        saved = self._saved.get(f"{scope}:{key}")
        if saved is None:
            return None
        if saved.endpoint != endpoint:
            message = (
                "Keys for idempotent requests can only be used for the same endpoint they were first "
                f"used for ('{endpoint}' vs '{saved.endpoint}'). "
                f"Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise StripeError(400, message, kind="idempotency_error")
        if saved.request != request:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used "
                f"with. Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise StripeError(400, message, kind="idempotency_error")
        return saved

    def save(self, scope: str, key: str, saved: Saved) -> None:
        """Keeps the first answer."""
        self._saved[f"{scope}:{key}"] = saved

    def _forget(self, now: int) -> None:
        while self._saved:
            oldest = next(iter(self._saved))
            if now - self._saved[oldest].at < KEPT_SECONDS:
                return
            del self._saved[oldest]

    def rows(self) -> dict[str, dict[str, Any]]:
        """The saved answers, JSON-shaped."""
        return {name: asdict(saved) for name, saved in self._saved.items()}
