"""Statements of accounts, read from the trail: newest first for people, oldest first with running balances,
and by time span for reconciliation. Time is business time, epoch seconds; a period is [first, end)."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from marketplace.ledger.totals import INSTANT_MAX
from marketplace.shared.accounts import is_platform
from marketplace.shared.records import dataclass
from marketplace.storage.models import TrailItem
from marketplace.storage.trail import DAYS, day_of

POSITION_TIME_LENGTH = 12


@dataclass(frozen=True)
class StatementLine:
    """The posting of that `number` in its journal: minor units of `currency`, one of `debit` and `credit` is
    zero; `against` names the journal's other accounts, `about` the objects it happened to, `references` ids
    at Stripe."""

    position: str
    number: int
    journal_id: str
    event_id: str
    type: str
    at: int
    currency: str
    debit: int
    credit: int
    description: str
    references: tuple[str, ...]
    about: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True)
class Period:
    """[first, end), epoch seconds of business time; by default all there is."""

    first: int = 0
    end: int = INSTANT_MAX + 1


EVER = Period()
Lines = list[StatementLine]


def page(
    account: str, *, limit: int, before: str | None = None, period: Period = EVER
) -> tuple[Lines, str | None]:
    """Up to `limit` lines, newest first, and the position that the next page begins before."""
    end = before or position_of(period.end)
    lines = list(islice(_newest(account, position_of(period.first), end, page_size=limit + 1), limit + 1))
    return (lines[:limit], lines[limit - 1].position) if len(lines) > limit else (lines, None)


def page_onwards(
    account: str, *, limit: int, after: str | None = None, period: Period = EVER
) -> tuple[Lines, str | None]:
    """Up to `limit` lines, oldest first, and the position that the next page begins behind."""
    first = after or position_of(period.first)
    found = _oldest(account, first, position_of(period.end), page_size=limit + 2)
    lines = list(islice((line for line in found if line.position != after), limit + 1))
    return (lines[:limit], lines[limit - 1].position) if len(lines) > limit else (lines, None)


def span(account: str, first: str, end: str, *, consistent_read: bool = False) -> Iterator[StatementLine]:
    """The lines from the position `first` on and before `end`, oldest first."""
    return _oldest(account, first, end, consistent_read=consistent_read)


def oldest(account: str, *, limit: int) -> list[StatementLine]:
    """The first `limit` lines of a client's, worker's or contract's account."""
    return [_line(row) for row in TrailItem.query(account, limit=limit)]


def between(account: str, first: int, end: int) -> Iterator[StatementLine]:
    """The lines of a platform account in [first, end), epoch seconds of business time, day by day."""
    return _oldest(account, position_of(first), position_of(end), consistent_read=True)


def position_of(at: int) -> str:
    """Where the lines of that instant (epoch seconds) begin."""
    return f"{max(0, at):0{POSITION_TIME_LENGTH}d}"


def instant_of(position: str) -> int:
    """The instant (epoch seconds) of a line there."""
    return int(position[:POSITION_TIME_LENGTH])


def _newest(account: str, first: str, end: str, **how: Any) -> Iterator[StatementLine]:
    for partition in _partitions(account, first, end, scan_index_forward=False):
        rows = TrailItem.query(
            partition, TrailItem.position.between(first, end), scan_index_forward=False, **how
        )
        yield from (_line(row) for row in rows if row.position != end)


def _oldest(account: str, first: str, end: str, **how: Any) -> Iterator[StatementLine]:
    consistent = {"consistent_read": how.get("consistent_read", False)}
    for partition in _partitions(account, first, end, **consistent):
        rows = TrailItem.query(partition, TrailItem.position.between(first, end), **how)
        yield from (_line(row) for row in rows if row.position != end)


def _partitions(account: str, first: str, end: str, **how: Any) -> Iterator[str]:
    """Where the account's lines of that span stand, in the order that `how` asks for."""
    if not is_platform(account):
        yield account
        return
    days = TrailItem.position.between(_day(first), _day(end))
    for row in TrailItem.query(f"{account}|{DAYS}", days, **how):
        yield f"{account}|{row.position}"


def _day(position: str) -> str:
    return day_of(instant_of(position))


def _line(row: TrailItem) -> StatementLine:
    body = json.loads(row.body)
    return StatementLine(
        position=row.position,
        number=int(row.position.rpartition("#")[2]),
        journal_id=body["journal"],
        event_id=body["event"],
        type=body["type"],
        at=body["at"],
        currency=body["currency"],
        debit=body["debit"],
        credit=body["credit"],
        description=body["description"],
        references=tuple(body["references"]),
        about=tuple(body["about"]),
        against=tuple(body["against"]),
    )
