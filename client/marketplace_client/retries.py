"""When a call is sent again, and after how long."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

PASSING_STATUSES = frozenset({429, 503})
"""Definite refusals that pass."""
SILENT_STATUSES = frozenset({500, 502, 504})
"""Whether anything was done is not known."""
PASSING_CODE = "idempotency_in_progress"
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
REPEATABLE = frozenset({"GET", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class Retries:
    """Waits double from `first_wait_seconds` and are spread by up to half. The server's Retry-After is
    honoured, unless it asks for more than `retry_after_seconds_max`: then the refusal is raised at once."""

    attempts_max: int = 5
    first_wait_seconds: float = 0.1
    wait_seconds_max: float = 5.0
    retry_after_seconds_max: float = 60.0
    jitter: Callable[[], float] = random.random

    def pause(self, attempt: int, answer: httpx.Response | None = None) -> float | None:
        """Seconds to wait after the attempt of that number, 1 the first; None after the last."""
        if attempt >= self.attempts_max:
            return None
        asked = retry_after(answer) if answer is not None else None
        if asked is not None:
            return asked if asked <= self.retry_after_seconds_max else None
        wait = min(self.first_wait_seconds * 2.0 ** (attempt - 1), self.wait_seconds_max)
        return wait * (1 - self.jitter() / 2)


def retry_after(answer: httpx.Response) -> float | None:
    """Seconds that the server asks for, as a number or a date (RFC 9110, 10.2.3)."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
