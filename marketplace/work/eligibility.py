"""Who may bid on a task, and why not, in words.

A reason that `hides` keeps the task's very existence from the worker: it answers as if there were none. Any
other reason is told, so that the worker knows what to bring.
"""

from collections.abc import Iterable
from decimal import Decimal

from marketplace.access.suspension import CLIENT_SUSPENDED, Find, is_kept_out
from marketplace.people.pool import pool_of
from marketplace.shared.errors import NotEligible, NotFound
from marketplace.shared.records import dataclass
from marketplace.work.task import INVITED, Task, TaskStatus


@dataclass(frozen=True)
class Reason:
    """`code` is for programs and stays as it is, `detail` is for people."""

    code: str
    detail: str
    hides: bool = False


@dataclass(frozen=True)
class Candidate:
    """A worker as a task's requirements see one; `score` is the Bayesian mean of the ratings, 1 to 5,
    `qualifications` are the ids and names of those that are held now, `checks` those that are passed.
    `invited_to` (tasks) and `pools` are what lets the worker in: `bidding.invitations.admitted` looks for one
    task."""

    worker_id: str
    country: str
    score: Decimal
    qualifications: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    invited_to: frozenset[str] = frozenset()
    pools: frozenset[str] = frozenset()


def why_not(task: Task, candidate: Candidate) -> tuple[Reason, ...]:
    """Everything that keeps this worker from bidding, empty for who may. Agreements are signed with the
    offer, and whether the task takes bids at all is `Task.takes_bids`."""
    return (*_why_hidden(task, candidate), *unmet(task, candidate))


def is_hidden(reasons: Iterable[Reason]) -> bool:
    """Whether the worker must not even learn that the task is there."""
    return any(reason.hides for reason in reasons)


def check_eligible(task: Task, candidate: Candidate) -> None:
    """Raises NotFound where the task is hidden, NotEligible with the reasons where it is not."""
    reasons = why_not(task, candidate)
    if is_hidden(reasons):
        raise NotFound
    _refuse(reasons)


def why_not_now(task: Task, find: Find) -> tuple[Reason, ...]:
    """What keeps everybody from bidding for a time: the task's client is kept out, and may come back."""
    if not is_kept_out(task.client_id, find):
        return ()
    detail = "the task's client is suspended, and may come back: nobody can bid until then"
    return (Reason(CLIENT_SUSPENDED, detail),)


def check_client(task: Task, find: Find) -> None:
    """Raises NotEligible while the task's client is kept out."""
    _refuse(why_not_now(task, find))


def check_awardable(task: Task, candidate: Candidate) -> None:
    """Whether the worker still meets what the task asks for; who invited whom no longer matters. Raises
    NotEligible."""
    _refuse(unmet(task, candidate))


def unmet(task: Task, candidate: Candidate) -> tuple[Reason, ...]:
    """What the task requires and the worker does not bring."""
    return tuple(_unmet(task, candidate))


def _refuse(reasons: tuple[Reason, ...]) -> None:
    if reasons:
        raise NotEligible([(reason.code, reason.detail) for reason in reasons])


def _why_hidden(task: Task, candidate: Candidate) -> Iterable[Reason]:
    if task.status == TaskStatus.DRAFT:
        yield Reason("not_published", "the task is a draft", hides=True)
    if task.visibility == INVITED and task.id not in candidate.invited_to:
        yield Reason("not_invited", "the task is for workers who were invited", hides=True)
    pool_id = pool_of(task.visibility)
    if pool_id is not None and pool_id not in candidate.pools:
        yield Reason("not_in_pool", "the task is for the members of a pool", hides=True)


def _unmet(task: Task, candidate: Candidate) -> Iterable[Reason]:
    wanted = task.requirements
    if wanted.countries and candidate.country not in wanted.countries:
        named = ", ".join(wanted.countries)
        yield Reason("country", f"the task is for workers in {named}; the profile says {candidate.country}")
    if wanted.minimum_rating is not None and candidate.score < wanted.minimum_rating:
        detail = f"the task asks for a rating of {wanted.minimum_rating}; the worker's is {candidate.score}"
        yield Reason("minimum_rating", detail)
    for identifier in wanted.qualifications:
        if identifier not in candidate.qualifications:
            yield Reason("qualification_missing", f"the qualification `{identifier}` is not held")
    for check in wanted.checks or ():
        if check not in candidate.checks:
            yield Reason(f"{check}_missing", f"the check `{check}` of the checklist is not passed")
