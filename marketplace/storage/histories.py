"""Events in the order in which they were committed, and whose history they stand in: what a trace needs."""

from collections.abc import Iterable

from marketplace.ledger.attribution import Movement, drawn_by
from marketplace.shared.events import Event
from marketplace.storage import codec, statements, trail
from marketplace.storage.models import EventItem

STATEMENT_MAX = 2_000


class TrailHistories:
    """Implements `ledger.trace.Histories` over the trail and the events table."""

    def events_about(self, identifier: str, limit: int) -> list[str]:
        """The ids of the events in its history: the first `limit` of them, and the last."""
        lines = trail.history(identifier, limit=limit)
        if len(lines) == limit:
            lines += trail.history(identifier, limit=limit, newest_first=True)
        return list(dict.fromkeys(line.event_id for line in lines))

    def drawn_by(self, account: str, currency: str, event_id: str) -> list[str]:
        """The ids of the events that took what this event brought; none beyond the statement's first
        `STATEMENT_MAX` lines."""
        lines = statements.oldest(account, limit=STATEMENT_MAX)
        movements = (
            Movement(line.event_id, line.credit, line.debit) for line in lines if line.currency == currency
        )
        return drawn_by(movements, event_id)

    def events(self, identifiers: Iterable[str]) -> list[Event]:
        """Those that are there; the machine's time of the commit orders causes before their effects, also
        where business time stands still."""
        wanted = list(identifiers)
        if not wanted:
            return []
        events = map(codec.event_of, EventItem.batch_get(wanted, consistent_read=True))
        return sorted(events, key=lambda event: (event.written_ms, event.id))
