"""The ledger as its totals, now or at a past instant: sealed sums of buckets plus the journals of those that
are not sealed.

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
the same row, or a fuller one; the cursor moves only behind the seals that it vouches for. What was sealed
twice is rolled up by day and by month (rollups.py), so that reading does not grow with history.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, islice

from marketplace.ledger.totals import INSTANT_MAX, Totals
from marketplace.shared.events import Event, EventType
from marketplace.shared.journal import Journal
from marketplace.shared.months import month_of
from marketplace.shared.records import dataclass, replace
from marketplace.storage import codec, marks, rollups, seals
from marketplace.storage.buckets import BUCKET_SECONDS, SLOTS, partition, written_ms
from marketplace.storage.models import EventItem

LAG_SECONDS = 900
AGAIN_SECONDS = 86_400
BUCKETS_PER_RUN_MAX = 500
READERS = 4
"""How many slots are read at once."""

_CURSORS = {"until": LAG_SECONDS, "again_until": AGAIN_SECONDS}


@dataclass(frozen=True)
class Indexed:
    """What the time index shows of an event; `journal_text` is JSON, `written_ms` the machine's time. Its
    journal may be dated later than it, where its month was closed."""

    id: str
    type: EventType
    at: int
    about: tuple[str, ...]
    journal_text: str | None
    written_ms: int

    @property
    def journal(self) -> Journal | None:
        """Raises pydantic.ValidationError for one that does not balance."""
        return codec.load_journal(self.journal_text, self.id, self.at) if self.journal_text else None

    def told(self) -> Event:
        """As much of the event as the index shows."""
        plain = Event(self.id, self.type, self.at, "", "", self.about, journal=self.journal)
        return replace(plain, written_ms=self.written_ms)


def events_in(start: int) -> Iterator[Indexed]:
    """The events of the bucket that begins at `start` (epoch seconds), slot by slot."""
    for slot in range(SLOTS):
        yield from _slot(start, slot)


def events_at_once(start: int) -> list[Indexed]:
    """The same, several slots read at once."""
    with ThreadPoolExecutor(READERS) as readers:
        return list(chain.from_iterable(readers.map(lambda slot: list(_slot(start, slot)), range(SLOTS))))


def journals_since(real_seconds: int) -> Iterator[tuple[Indexed, Journal]]:
    """Journals of all buckets that touch the time since `real_seconds`."""
    for start in marks.marked(real_seconds - BUCKET_SECONDS):
        for event in events_in(start):
            if event.journal is not None:
                yield event, event.journal


def totals(at: int = INSTANT_MAX) -> Totals:
    """Everything that was posted up to `at`, epoch seconds of business time, that second included. A journal
    that came late counts from its commit on, where its own time puts it. The cursors are read first, so what
    is sealed or rolled up meanwhile is seen in one shape only."""
    until, days_until = seals.cursor("until"), seals.cursor(rollups.DAYS_UNTIL)
    months_until = seals.cursor(rollups.MONTHS_UNTIL)
    whole, opened = rollups.carried(at, months_until)
    days = chain.from_iterable(map(rollups.days_of, opened))
    for day, part in chain(days, rollups.days_between(months_until, days_until)):
        whole.merge(_by(at, part, partial(_day, day, at)))
    sealed = set()
    for month in (month for month in marks.months() if month >= month_of(days_until)):
        for start, part in seals.of_month(month):
            if start >= days_until:
                whole.merge(_by(at, part, partial(fold, start, at)))
                sealed.add(start)
    for start in marks.marked(max(until, days_until)):
        if start not in sealed:
            whole.merge(fold(start, at))
    return whole


def fold(start: int, at: int = INSTANT_MAX) -> Totals:
    """The sums of one bucket, from its journals of business time up to `at`."""
    journals = (event.journal for event in events_at_once(start))
    return Totals.of(journal for journal in journals if journal and journal.at <= at)


def _by(at: int, part: Totals | None, opened: Callable[[], Totals]) -> Totals:
    """What a part holds up to `at`: all, nothing, or what shows when it is opened."""
    if part is not None and part.last <= at:
        return part
    return Totals() if part is not None and part.first > at else opened()


def _day(day: int, at: int) -> Totals:
    """What was written on a rolled day, up to `at`."""
    whole = Totals()
    for start, part in seals.between(day, day + rollups.DAY_SECONDS):
        whole.merge(_by(at, part, partial(fold, start, at)))
    return whole


def seal(real_now: int) -> int:
    """Seals what is over by `real_now` (epoch seconds of the machine), and what is over for a day again;
    how many buckets that were."""
    sealed = sum(_seal_until(name, real_now - lag - BUCKET_SECONDS) for name, lag in _CURSORS.items())
    rollups.roll()
    return sealed


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
            written_ms=written_ms(item.bucket_key),
        )
