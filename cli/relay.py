"""Sends events to their queues once more: a stream forgets after 24 hours, the index does not."""

from datetime import UTC, datetime

from chalicelib.relay import resend
from marketplace.runtime import Runtime

MS = 1_000


def instant(text: str) -> datetime:
    """An RFC 3339 instant, UTC unless it says otherwise. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def send_again(runtime: Runtime, *, since: datetime, until: datetime) -> int:
    """Prints how many events were sent; 0."""
    sent = resend(runtime, since_ms=int(since.timestamp() * MS), until_ms=int(until.timestamp() * MS))
    print(f"events sent again: {sent}")
    return 0
