"""Whom to look at for a task, at a cost that does not depend on how many workers there are.

    a task for a pool                    the pool's members
    a task that asks for qualifications  who holds the first of them
    any other                            the lists of `worker_index`, newcomers and others, from a place on
                                         that is the task's own, and another one every day

A round reads at most CANDIDATES_MAX of them, from at most ROWS_MAX rows of a list, those first that are best
by what rows tell; it says where the next one goes on.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from marketplace.compliance.holding import Holding
from marketplace.matching.hiring import Sought, profile_points
from marketplace.matching.recruiting import KNOWN, NEW, Facts, begin_at, end_of, terms_of, terms_wanted
from marketplace.matching.rounds import END, Round, is_seen, mixed, turned
from marketplace.people.pool import alumni_pool_id, pool_of
from marketplace.people.pool_member import Alumnus, PoolMember, PoolMemberStatus
from marketplace.shared.records import dataclass
from marketplace.storage.keys import CLIENT_ALUMNI, POOL_MEMBERS, QUALIFICATION_HOLDINGS, Listing
from marketplace.storage.models import TrailItem
from marketplace.storage.reads import Reads
from marketplace.storage.worker_index import load_facts, partition
from marketplace.work.task import Task

ROWS_MAX = 100
LISTED = "list"
CANDIDATES_MAX = 60
"""Two thirds of them have worked, more of the one where there are fewer of the other."""


@dataclass(frozen=True)
class Found:
    """The workers of one round, and where the next one begins; None when it would see nobody."""

    worker_ids: list[str]
    then: Round | None


def candidates(reads: Reads, task: Task, sought: Sought, at: Round) -> Found:
    """Up to CANDIDATES_MAX workers who are worth reading."""
    pool_id, wanted = pool_of(task.visibility), task.requirements.qualifications
    if pool_id is not None and pool_id == alumni_pool_id(task.client_id):
        return _listed(reads, CLIENT_ALUMNI, Alumnus, task.client_id, at)
    if pool_id is not None:
        return _listed(reads, POOL_MEMBERS, PoolMember, f"{pool_id}#{PoolMemberStatus.MEMBER}", at)
    if wanted:
        return _listed(reads, QUALIFICATION_HOLDINGS, Holding, wanted[0], at)
    known, new = (_Window(audience, task, sought, at) for audience in (KNOWN, NEW))
    every = list(mixed(known.best, new.best))
    upto = at.taken + CANDIDATES_MAX
    then = Round(at.reached, upto) if upto < len(every) else Round({**known.reached, **new.reached})
    return Found(every[at.taken : upto], None if then.is_over else then)


def _listed(reads: Reads, items: Listing[Any], kind: type[Any], key: str, at: Round) -> Found:
    """The workers of a list's newest aggregates."""
    before = at.reached.get(LISTED)
    places = reads.places(items, key, limit=CANDIDATES_MAX, before=before)
    found = reads.by_id(kind, [identifier for _, identifier in places])
    ids = [found[identifier].worker_id for _, identifier in places if identifier in found]
    more = len(places) == CANDIDATES_MAX
    return Found(ids, Round({LISTED: places[-1][0]}) if more else None)


class _Window:
    """Rows of the lists of one audience: `best` are the workers who were not met before, first the best by
    what rows tell, of equals those that come first from where the look begins; `reached` is where it ends."""

    def __init__(self, audience: str, task: Task, sought: Sought, before: Round) -> None:
        self._audience, self._begins, self._before = audience, begin_at(sought), before
        self._names = {term: f"{audience[0]}{number}" for number, term in enumerate(terms_wanted(task))}
        self.reached: dict[str, str] = {}
        rows = {place: facts for term in self._names for place, facts in self._rows(term)}
        countries = task.requirements.countries
        fitting = [
            (-profile_points(sought, facts.profile), turned(place, self._begins))
            for place, facts in rows.items()
            if not self._is_met(place, facts) and (not countries or facts.country in countries)
        ]
        self.best = [place.partition("#")[2] for _, (_, place) in sorted(fitting)]

    def _is_met(self, place: str, facts: Facts) -> bool:
        """Whether the worker also stands in a list that was seen up to there."""
        stands = (self._names[term] for term in terms_of(facts.profile) if term in self._names)
        return any(is_seen(place, name, self._before, self._begins) for name in stands)

    def _rows(self, term: str) -> list[tuple[str, Facts]]:
        """Up to ROWS_MAX more of a list, going round."""
        name = self._names[term]
        every = _going_round(
            partition(self._audience, term), self._before.reached.get(name, ""), self._begins
        )
        rows = list(islice(every, ROWS_MAX))
        self.reached[name] = end_of(rows[-1][0]) if len(rows) == ROWS_MAX else END
        return rows


def _going_round(about: str, reached: str, begins: str) -> Iterator[tuple[str, Facts]]:
    if reached == END:
        return
    if not reached or reached >= begins:
        yield from _rows(about, TrailItem.position >= (reached or begins))
        yield from _rows(about, TrailItem.position < begins)
    else:
        yield from _rows(about, TrailItem.position.between(reached, begins))


def _rows(about: str, condition: Any) -> Iterable[tuple[str, Facts]]:
    found = TrailItem.query(about, condition, limit=ROWS_MAX, page_size=ROWS_MAX)
    return ((item.position, load_facts(item.body)) for item in found)
