"""What a delivery needs of the outside."""

from collections.abc import Callable, Mapping
from typing import Protocol

from marketplace.shared.records import dataclass

SLOW_SECONDS = 2
"""Who has not answered by then is not sent more before it has."""


@dataclass(frozen=True)
class Heard:
    """What came back: a status code, or in words why there is none. `retry_after` is what the receiver asks
    for, seconds, 0 where it does not."""

    code: int | None = None
    error: str = ""
    retry_after: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.code is not None and 200 <= self.code < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.code == 410


class WebhookSender(Protocol):
    """Sends to where a stranger says, and nowhere that is ours."""

    def send(self, url: str, headers: Mapping[str, str], body: bytes, when_slow: Callable[[], None]) -> Heard:
        """One attempt, ended within a bounded time; never raises for what the receiver or the net does.
        `when_slow` is called, at most once and meanwhile, when there is no answer for SLOW_SECONDS."""
        ...
