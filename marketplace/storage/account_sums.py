"""What an account adds up to before any line of its statement, without reading the statement from the start.

    {account}|sums    now and then: the sums of all lines before an instant (business time)
    {account}|late    the days into which lines came late, each with a fresh mark

One line in `EVERY` (by its hash) makes the account be summed up, to an instant `SETTLED_SECONDS` back. A line
that is projected more than `LATE_SECONDS` after its business time may belong before such an instant. So its
day is marked, *after* the line was written; and a sum carries the marks that were read *before* its lines
were, so that one that may lack a late line does not carry its mark and counts for nothing. Between the two
limits lies half an hour, in which no function lives: what is in time is never overtaken by a sum.

Platform accounts have no such sums: everybody posts to them, and the sealed sums of the ledger tell theirs.
"""

import hashlib
import json
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping

from marketplace.ledger.totals import Sides
from marketplace.shared.accounts import is_platform
from marketplace.shared.events import Event
from marketplace.storage import ledger, statements
from marketplace.storage.models import TrailItem
from marketplace.storage.statements import instant_of, position_of
from marketplace.storage.trail import day_of

EVERY = 50
LATE_SECONDS = 1_800
SETTLED_SECONDS = 3_600
_PAGE = 4

Sums = Mapping[str, Sides]
"""By currency."""


def before(account: str, position: str) -> Sums:
    """The sums of the account's lines before a position of its statement."""
    if is_platform(account):
        at = instant_of(position)
        sums = ledger.totals(at - 1).of_account(account)
        return plus(sums, statements.span(account, position_of(at), position))[0]
    return _summed(account, position)[0]


def at(account: str, instant: int) -> Sums:
    """The sums of what was posted up to `instant`, epoch seconds of business time, that second included."""
    if is_platform(account):
        return ledger.totals(instant).of_account(account)
    return before(account, position_of(instant + 1))


def keep_up(events: Iterable[Event], now: int) -> None:
    """Marks where lines came late and sums up accounts whose turn it is; the lines are there already. `now`
    is epoch seconds of business time."""
    posted = [
        (account, event.id, event.journal.at)
        for event in events
        if event.journal is not None
        for account in {posting.account for posting in event.journal.postings}
        if not is_platform(account)
    ]
    late = {(account, day_of(at)) for account, _, at in posted if at < now - LATE_SECONDS}
    for account, day in sorted(late):
        TrailItem(f"{account}|late", day, body=uuid.uuid4().hex).save()
    for account in sorted({account for account, event_id, _ in posted if _is_turn(account, event_id)}):
        sum_up(account, now - SETTLED_SECONDS)


def sum_up(account: str, until: int) -> None:
    """Keeps the sums of the lines before `until` (epoch seconds of business time), if that is news."""
    sums, added, marks = _summed(account, position_of(until), consistent_read=True)
    if added:
        plain = {currency: [sides.debits, sides.credits] for currency, sides in sums.items()}
        body = json.dumps({"sums": plain, "marks": marks}, separators=(",", ":"))
        TrailItem(f"{account}|sums", position_of(until), body=body).save()


def _is_turn(account: str, event_id: str) -> bool:
    return zlib.crc32(f"{account}{event_id}".encode()) % EVERY == 0


def _summed(account: str, position: str, *, consistent_read: bool = False) -> tuple[Sums, int, str]:
    """The sums before a position, how many lines were read for them, and the marks that were read first."""
    through = day_of(instant_of(position))
    marks = list(
        TrailItem.query(f"{account}|late", TrailItem.position <= through, consistent_read=consistent_read)
    )
    since, sums = "", dict[str, Sides]()
    for row in _kept(account, position, consistent_read=consistent_read):
        body = json.loads(row.body)
        if body["marks"] == _stamp(marks, row.position):
            since, sums = row.position, {name: Sides(*sides) for name, sides in body["sums"].items()}
            break
    lines = statements.span(account, since or position_of(0), position, consistent_read=consistent_read)
    return *plus(sums, lines), _stamp(marks, position)


def _kept(account: str, position: str, *, consistent_read: bool) -> Iterator[TrailItem]:
    """Sums up to that position, the newest first."""
    return iter(
        TrailItem.query(
            f"{account}|sums",
            TrailItem.position <= position_of(instant_of(position)),
            scan_index_forward=False,
            page_size=_PAGE,
            consistent_read=consistent_read,
        )
    )


def _stamp(marks: Iterable[TrailItem], position: str) -> str:
    """The marks of days up to that of a position, as one short text; empty where nothing came late."""
    through = day_of(instant_of(position))
    told = [f"{row.position}{row.body}" for row in marks if row.position <= through]
    return hashlib.sha256("".join(told).encode()).hexdigest()[:16] if told else ""


def plus(sums: Sums, lines: Iterable[statements.StatementLine]) -> tuple[Sums, int]:
    """Sums with these lines counted in, and how many those were."""
    added, whole = 0, dict(sums)
    for line in lines:
        whole[line.currency] = whole.get(line.currency, Sides()).plus(Sides(line.debit, line.credit))
        added += 1
    return whole, added
