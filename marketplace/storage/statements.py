"""Statements of accounts, read from the trail: newest first for people, by time span for reconciliation."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.shared.accounts import is_platform
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


def page(account: str, *, limit: int, before: str | None = None) -> tuple[list[StatementLine], str | None]:
    """Up to `limit` lines, newest first, and the position that the next page begins before."""
    lines: list[StatementLine] = []
    for partition in _partitions(account, before):
        rows = TrailItem.query(
            partition,
            TrailItem.position < before if before else None,
            scan_index_forward=False,
            limit=limit + 1 - len(lines),
            page_size=limit + 1,
        )
        lines += [_line(row) for row in rows]
        if len(lines) > limit:
            return lines[:limit], lines[limit - 1].position
    return lines, None


def oldest(account: str, *, limit: int) -> list[StatementLine]:
    """The first `limit` lines of a client's, worker's or contract's account."""
    return [_line(row) for row in TrailItem.query(account, limit=limit)]


def between(account: str, first: int, end: int) -> Iterator[StatementLine]:
    """The lines of a platform account in [first, end), epoch seconds of business time, day by day."""
    days = TrailItem.query(
        f"{account}|{DAYS}", TrailItem.position.between(day_of(first), day_of(end)), consistent_read=True
    )
    for day in days:
        rows = TrailItem.query(
            f"{account}|{day.position}",
            TrailItem.position.between(_position(first), _position(end)),
            consistent_read=True,
        )
        yield from map(_line, rows)


def _partitions(account: str, before: str | None) -> Iterator[str]:
    """Where the account's lines stand, the newest first."""
    if not is_platform(account):
        yield account
        return
    last = day_of(int(before[:POSITION_TIME_LENGTH])) if before else None
    days = TrailItem.query(
        f"{account}|{DAYS}", TrailItem.position <= last if last else None, scan_index_forward=False
    )
    for day in days:
        yield f"{account}|{day.position}"


def _position(at: int) -> str:
    return f"{max(0, at):0{POSITION_TIME_LENGTH}d}"


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
