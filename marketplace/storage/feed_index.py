"""The lists in which open tasks are found, kept by the matching queue (`term_lists`).

feed|{audience}|{term}   a row for each open task of that audience (`public`, or `pool:{id}`) with that
                         term; its position is the task's id, its body the task's facts
"""

import json
from dataclasses import asdict
from decimal import Decimal

from marketplace.matching.search import Facts, facts_of, terms_of
from marketplace.storage.store import DynamoStore
from marketplace.storage.term_lists import NO_ROWS, Rows, TermLists
from marketplace.work.task import INVITED, Task, TaskStatus


def dump_facts(facts: Facts) -> str:
    """A row's body; what is empty is left out."""
    told = {name: value for name, value in asdict(facts).items() if value}
    return json.dumps(told | {"price": str(facts.price)}, separators=(",", ":"), ensure_ascii=False)


def load_facts(body: str) -> Facts:
    """The facts again."""
    told = json.loads(body)
    lists = {name: tuple(told.get(name, ())) for name in ("skills", "languages", "countries")}
    return Facts(told["model"], told["currency"], Decimal(told["price"]), **lists)


def _rows_of(store: DynamoStore, task_id: str) -> Rows:
    found = store.read(Task, task_id)
    if found is None or found[0].status != TaskStatus.OPEN or found[0].visibility == INVITED:
        return NO_ROWS
    task = found[0]
    return Rows(task.visibility, dump_facts(facts_of(task)), tuple(terms_of(task)))


_FEED = TermLists("feed", "fed", _rows_of)
keep_up, partition = _FEED.keep_up, _FEED.partition
