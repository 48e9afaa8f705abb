"""The lists in which tasks are found: always what the tasks are, and never dearer for being long."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from marketplace.matching.search import facts_of, terms_of
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.store import HeadChange
from marketplace.storage.commit import _Heads
from marketplace.storage.feed import ROWS_MAX, TASKS_MAX
from marketplace.storage.feed_index import dump_facts, keep_up, partition
from marketplace.storage.marks import Marks
from marketplace.storage.meter import Meter
from marketplace.storage.models import HeadItem, TrailItem
from marketplace.storage.tariff import Spent
from marketplace.work.task import PUBLIC, Task
from sandbox.system import System
from tests.bench import Bench, Person
from tests.doors import knock
from tests.people import usd

FEW, MANY = ROWS_MAX + 20, 2 * ROWS_MAX
READ_MAX = 2 * TASKS_MAX
"""No look reads more tasks than that: the others' heads are not made."""
ROUND_TRIPS_MAX = 16
LABELS_MAX = 50


@pytest.fixture(scope="module")
def bench(system: System) -> Iterator[Bench]:
    with Bench(system) as bench:
        yield bench


def posted(client: Person, **more: Any) -> str:
    pay = {"model": "milestone", "budget": usd(5_000)}
    body = {"title": "Chat", "description": "Evenings", "category": "cx", "pay": pay, **more}
    task_id = str(client.post("tasks", body)["id"])
    client.post(f"tasks/{task_id}/publish")
    return task_id


def shown(task_id: str, terms: set[str]) -> set[str]:
    """Those of these terms under which the task stands."""
    found = (list(TrailItem.query(partition(PUBLIC, term), TrailItem.position == task_id)) for term in terms)
    return {term for term, rows in zip(terms, found, strict=True) if rows}


def test_the_lists_show_the_task_as_it_is_whoever_keeps_them_up_at_the_same_time(bench: Bench) -> None:
    client, worker = bench.client(), bench.worker()
    task_id = posted(client, skills=["chat"])
    every = set(terms_of(bench.read(Task, task_id)))
    with ThreadPoolExecutor(6) as consumers:
        for title in ("Refunds", "Chat again", "Calls"):
            knock(client.call(f"tasks/{task_id}", {"title": title}, method="PATCH"))
            every |= set(terms_of(bench.read(Task, task_id)))
            bid = worker.post(f"tasks/{task_id}/bids", {"price": usd(5_000), "message": ""})
            offer = client.post(f"bids/{bid['id']}/award")
            told = [consumers.submit(keep_up, bench.store, task_id) for _ in range(6)]
            worker.post(f"contracts/{offer['id']}/decline")
            told += [consumers.submit(keep_up, bench.store, task_id) for _ in range(2)]
            assert [one.result() for one in told] == [None] * len(told)
            assert shown(task_id, every) == set(terms_of(bench.read(Task, task_id)))
    client.post(f"tasks/{task_id}/close")
    keep_up(bench.store, task_id)
    assert shown(task_id, every) == set()
    assert list(TrailItem.query(f"fed|{task_id}")) == []


def test_a_task_may_have_more_terms_than_a_transaction_takes(bench: Bench) -> None:
    labels = [f"label{number}" for number in range(LABELS_MAX)]
    task_id = posted(bench.client(), skills=labels, languages=labels, description=" ".join(labels))
    keep_up(bench.store, task_id)
    terms = set(terms_of(bench.read(Task, task_id)))
    assert len(terms) > 100
    assert shown(task_id, terms) == terms


class Market:
    """So many open tasks of a skill of their own, one in ten of them paid little; and a worker."""

    def __init__(self, bench: Bench, tasks: int) -> None:
        self.bench = bench
        self.client, self.worker = bench.client(), bench.worker()
        self.skill = self.client.id[-8:]
        model = bench.read(Task, posted(self.client, skills=[self.skill], languages=["en"]))
        names = [new_id("task") for _ in range(tasks)]
        heads = _Heads(Marks(), bench.runtime.settings.due_partitions)
        with HeadItem.batch_write() as batch, TrailItem.batch_write() as trail:
            for number, name in enumerate(names):
                budget = Money(9_000 if number % 10 else 99, "USD")
                task = replace(model, id=name, pay=replace(model.pay, budget=budget))
                if number >= tasks - READ_MAX:
                    batch.save(heads.put(HeadChange(task), None)[0])
                for term in ("all", f"skill:{self.skill}", "language:en", "model:milestone"):
                    trail.save(TrailItem(partition(PUBLIC, term), name, body=dump_facts(facts_of(task))))

    def costs(self) -> dict[str, Spent]:
        """Each look, and what it costs."""
        cursor = self.worker.get("tasks?limit=50")["next_cursor"]
        queries = {
            "newest": "limit=20",
            "a later page": f"limit=50&cursor={cursor}",
            "by skill": f"skill={self.skill}",
            "by all": f"skill={self.skill}&language=en&model=milestone&pay_floor=99&currency=USD",
            "for more than there is": f"skill={self.skill}&pay_floor=9001&currency=USD",
            "in vain": f"skill={self.skill}&q=nowhere",
            "best": f"skill={self.skill}&order=best",
        }
        return {name: self.cost(query) for name, query in queries.items()}

    def cost(self, query: str) -> Spent:
        with Meter(self.bench.store.connection.client) as meter:
            self.worker.get(f"tasks?{query}")
        return meter.spent


def test_a_look_costs_the_same_however_many_tasks_are_open(bench: Bench) -> None:
    few = Market(bench, FEW)
    before = few.costs()
    many = Market(bench, MANY)
    after = many.costs()
    assert {name: (cost, after[name]) for name, cost in before.items() if cost != after[name]} == {}
    assert max(cost.round_trips for cost in after.values()) <= ROUND_TRIPS_MAX
    short = many.worker.get(f"tasks?skill={many.skill}&pay_floor=9001&currency=USD")
    assert short["data"] == []
    assert short["next_cursor"]
