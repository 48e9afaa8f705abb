"""Events in the order in which they were committed, and whose history they stand in: what a trace needs."""

from collections.abc import Iterable

from marketplace.shared.events import Event
from marketplace.storage import codec, trail
from marketplace.storage.models import EventItem


class TrailHistories:
    """Implements `ledger.trace.Histories` over the trail and the events table."""

    def events_about(self, identifier: str, limit: int) -> list[str]:
        """The ids of the events in its history: the first `limit` of them, and the last."""
        lines = trail.history(identifier, limit=limit)
        if len(lines) == limit:
            lines += trail.history(identifier, limit=limit, newest_first=True)
        return list(dict.fromkeys(line.event_id for line in lines))

    def events(self, identifiers: Iterable[str]) -> list[Event]:
        """Those that are there; the machine's time of the commit orders causes before their effects, also
        where business time stands still."""
        wanted = list(identifiers)
        if not wanted:
            return []
        events = map(codec.event_of, EventItem.batch_get(wanted, consistent_read=True))
        return sorted(events, key=lambda event: (event.written_ms, event.id))
