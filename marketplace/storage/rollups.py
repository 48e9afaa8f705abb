"""Seals rolled up, so that a balance of any instant is read from a bounded number of rows.

    carried   everything to the end of a month           one is read
    days      what was written on a day                  at most a month of them
    seals     what was written in five minutes           at most a day of them

All three are by real time, when a journal was written; each knows the span of business time of its journals.
For a balance at a past instant a part that ended by then counts whole, one that began later not at all, and
one that spans it is opened: in the end a bucket, whose journals tell their own time. So a journal that came
late counts where its business time puts it, whenever it was written.

A day is rolled up when all its buckets were sealed twice, a month when all its days were. What is rolled up
is never touched again; the cursors move only behind the rows that they vouch for.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby, islice, pairwise, takewhile

from marketplace.ledger.totals import INSTANT_MAX, Totals
from marketplace.shared.months import month_end, month_of, month_start
from marketplace.shared.records import dataclass
from marketplace.storage import marks, seals
from marketplace.storage.models import TrailItem

DAY_SECONDS = 86_400
DAYS_PER_RUN_MAX = 62
DAYS_UNTIL, MONTHS_UNTIL = "days_until", "months_until"
"""The cursors: everything written before them is rolled up, epoch seconds."""

_CARRIED = f"{seals.CURSORS}#carried"
_MONTHS = f"{seals.CURSORS}#months"


@dataclass(frozen=True)
class Month:
    """A month that is carried: business time of its own earliest journal, and of the latest up to its end."""

    name: str
    first: int
    carried_last: int


def roll() -> int:
    """Rolls up the days and months that are over and sealed; how many days."""
    sealed = seals.cursor("again_until")
    over = takewhile(lambda day: day + DAY_SECONDS <= sealed, _days(seals.cursor(DAYS_UNTIL)))
    days = list(islice(over, DAYS_PER_RUN_MAX))
    for day in days:
        seals.put_sums(_days_of(month_of(day)), _day_name(day), _sum(day))
        seals.move_cursor(DAYS_UNTIL, day + DAY_SECONDS)
    _carry(seals.cursor(DAYS_UNTIL))
    return len(days)


def carried(at: int, until: int) -> tuple[Totals, list[str]]:
    """The newest sums of months before `until` (a cursor) that end by `at` in business time, and the names of
    the later months that hold anything of it: those are to be opened."""
    months = [month for month in _months() if month_start(month.name) < until]
    newest = bisect_right([month.carried_last for month in months], at) - 1
    while newest >= 0 and (sums := _carried_to(months[newest].name)) is None:
        newest -= 1
    later = [month.name for month in months[newest + 1 :] if month.first <= at]
    return (sums if newest >= 0 else None) or Totals(), later


def days_of(month: str) -> Iterator[tuple[int, Totals | None]]:
    """(start, sums) of the rolled days of a month; None for one not whole."""
    yield from ((_day_start(name), sums) for name, sums in seals.sums(_days_of(month)))


def days_between(since: int, until: int) -> Iterator[tuple[int, Totals | None]]:
    """(start, sums) of the rolled days that begin in [since, until), epoch seconds."""
    for month in marks.months():
        if month >= month_of(since):
            yield from ((day, sums) for day, sums in days_of(month) if since <= day < until)


def rolled(since: int = 0, until: int = INSTANT_MAX) -> Iterator[tuple[str, Totals | None, Totals]]:
    """(name, kept sums, the same from what they sum up) of every day that begins in [since, until), epoch
    seconds, and of every month that ended after `since` and by `until`."""
    days_until, carried_until = seals.cursor(DAYS_UNTIL), seals.cursor(MONTHS_UNTIL)
    for day, kept in days_between(since, min(until, days_until)):
        yield _day_name(day), kept, _sum(day)
    carried = [month.name for month in _months() if month_end(month.name) <= carried_until]
    for earlier, month in pairwise(["", *carried]):
        if since < month_end(month) <= until:
            whole = (_carried_to(earlier) if earlier else None) or Totals()
            for _, part in days_of(month):
                whole.merge(part or Totals())
            yield month, _carried_to(month), whole


def _carry(until: int) -> None:
    """Carries every month that ended by `until` on to its end."""
    since, whole = seals.cursor(MONTHS_UNTIL), None
    for month in marks.months():
        if month_start(month) < since or month_end(month) > until:
            continue
        earlier = [name for name in map(_name, _months()) if name < month]
        whole = whole or (_carried_to(earlier[-1]) if earlier else Totals())
        if whole is None:
            return
        own = Totals()
        for day, part in days_of(month):
            own.merge(_sum(day) if part is None else part)
        whole.merge(own)
        seals.put_sums(_CARRIED, month, whole)
        TrailItem(_MONTHS, month, body=f"{own.first}:{whole.last}").save()
        seals.move_cursor(MONTHS_UNTIL, month_end(month))


def _sum(day: int) -> Totals:
    """What was written on a day, from its seals; raises LookupError where one is not whole."""
    sums = Totals()
    for start, part in seals.between(day, day + DAY_SECONDS):
        if part is None:
            raise LookupError(f"the seal of bucket {start} is not whole")
        sums.merge(part)
    return sums


def _days(since: int) -> Iterator[int]:
    """The days that hold marked buckets, from that of `since` on; epoch seconds."""
    days = (start // DAY_SECONDS * DAY_SECONDS for start in marks.marked(since))
    yield from (day for day, _ in groupby(days))


def _months() -> list[Month]:
    found = []
    for row in TrailItem.query(_MONTHS, consistent_read=True):
        first, _, last = row.body.partition(":")
        found.append(Month(row.position, int(first), int(last)))
    return found


def _name(month: Month) -> str:
    return month.name


def _carried_to(month: str) -> Totals | None:
    return next((sums for _, sums in seals.sums(_CARRIED, month, month)), None)


def _days_of(month: str) -> str:
    return f"{seals.CURSORS}#days#{month}"


def _day_name(day: int) -> str:
    return datetime.fromtimestamp(day, UTC).strftime("%Y-%m-%d")


def _day_start(name: str) -> int:
    return int(datetime.strptime(name, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
