"""Looking for tasks in the lists of `feed_index`, newest first, at a cost that does not depend on how many
tasks are open.

Each audience of a worker gives one stream of rows: of the lists that hold all there is to find, the one that
is sparsest where the page begins, since its first rows reach furthest back. The streams are merged by
position; rows whose facts do not fit are passed over, the tasks of the others are read. Whatever is looked
for, at most ROWS_MAX rows and TASKS_MAX tasks are looked at: then the page is short, and its cursor goes on
from there.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from itertools import islice

from marketplace.matching.search import Facts, Wanted, facts_of
from marketplace.shared.records import dataclass
from marketplace.storage.feed_index import load_facts, partition
from marketplace.storage.keys import INVITED_TO
from marketplace.storage.models import TrailItem
from marketplace.storage.reads import Reads
from marketplace.work.task import PUBLIC, Task

ROWS_MAX = 600
TASKS_MAX = 200
PROBES_MAX = 4
"""So many lists are compared, at most."""
PROBE_ROWS = 40
PAGE_ROWS = 100

Keep = Callable[[list[Task]], list[Task]]
"""Those of these tasks that the worker may bid on, in the same order."""


@dataclass(frozen=True)
class Row:
    """A task by its position; without facts it has to be read to know whether it fits."""

    task_id: str
    facts: Facts | None


@dataclass(frozen=True)
class Audience:
    """Where a worker looks: `pools` are visibilities; `worker_id` is set to look through its invitations."""

    public: bool = True
    pools: tuple[str, ...] = ()
    worker_id: str | None = None


@dataclass
class Found:
    """`tasks` newest first; `last` is the position up to which was looked, None when that was everything."""

    tasks: list[Task] = field(default_factory=list)
    last: str | None = None


@dataclass(frozen=True)
class Search:
    """One look. `skills` (as they are compared) narrow it to tasks with any of them, `without` to tasks with
    none of them; positions below `before` and from `least` on."""

    audience: Audience
    wanted: Wanted
    before: str | None = None
    least: str = ""
    skills: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def fits(self, row: Row) -> bool:
        """Whether the task is worth reading."""
        if row.facts is None:
            return True
        return self._by_skill(row.facts.skills) and self.wanted.keeps(row.facts)

    def passes(self, task: Task) -> bool:
        """Whether the task is what is looked for."""
        return self.wanted.passes(task) and (
            not (self.skills or self.without) or self._by_skill(facts_of(task).skills)
        )

    def _by_skill(self, asked: Sequence[str]) -> bool:
        has = not self.skills or any(skill in asked for skill in self.skills)
        return has and not any(skill in asked for skill in self.without)


def look(reads: Reads, search: Search, *, limit: int, keep: Keep, rows_max: int = ROWS_MAX) -> Found:
    """Up to `limit` tasks that pass, as far as the bounds allow."""
    passes_over = search.wanted.is_narrow or search.without
    rows, found = _rows(reads, search, PAGE_ROWS if passes_over else limit + 1), Found()
    looked = read = 0
    while looked < rows_max and read < TASKS_MAX:
        room = limit - len(found.tasks)
        taken = _taken(rows, search, room + 1, rows_max - looked)
        if not taken:
            return Found(found.tasks)
        fitting = [row.task_id for row in taken if search.fits(row)]
        passing = _passing(reads, search, fitting, keep)
        looked, read = looked + len(taken), read + len(fitting)
        found.tasks += passing[:room]
        found.last = taken[-1].task_id
        if len(passing) > room:
            found.last = found.tasks[-1].id
            break
    return found


def _taken(rows: Iterator[Row], search: Search, fitting: int, most: int) -> list[Row]:
    """The next rows, until so many of them fit or there were `most`."""
    taken = list[Row]()
    for row in islice(rows, most):
        taken.append(row)
        fitting -= search.fits(row)
        if not fitting:
            break
    return taken


def _passing(reads: Reads, search: Search, ids: list[str], keep: Keep) -> list[Task]:
    heads = reads.by_id(Task, ids)
    tasks = [heads[identifier] for identifier in ids if identifier in heads]
    return keep([task for task in tasks if search.passes(task)])


def _rows(reads: Reads, search: Search, size: int) -> Iterator[Row]:
    """Every row of every stream, newest first, each task once; lists are read `size` rows at once."""
    audience = search.audience
    streams = [_stream(PUBLIC, search, size)] if audience.public else []
    streams += [_stream(pool, search, size) for pool in audience.pools]
    if audience.worker_id is not None:
        streams.append(_invited(reads, audience.worker_id, search.before))
    seen = ""
    for row in heapq.merge(*streams, key=lambda row: row.task_id, reverse=True):
        if row.task_id < search.least:
            return
        if row.task_id != seen:
            seen = row.task_id
            yield row


def _stream(audience: str, search: Search, size: int) -> Iterator[Row]:
    terms = search.wanted.terms()[:PROBES_MAX]
    if search.skills:
        lists = [_list(partition(audience, f"skill:{skill}"), search.before, size) for skill in search.skills]
        yield from heapq.merge(*lists, key=lambda row: row.task_id, reverse=True)
    elif len(terms) == 1:
        yield from _list(partition(audience, terms[0]), search.before, size)
    else:
        yield from min((_probe(partition(audience, term), search.before) for term in terms), key=_reach)


@dataclass
class _Probe(Iterable[Row]):
    """The first rows of a list, and how it goes on."""

    rows: list[Row]
    ends: bool
    rest: Iterator[Row]

    def __iter__(self) -> Iterator[Row]:
        yield from self.rows
        if not self.ends:
            yield from self.rest


def _reach(probe: _Probe) -> tuple[bool, int, str]:
    """A list that ends here is the shortest; of others, the one whose rows reach furthest back."""
    return (not probe.ends, len(probe.rows), probe.rows[-1].task_id if probe.rows else "")


def _probe(about: str, before: str | None) -> _Probe:
    rows = _list(about, before, PROBE_ROWS)
    first = list(islice(rows, PROBE_ROWS))
    return _Probe(first, len(first) < PROBE_ROWS, rows)


def _list(about: str, before: str | None, size: int) -> Iterator[Row]:
    """One list, page by page, as far as it is read."""
    while True:
        below = TrailItem.position < before if before else None
        found = TrailItem.query(about, below, scan_index_forward=False, limit=size, page_size=size)
        page = [Row(item.position, load_facts(item.body)) for item in found]
        yield from page
        if len(page) < size:
            return
        before = page[-1].task_id


def _invited(reads: Reads, worker_id: str, before: str | None) -> Iterator[Row]:
    while True:
        places = reads.places(INVITED_TO, worker_id, limit=PAGE_ROWS, before=before)
        yield from (Row(position.partition("#")[0], None) for position, _ in places)
        if len(places) < PAGE_ROWS:
            return
        before = places[-1][0]
