"""One event on its way to one endpoint.

    pending ──taken (2xx)──> delivered ─────────────────┐
     ^  │ └──missed: again later, TRIES_MAX times─┐     │
     │  ├──the last try missed, or gone (410)──> failed ─┤
     │  └──its endpoint is disabled or deleted─> dropped ┤
     └───────────────────redeliver──────────────────────┘

Its body is written once: however often it is sent, the id and the body are the same. An attempt is sent first
and written down afterwards, so what a crash leaves unwritten is sent again.
"""

import hashlib
from enum import StrEnum

from marketplace.notifications.ports import Heard
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

WAITS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds between one try and the next, three days in all (the specification's own example)."""
TRIES_MAX = len(WAITS) + 1
JITTER_SHARE = 8
"""A wait is longer by up to an eighth of it, so that what failed together does not come back together."""
AFTER_REST_SECONDS = 60
"""Over how long what waited for a rest to end comes back."""
RETRY_AFTER_MAX = 86_400
BODY_BYTES_MAX = 64 * 1024
"""More of an object than this is not sent; who wants it reads it."""
ERROR_LENGTH_MAX = 200
LOST_SECONDS = 900
"""When a try that was asked for is asked for again, should its message be lost: in that span its queue hands
it out five times."""


class DeliveryStatus(StrEnum):
    """See the picture above."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Delivery:
    """`tries` are all so far, `tries_before` those of earlier rounds. `next_at` is when it is to be sent,
    `looks_at` when its clock rings: later, as long as a message of it is under way. Epoch seconds. `position`
    orders lists."""

    id: str
    endpoint_id: str
    client_id: str
    event_id: str
    type: str
    body: Private[str]
    created_at: int
    position: str
    status: DeliveryStatus = DeliveryStatus.PENDING
    tries: int = 0
    tries_before: int | None = None
    next_at: int | None = None
    looks_at: int | None = None
    last_at: int | None = None
    response_code: int | None = None
    error: str | None = None

    def begun(self) -> "Delivery":
        """New: to be sent at once."""
        return replace(self, next_at=self.created_at).asked_for(self.created_at)

    def is_due(self, at: int) -> bool:
        """Whether it is to be sent now."""
        return self.status == DeliveryStatus.PENDING and self.next_at is not None and self.next_at <= at

    def told(self, heard: Heard, at: int) -> "Delivery":
        """After one more try."""
        tried = replace(
            self,
            tries=self.tries + 1,
            last_at=at,
            response_code=heard.code,
            error=heard.error[:ERROR_LENGTH_MAX] or None,
        )
        if heard.is_taken:
            return _ended(tried, DeliveryStatus.DELIVERED)
        number = tried.tries - (self.tries_before or 0)
        if heard.is_gone or number >= TRIES_MAX:
            return _ended(tried, DeliveryStatus.FAILED)
        wait = _spread(WAITS[number - 1], f"{self.id}:{tried.tries}")
        again = at + max(wait, min(heard.retry_after, RETRY_AFTER_MAX))
        return replace(tried, next_at=again, looks_at=again)

    def postponed(self, until: int) -> "Delivery":
        """Its endpoint rests: not a try, and not all at once when the rest is over."""
        again = until + 1 + _spread(0, f"{self.id}:{self.tries}:{until}", widest=AFTER_REST_SECONDS)
        return replace(self, next_at=again, looks_at=again)

    def asked_for(self, at: int) -> "Delivery":
        """A message of it is on its way; should it be lost, the clock rings again."""
        return replace(self, looks_at=at + LOST_SECONDS)

    def dropped(self) -> "Delivery":
        """There is nowhere to send it any more."""
        return _ended(self, DeliveryStatus.DROPPED)

    def again(self, at: int) -> "Delivery":
        """From the beginning, with the same id and body. Raises IllegalTransition while it is pending."""
        if self.status == DeliveryStatus.PENDING:
            raise IllegalTransition("it is on its way already")
        pending = replace(self, status=DeliveryStatus.PENDING, tries_before=self.tries, next_at=at)
        return pending.asked_for(at)


def _ended(delivery: Delivery, status: DeliveryStatus) -> Delivery:
    return replace(delivery, status=status, next_at=None, looks_at=None)


def _spread(seconds: int, cause: str, *, widest: int = 0) -> int:
    """The wait and a part more that is the cause's own, so that no chance is needed."""
    share = int.from_bytes(hashlib.sha256(cause.encode()).digest()[:4]) / 2**32
    return seconds + int(share * max(widest, seconds // JITTER_SHARE))
