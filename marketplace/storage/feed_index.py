"""The lists in which open tasks are found: an inverted index in the trail, kept by the matching queue.

    feed|{audience}|{term}   a row for each open task of that audience (`public`, or `pool:{id}`) with that
                             term; its position is the task's id, its body the task's facts
    fed|{task}               which rows there are of one task, and their facts

A task's rows and the record of them change in one transaction, on condition that the record is what was read.
So the record is always true, whoever writes at the same time, twice, or late: what was decided on an older
task meets another record, or is looked at once more, since a look ends only when it finds nothing to do.
"""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from marketplace.matching.search import Facts, facts_of, terms_of
from marketplace.storage.models import TrailItem
from marketplace.storage.store import DynamoStore
from marketplace.work.task import INVITED, Task, TaskStatus

CHANGES_MAX = 90
"""Rows that change in one transaction; DynamoDB takes a hundred items."""
LOOKS_MAX = 12
BACKOFF_FIRST_SECONDS = 0.01
_RECORD = "rows"


class FeedContended(Exception):
    """Others change the same task's rows; it is looked at again later."""


@dataclass(frozen=True)
class _Rows:
    """Of one task: the terms under which it stands, and its facts as a row has them."""

    audience: str = ""
    facts: str = ""
    terms: tuple[str, ...] = ()

    def body(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)


_NO_ROWS = _Rows()


def partition(audience: str, term: str) -> str:
    """The list of an audience's open tasks with that term."""
    return f"feed|{audience}|{term}"


def keep_up(store: DynamoStore, task_id: str) -> None:
    """Makes the lists show the task as it is now. Raises FeedContended, StoreSilent."""
    for look in range(LOOKS_MAX):
        if _looked(store, task_id):
            return
        time.sleep(random.uniform(0, BACKOFF_FIRST_SECONDS * look))  # noqa: S311  spreads retries
    raise FeedContended(task_id)


def dump_facts(facts: Facts) -> str:
    """A row's body; what is empty is left out."""
    told = {name: value for name, value in asdict(facts).items() if value}
    return json.dumps(told | {"price": str(facts.price)}, separators=(",", ":"), ensure_ascii=False)


def load_facts(body: str) -> Facts:
    """The facts again."""
    told = json.loads(body)
    lists = {name: tuple(told.get(name, ())) for name in ("skills", "languages", "countries")}
    return Facts(told["model"], told["currency"], Decimal(told["price"]), **lists)


def _looked(store: DynamoStore, task_id: str) -> bool:
    """Whether there was nothing to do. The record is read before the task, so the task is never the older."""
    record = next(iter(TrailItem.query(f"fed|{task_id}", consistent_read=True, limit=1)), None)
    before = _Rows(**_lists_to_tuples(json.loads(record.body))) if record else _NO_ROWS
    found = store.read(Task, task_id)
    wanted = _rows_of(found[0]) if found else _NO_ROWS
    changes = list(islice(_changes(before, wanted), CHANGES_MAX))
    if not changes:
        return True
    _change(store, task_id, record, before, wanted, changes)
    return False


def _rows_of(task: Task) -> _Rows:
    if task.status != TaskStatus.OPEN or task.visibility == INVITED:
        return _NO_ROWS
    return _Rows(task.visibility, dump_facts(facts_of(task)), tuple(terms_of(task)))


def _changes(before: _Rows, wanted: _Rows) -> Iterator[tuple[str, bool]]:
    """(term, whether its row goes), what goes first. Rows of another audience or of other facts go all of
    them before any comes."""
    same = (before.audience, before.facts) == (wanted.audience, wanted.facts)
    staying = set(wanted.terms) if same else set()
    going = [term for term in before.terms if term not in staying]
    yield from ((term, True) for term in going)
    if same or not before.terms:
        yield from ((term, False) for term in wanted.terms if term not in before.terms)


def _change(
    store: DynamoStore,
    task_id: str,
    record: TrailItem | None,
    before: _Rows,
    wanted: _Rows,
    changes: list[tuple[str, bool]],
) -> None:
    """All of these changes, or nothing where somebody was faster."""
    gone = {term for term, goes in changes if goes}
    come = tuple(term for term, goes in changes if not goes)
    frame = wanted if come else before
    after = _Rows(frame.audience, frame.facts, (*(t for t in before.terms if t not in gone), *come))
    condition = TrailItem.about.does_not_exist() if record is None else TrailItem.body == record.body
    try:
        with TransactWrite(connection=store.connection) as transaction:
            if after.terms:
                item = TrailItem(f"fed|{task_id}", _RECORD, body=after.body())
                transaction.save(item, condition=condition)
            else:
                transaction.delete(TrailItem(f"fed|{task_id}", _RECORD), condition=condition)
            for term in gone:
                transaction.delete(TrailItem(partition(before.audience, term), task_id))
            for term in come:
                transaction.save(TrailItem(partition(wanted.audience, term), task_id, body=wanted.facts))
    except TransactWriteError as refused:
        if not refused.cancellation_reasons:
            raise


def _lists_to_tuples(told: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
