"""Inverted indexes in the trail: lists by term, and a record for each thing of the rows that it has.

    {rows}|{audience}|{term}   a row for each thing of that audience with that term; its body is its facts
    {record}|{id}              which rows there are of one thing, and their facts

A thing's rows and the record of them change in one transaction, on condition that the record is what was
read. So the record is always true, whoever writes at the same time, twice, or late: what was decided on
something older meets another record, or is looked at once more, since a look ends only when it finds nothing
to do.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from marketplace.shared.patience import Patience
from marketplace.shared.records import dataclass
from marketplace.storage.models import TrailItem
from marketplace.storage.store import DynamoStore

CHANGES_MAX = 90
"""Rows that change in one transaction; DynamoDB takes a hundred items."""
PATIENCE = Patience(attempts_max=12, first_seconds=0.001, longest_seconds=0.1)
"""A look that changed something is followed by another, so the first wait is hardly one."""
_RECORD = "rows"


class ListsContended(Exception):
    """Others change the same thing's rows; it is looked at again later."""


@dataclass(frozen=True)
class Rows:
    """Of one thing: the terms under which it stands, and its facts as a row has them."""

    audience: str = ""
    facts: str = ""
    terms: tuple[str, ...] = ()

    def body(self) -> str:
        """The record's JSON."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)


NO_ROWS = Rows()


@dataclass(frozen=True)
class TermLists:
    """One family of lists. `wanted` reads a thing and says which rows there should be; `position` is where an
    id stands in its lists."""

    rows: str
    record: str
    wanted: Callable[[DynamoStore, str], Rows]
    position: Callable[[str], str] = str

    def partition(self, audience: str, term: str) -> str:
        """The list of an audience's things with that term."""
        return f"{self.rows}|{audience}|{term}"

    def keep_up(self, store: DynamoStore, identifier: str) -> None:
        """Makes the lists show the thing as it is now. Raises ListsContended, StoreSilent."""
        for _ in PATIENCE.attempts():
            if self._looked(store, identifier):
                return
        raise ListsContended(identifier)

    def _looked(self, store: DynamoStore, identifier: str) -> bool:
        """Whether there was nothing to do. The record is read before the thing, so the thing is never the
        older."""
        about = f"{self.record}|{identifier}"
        record = next(iter(TrailItem.query(about, consistent_read=True, limit=1)), None)
        before = Rows(**_lists_to_tuples(json.loads(record.body))) if record else NO_ROWS
        wanted = self.wanted(store, identifier)
        changes = list(islice(_changes(before, wanted), CHANGES_MAX))
        if changes:
            self._change(store, identifier, record, before, wanted, changes)
        return not changes

    def _change(
        self,
        store: DynamoStore,
        identifier: str,
        record: TrailItem | None,
        before: Rows,
        wanted: Rows,
        changes: list[tuple[str, bool]],
    ) -> None:
        """All of these changes, or nothing where somebody was faster."""
        gone = {term for term, goes in changes if goes}
        come = tuple(term for term, goes in changes if not goes)
        frame = wanted if come else before
        after = Rows(frame.audience, frame.facts, (*(t for t in before.terms if t not in gone), *come))
        condition = TrailItem.about.does_not_exist() if record is None else TrailItem.body == record.body
        about, position = f"{self.record}|{identifier}", self.position(identifier)
        try:
            with TransactWrite(connection=store.connection) as transaction:
                if after.terms:
                    transaction.save(TrailItem(about, _RECORD, body=after.body()), condition=condition)
                else:
                    transaction.delete(TrailItem(about, _RECORD), condition=condition)
                for term in gone:
                    transaction.delete(TrailItem(self.partition(before.audience, term), position))
                for term in come:
                    row = TrailItem(self.partition(wanted.audience, term), position, body=wanted.facts)
                    transaction.save(row)
        except TransactWriteError as refused:
            if not refused.cancellation_reasons:
                raise


def _changes(before: Rows, wanted: Rows) -> Iterator[tuple[str, bool]]:
    """(term, whether its row goes), what goes first. Rows of another audience or of other facts go all of
    them before any comes."""
    same = (before.audience, before.facts) == (wanted.audience, wanted.facts)
    staying = set(wanted.terms) if same else set()
    going = [term for term in before.terms if term not in staying]
    yield from ((term, True) for term in going)
    if same or not before.terms:
        yield from ((term, False) for term in wanted.terms if term not in before.terms)


def _lists_to_tuples(told: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
