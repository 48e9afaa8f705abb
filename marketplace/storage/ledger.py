"""The ledger as its totals: sealed sums of buckets plus the journals of those that are not sealed.

    marked buckets   . . . . . . . . . . . . . .          (marks.py: written before a bucket's first event)
    sealed           s s s s s s s s s
                                       ^ cursor           everything marked before it is sealed
    folded now                         f f f f f

No total is a hot item and nothing is scanned. An event stands in the bucket of the machine's clock when its
commit began, and carries its journal into the index, so a journal is counted whole or not at all.

Why sealing loses nothing. A seal is the fold of what the index shows, so it may only be made when the
bucket can grow no more. An entry can come late in three ways, and `LAG_SECONDS` (900) is far above their sum:
a write that was retried keeps the bucket of its start and ends within seconds (3 attempts of at most 7 s
each, and no function outlives a minute); the machines' clocks differ by milliseconds; the index follows the
table, as a rule within a second. Should the index ever stand still for longer than that, every bucket is
folded and sealed again a day later (`AGAIN_SECONDS`), and the audit folds the whole index against the seals
and against the balances, which are written in the journals' own commits. Sealing a bucket twice writes
the same row, or a fuller one; the cursor moves only behind the seals that it vouches for.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from marketplace.ledger.totals import Totals
from marketplace.shared.events import EventType
from marketplace.shared.journal import Journal
from marketplace.storage import codec, marks, seals
from marketplace.storage.buckets import BUCKET_SECONDS, SLOTS, partition
from marketplace.storage.models import EventItem

LAG_SECONDS = 900
AGAIN_SECONDS = 86_400
BUCKETS_PER_RUN_MAX = 500
READERS = 4
"""How many slots are read at once."""

_CURSORS = {"until": LAG_SECONDS, "again_until": AGAIN_SECONDS}


@dataclass(frozen=True)
class Indexed:
    """What the time index shows of an event; `journal_text` is JSON."""

    id: str
    type: EventType
    at: int
    about: tuple[str, ...]
    journal_text: str | None

    @property
    def journal(self) -> Journal | None:
        """Raises pydantic.ValidationError for one that does not balance."""
        return codec.load_journal(self.journal_text, self.id, self.at) if self.journal_text else None


def events_in(start: int) -> Iterator[Indexed]:
    """The events of the bucket that begins at `start` (epoch seconds), slot by slot."""
    for slot in range(SLOTS):
        yield from _slot(start, slot)


def journals_since(real_seconds: int) -> Iterator[tuple[Indexed, Journal]]:
    """Journals of all buckets that touch the time since `real_seconds`."""
    for start in marks.marked(real_seconds - BUCKET_SECONDS):
        for event in events_in(start):
            if event.journal is not None:
                yield event, event.journal


def totals() -> Totals:
    """Everything that was ever posted. The cursor is read first, so what is sealed meanwhile is seen as
    sealed or folded, and never both."""
    until = seals.cursor("until")
    whole, sealed = Totals(), set()
    for month in marks.months():
        for start, part in seals.of_month(month):
            whole.merge(fold(start) if part is None else part)
            sealed.add(start)
    for start in marks.marked(until):
        if start not in sealed:
            whole.merge(fold(start))
    return whole


def fold(start: int) -> Totals:
    """The sums of one bucket, from its journals."""
    with ThreadPoolExecutor(READERS) as readers:
        slots = readers.map(lambda slot: list(_slot(start, slot)), range(SLOTS))
    return Totals.of(event.journal for events in slots for event in events if event.journal)


def seal(real_now: int) -> int:
    """Seals what is over by `real_now` (epoch seconds of the machine), and what is over for a day again;
    how many buckets that were."""
    return sum(_seal_until(name, real_now - lag - BUCKET_SECONDS) for name, lag in _CURSORS.items())


def _seal_until(name: str, last: int) -> int:
    """Seals the marked buckets from the cursor to the one that begins at or before `last`."""
    since = seals.cursor(name)
    due = list(islice((start for start in marks.marked(since) if start <= last), BUCKETS_PER_RUN_MAX))
    for start in due:
        sums = fold(start)
        if sums.currencies:
            seals.put(start, sums)
    if due:
        seals.move_cursor(name, due[-1] + BUCKET_SECONDS)
    return len(due)


def _slot(start: int, slot: int) -> Iterator[Indexed]:
    for item in EventItem.by_bucket.query(partition(start, slot)):
        yield Indexed(
            id=item.id,
            type=EventType(item.type),
            at=int(item.at),
            about=tuple(item.about),
            journal_text=item.journal,
        )
