"""Whom to look at for a task, at a cost that does not depend on how many workers there are.

    a task for a pool                    the pool's members
    a task that asks for qualifications  who holds the first of them
    any other                            the lists of `worker_index`, newcomers and others, from a place on
                                         that is the task's own, and another one every day

At most ROWS_MAX rows of a list are looked at; of them the best by what rows tell are read.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from marketplace.compliance.holding import Holding
from marketplace.matching.hiring import Sought, profile_points
from marketplace.matching.recruiting import KNOWN, NEW, Facts, begin_at, terms_wanted
from marketplace.people.pool import alumni_pool_id, pool_of
from marketplace.people.pool_member import Alumnus, PoolMember, PoolMemberStatus
from marketplace.storage.keys import CLIENT_ALUMNI, POOL_MEMBERS, QUALIFICATION_HOLDINGS, Listing
from marketplace.storage.models import TrailItem
from marketplace.storage.reads import Reads
from marketplace.storage.worker_index import load_facts, partition
from marketplace.work.task import Task

ROWS_MAX = 100
READ_MAX = {KNOWN: 40, NEW: 20}
"""So many of each are read, more of the one where there are fewer of the other."""
CANDIDATES_MAX = sum(READ_MAX.values())


def candidates(reads: Reads, task: Task, sought: Sought) -> list[str]:
    """The ids of up to CANDIDATES_MAX workers who are worth reading."""
    pool_id, wanted = pool_of(task.visibility), task.requirements.qualifications
    if pool_id is not None and pool_id == alumni_pool_id(task.client_id):
        return _listed(reads, CLIENT_ALUMNI, Alumnus, task.client_id)
    if pool_id is not None:
        return _listed(reads, POOL_MEMBERS, PoolMember, f"{pool_id}#{PoolMemberStatus.MEMBER}")
    if wanted:
        return _listed(reads, QUALIFICATION_HOLDINGS, Holding, wanted[0])
    known, new = (_best(task, sought, audience) for audience in (KNOWN, NEW))
    fewer = max(0, READ_MAX[KNOWN] - len(known)), max(0, READ_MAX[NEW] - len(new))
    return known[: READ_MAX[KNOWN] + fewer[1]] + new[: READ_MAX[NEW] + fewer[0]]


def _listed(reads: Reads, items: Listing[Any], kind: type[Any], key: str) -> list[str]:
    """The workers of a list's newest aggregates."""
    places = reads.places(items, key, limit=CANDIDATES_MAX)
    found = reads.by_id(kind, [identifier for _, identifier in places])
    return [found[identifier].worker_id for _, identifier in places if identifier in found]


def _best(task: Task, sought: Sought, audience: str) -> list[str]:
    """The best by what rows tell; of equals, those that come first from where the look begins."""
    countries = task.requirements.countries
    rows = dict(
        row for term in terms_wanted(task) for row in _round(partition(audience, term), begin_at(sought))
    )
    fitting = [
        (profile_points(sought, facts.profile), position)
        for position, facts in rows.items()
        if not countries or facts.country in countries
    ]
    begins = begin_at(sought)
    fitting.sort(key=lambda row: (-row[0], row[1] < begins, row[1]))
    return [position.partition("#")[2] for _, position in fitting]


def _round(about: str, begins: str) -> Iterator[tuple[str, Facts]]:
    """Up to ROWS_MAX of a list from there on, and from its start where it ends."""
    first = list(_rows(about, TrailItem.position >= begins))
    yield from first
    yield from islice(_rows(about, TrailItem.position < begins), ROWS_MAX - len(first))


def _rows(about: str, condition: Any) -> Iterable[tuple[str, Facts]]:
    found = TrailItem.query(about, condition, limit=ROWS_MAX, page_size=ROWS_MAX)
    return ((item.position, load_facts(item.body)) for item in found)
