"""The lists in which workers are found: always what workers are, and never dearer for being long."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from marketplace.matching.exploration import ring
from marketplace.matching.recruiting import KNOWN, NEW, Facts, profile_of_worker, sought_by, terms_of
from marketplace.matching.track import NEWCOMER_CONTRACTS, Course, Entry, Track
from marketplace.people.workers import Skill, Worker
from marketplace.shared.ids import new_id
from marketplace.shared.store import HeadChange
from marketplace.storage.commit import _Heads
from marketplace.storage.marks import Marks
from marketplace.storage.meter import Meter
from marketplace.storage.models import HeadItem, TrailItem
from marketplace.storage.tariff import Spent
from marketplace.storage.tracks import tell
from marketplace.storage.worker_index import dump_facts, keep_up, partition
from marketplace.storage.worker_search import CANDIDATES_MAX, ROWS_MAX
from marketplace.work.task import Task
from sandbox.system import System
from tests.bench import Bench
from tests.doors import knock
from tests.people import usd

FEW, MANY = ROWS_MAX + 10, 2 * ROWS_MAX
ROUND_TRIPS_MAX = 16


@pytest.fixture(scope="module")
def bench(system: System) -> Iterator[Bench]:
    with Bench(system) as bench:
        yield bench


def shown(worker_id: str, audience: str, terms: set[str]) -> set[str]:
    """Those of these terms under which the worker stands."""
    stands = f"{ring(worker_id):08x}#{worker_id}"
    found = (list(TrailItem.query(partition(audience, term), TrailItem.position == stands)) for term in terms)
    return {term for term, rows in zip(terms, found, strict=True) if rows}


def terms(bench: Bench, worker_id: str) -> set[str]:
    """The lists that the worker belongs into."""
    return set(terms_of(profile_of_worker(bench.read(Worker, worker_id))))


def test_the_lists_show_the_worker_as_it_is_whoever_keeps_them_up_at_the_same_time(bench: Bench) -> None:
    worker = bench.worker()
    every = terms(bench, worker.id)
    with ThreadPoolExecutor(6) as consumers:
        for number in range(NEWCOMER_CONTRACTS):
            skills = [{"name": f"skill {number}", "level": 3}]
            knock(worker.call("workers/me", {"skills": skills}, method="PATCH"))
            every |= terms(bench, worker.id)
            entry = Entry(f"con_{number}", number, 10_000, Course.COMPLETED)
            told = [consumers.submit(tell, worker.id, partial(Track.told, entry=entry)) for _ in range(3)]
            assert [one.result() for one in told] == [None] * len(told)
            kept = [consumers.submit(keep_up, bench.store, worker.id) for _ in range(6)]
            assert [one.result() for one in kept] == [None] * len(kept)
            stands, not_there = (NEW, KNOWN) if number + 1 < NEWCOMER_CONTRACTS else (KNOWN, NEW)
            assert shown(worker.id, stands, every) == terms(bench, worker.id)
            assert shown(worker.id, not_there, every) == set()


class Market:
    """A task, and so many newcomers and others who have what it asks for; every `second` has a further skill
    that it asks for. Only `real` ones of each are there to be read."""

    def __init__(self, bench: Bench, workers: int, *, second: int = 0, real: int = CANDIDATES_MAX) -> None:
        self.bench, self.client, self.ids = bench, bench.client(), set[str]()
        self.skills = [f"{part} {self.client.id[-8:]}" for part in ("one", "two")[: 2 if second else 1]]
        pay = {"model": "milestone", "budget": usd(5_000)}
        body = {"title": "Chat", "description": "", "category": "cx", "pay": pay, "skills": self.skills}
        self.task = bench.read(Task, str(self.client.post("tasks", body)["id"]))
        self._make(bench.read(Worker, bench.worker().id), workers, second, real)

    def _make(self, like: Worker, workers: int, second: int, real: int) -> None:
        begins = ring(sought_by(self.task, self.bench.runtime.clock.now()).seed)
        heads = _Heads(Marks(), self.bench.runtime.settings.due_partitions)
        with HeadItem.batch_write() as batch, TrailItem.batch_write() as trail:
            for number in range(workers):
                names = self.skills if second and number % second == 0 else self.skills[:1]
                model = replace(like, skills=tuple(Skill(name, 3) for name in names))
                for audience in (KNOWN, NEW):
                    worker = replace(model, id=new_id("wrk"))
                    if number < real:
                        batch.save(heads.put(HeadChange(worker), None)[0])
                        self.ids.add(worker.id)
                    facts = dump_facts(Facts(model.country, profile_of_worker(model)))
                    stands = f"{(begins + number) % 2**32:08x}#{worker.id}"
                    for name in names:
                        trail.save(TrailItem(partition(audience, f"skill:{name}"), stands, body=facts))

    def pages(self) -> Iterator[list[str]]:
        """The workers of each page of all."""
        cursor = ""
        while True:
            page = self.client.get(f"tasks/{self.task.id}/matches?limit=40{cursor}")
            yield [row["worker_id"] for row in page["data"]]
            if page["next_cursor"] is None:
                return
            cursor = f"&cursor={page['next_cursor']}"

    def cost(self) -> Spent:
        with Meter(self.bench.store.connection.client) as meter:
            self.rows = self.client.get(f"tasks/{self.task.id}/matches?limit=100")["data"]
        return meter.spent


def test_a_look_costs_the_same_however_many_workers_there_are(bench: Bench) -> None:
    few, many = Market(bench, FEW), Market(bench, MANY)
    cost = many.cost()
    assert few.cost() == cost
    assert len(many.rows) == CANDIDATES_MAX
    assert cost.round_trips <= ROUND_TRIPS_MAX


def test_pages_go_on_until_everybody_was_shown_once_whatever_lists_they_stand_in(bench: Bench) -> None:
    market = Market(bench, FEW, second=2, real=FEW)
    pages = list(market.pages())
    every = [worker_id for page in pages for worker_id in page]
    assert len(every) == len(set(every))
    assert set(every) == market.ids
    assert len(pages) <= 4 * len(every) // CANDIDATES_MAX
