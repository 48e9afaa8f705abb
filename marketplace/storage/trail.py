"""The projection of events: what happened to an object, and the statement of an account, line by line.

    {id}                      the history of an object, request, event or id at Stripe
    {account}                 the statement of a client's, worker's or contract's account
    {account}|{yyyy-mm-dd}    a day (business time, UTC) of a platform account's statement: those are hot
    {account}|days            which days those are
    privileged...             what staff did (privileged.py)

Rows are sorted by business time (the event's, or the journal's), then by the machine's time of the commit.
Every row derives from its event and nothing else, so an event that is projected twice, or late, or out of
order, leaves the same rows.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from marketplace.ledger.totals import INSTANT_MAX
from marketplace.shared.accounts import is_platform
from marketplace.shared.events import Event
from marketplace.shared.patience import Patience
from marketplace.shared.records import dataclass
from marketplace.storage import privileged
from marketplace.storage.connection import SharedConnection
from marketplace.storage.models import TrailItem

BATCH_MAX = 25
PATIENCE = Patience(attempts_max=8, first_seconds=0.1, longest_seconds=6.4)
DAYS = "days"


class ProjectionThrottled(Exception):
    """The table took only a part of the rows; the event is projected again later."""


@dataclass(frozen=True)
class HistoryLine:
    """An event in the history of something."""

    event_id: str
    type: str
    at: int


def project(connection: SharedConnection, events: Iterable[Event]) -> None:
    """Writes every row of `events`. Raises ProjectionThrottled."""
    rows = {(about, position): body for event in events for about, position, body in rows_of(event)}
    items = [TrailItem(about, position, body=body) for (about, position), body in rows.items()]
    for start in range(0, len(items), BATCH_MAX):
        _write(connection, [item.serialize() for item in items[start : start + BATCH_MAX]])


def history(identifier: str, *, limit: int, newest_first: bool = False) -> list[HistoryLine]:
    """Up to `limit` of what happened to it."""
    rows = TrailItem.query(identifier, scan_index_forward=not newest_first, limit=limit, page_size=limit)
    return [_history_line(json.loads(row.body)) for row in rows]


def day_of(at: int) -> str:
    """`2026-11-22` of an instant (epoch seconds), UTC; the last day there is for later ones."""
    return datetime.fromtimestamp(min(at, INSTANT_MAX), UTC).strftime("%Y-%m-%d")


def partition_of(account: str, at: int) -> str:
    """Where the statement rows of `account` at that instant stand."""
    return f"{account}|{day_of(at)}" if is_platform(account) else account


def _history_line(row: dict[str, Any]) -> HistoryLine:
    return HistoryLine(row["event"], row["type"], row["at"])


def rows_of(event: Event) -> Iterator[tuple[str, str, str]]:
    """(about, position, body) of every row."""
    position = _position(event, event.at)
    happened = _json({"event": event.id, "type": event.type.value, "at": event.at})
    references = event.journal.references if event.journal else ()
    for about in (*event.about, event.request_id, event.caused_by, *references):
        if about:
            yield about, position, happened
    yield from statement_rows(event)
    yield from privileged.rows_of(event, position)


def statement_rows(event: Event) -> Iterator[tuple[str, str, str]]:
    """(about, position, body) of the lines of its journal, if it has one."""
    journal = event.journal
    if journal is None:
        return
    position = _position(event, journal.at)
    accounts = list(dict.fromkeys(posting.account for posting in journal.postings))
    for number, posting in enumerate(journal.postings):
        line = {
            "journal": journal.id,
            "event": event.id,
            "type": event.type.value,
            "at": journal.at,
            "currency": journal.currency,
            "debit": posting.debit,
            "credit": posting.credit,
            "description": journal.description,
            "references": journal.references,
            "about": event.about,
            "against": [account for account in accounts if account != posting.account],
        }
        yield partition_of(posting.account, journal.at), f"{position}#{number:02d}", _json(line)
        if is_platform(posting.account):
            yield f"{posting.account}|{DAYS}", day_of(journal.at), "{}"


def _position(event: Event, at: int) -> str:
    return f"{at:012d}#{event.written_ms:013d}#{event.id}"


def _write(connection: SharedConnection, puts: Sequence[dict[str, Any]]) -> None:
    """One batch; what the table did not take is sent again, each time later. Raises ProjectionThrottled."""
    table = TrailItem.Meta.table_name
    waiting = [{"PutRequest": {"Item": put}} for put in puts]
    for _ in PATIENCE.attempts():
        answer = connection.dispatch("BatchWriteItem", {"RequestItems": {table: waiting}})
        waiting = answer.get("UnprocessedItems", {}).get(table, [])
        if not waiting:
            return
    raise ProjectionThrottled(f"{len(waiting)} rows were not taken")


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, separators=(",", ":"))
