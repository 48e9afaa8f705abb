"""Counts and times the feed of open tasks at growing sizes, on the local cloud, at the doors without HTTP.

python -m benchmarks.feed [SIZES ...]      1000 and 10000 unless said; up to 200000

Made straight in the tables: every row of the lists that are looked through, and the newest tasks, which are
all that is read. What AWS bills and what our own process does (CPU) are the figures that must not grow. The
time on the clock is the local cloud's, which sorts a whole partition for each query, as DynamoDB does not.
"""

import sys
import time
from collections.abc import Sequence
from itertools import islice
from statistics import median

from marketplace.matching.search import facts_of, terms_of
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.storage import codec
from marketplace.storage.feed import TASKS_MAX
from marketplace.storage.feed_index import dump_facts, partition
from marketplace.storage.meter import Meter
from marketplace.storage.models import HeadItem, TrailItem
from marketplace.storage.tariff import Spent
from marketplace.work.task import PUBLIC, Task, TaskStatus
from marketplace.work.terms import Pay, PayModel
from sandbox.system import System
from tests.bench import Bench, Person

SIZES = (1_000, 10_000)
SIZE_MAX = 200_000
CALLS = 9
HEADS = 2 * TASKS_MAX
"""No look reads more tasks than that, of those that it finds in one list."""
SKILLS, LANGUAGES, NEEDLES = 10, 5, 97
PAY_STEP = 6_181
"""Minor units from one task to the next: those that pay well stand as densely anywhere."""
QUERIES = {
    "newest": "limit=20",
    "by skill": "skill=skill7",
    "by skill and language": "skill=skill7&language=l2",
    "a rare word": "q=needle",
    "pay floor": "pay_floor=9000&currency=USD",
    "best match": "order=best&limit=20",
}
LISTS = ("all", "skill:skill1", "skill:skill7", "language:l2", "word:needle")
_HEAD = (
    f"{'look':<24}{'open tasks':>12}{'round trips':>13}{'read units':>12}{'our CPU ms':>12}{'clock ms':>10}"
)


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 where a look costs more at one size than at another."""
    sizes = [int(text) for text in arguments] or list(SIZES)
    if max(sizes) > SIZE_MAX:
        print(f"at most {SIZE_MAX}")
        return 2
    told: dict[str, set[Spent]] = {name: set() for name in QUERIES}
    with System() as system, Bench(system) as bench:
        worker, made = _worker(bench), 0
        print(_HEAD)
        for size in sorted(sizes):
            _make(range(made, size))
            made = size
            for name, query in QUERIES.items():
                told[name].add(_look(bench, worker, name, query, size))
    dearer = [name for name, costs in told.items() if len({cost.round_trips for cost in costs}) > 1]
    print("every look costs the same at each size" if not dearer else f"not the same: {', '.join(dearer)}")
    return 1 if dearer else 0


def _worker(bench: Bench) -> Person:
    worker = bench.person("worker")
    skills = [{"name": f"skill{number}", "level": 3} for number in (1, 7)]
    body = {"name": "Ada", "country": "US", "languages": ["l2"], "skills": skills, "headline": "Agent"}
    worker.id = worker.post("workers", body)["id"]
    return worker


def _make(numbers: range) -> None:
    tasks = (_task(number) for number in numbers)
    while some := list(islice(tasks, 1_000)):
        with HeadItem.batch_write() as heads, TrailItem.batch_write() as trail:
            for task in some:
                if _is_read(task, numbers.stop):
                    heads.save(HeadItem(task.id, version=1, body=codec.head_body(task, ()), position=task.id))
                facts = dump_facts(facts_of(task))
                for term in set(LISTS) & set(terms_of(task)):
                    trail.save(TrailItem(partition(PUBLIC, term), task.id, body=facts))


def _is_read(task: Task, size: int) -> bool:
    number = int(task.category)
    newest = number >= size - HEADS
    return newest or "needle" in task.title or (number > size - HEADS * SKILLS and number % SKILLS in (1, 7))


def _task(number: int) -> Task:
    title = "a needle" if number % NEEDLES == 0 else "chat support"
    return Task(
        id=new_id("task"),
        client_id="cli_benchmark",
        title=title,
        description="",
        category=str(number),
        skills=(f"skill{number % SKILLS}",),
        languages=(f"l{number % LANGUAGES}",),
        pay=Pay(PayModel.MILESTONE, budget=Money(1_000 + number * PAY_STEP % 10_000, "USD")),
        seats=1,
        seats_left=1,
        visibility=PUBLIC,
        created_at=int(time.time()),
        status=TaskStatus.OPEN,
    )


def _look(bench: Bench, worker: Person, name: str, query: str, size: int) -> Spent:
    path = f"tasks?{query}"
    worker.get(path)
    with Meter(bench.store.connection.client) as meter:
        worker.get(path)
    spans = sorted(_timed(worker, path) for _ in range(CALLS))
    cpu_ms, clock_ms = (median(each) for each in zip(*spans, strict=True))
    units = meter.spent.read_units + meter.spent.index_read_units
    told = f"{name:<24}{size:>12,}{meter.spent.round_trips:>13}{units:>12.1f}"
    print(f"{told}{cpu_ms:>12.1f}{clock_ms:>10.1f}")
    return meter.spent


def _timed(worker: Person, path: str) -> tuple[float, float]:
    """Milliseconds of our CPU, and on the clock."""
    begun, worked = time.perf_counter(), time.thread_time()
    worker.get(path)
    return (time.thread_time() - worked) * 1_000, (time.perf_counter() - begun) * 1_000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
