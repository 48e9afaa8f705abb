"""The lists of tasks: a client's own, and the feed of those that a worker may bid on."""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib import pages
from chalicelib.api.task_views import TaskView, task_view
from chalicelib.api.tasks import Visibility
from chalicelib.candidacy import Candidacy, candidate_ahead
from chalicelib.http import BOTH_SIDES, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import SHORT_TEXT_MAX, Currency, Model
from marketplace.access.principals import Role
from marketplace.access.suspension import Suspension, suspension_id
from marketplace.bidding.invitations import what_admits
from marketplace.matching.fit import Fit, Profile, profile_of
from marketplace.matching.ranking import Match, Window
from marketplace.matching.search import Wanted
from marketplace.matching.words import words
from marketplace.people.pool import Pool, pool_of
from marketplace.people.pool_member import Alumnus, PoolMember, alumnus_id, belongs, pool_member_id
from marketplace.people.workers import Worker
from marketplace.shared.errors import InvalidCursor, InvalidRequest
from marketplace.shared.records import replace
from marketplace.storage.best_feed import best, first_window
from marketplace.storage.feed import Audience, Keep, Search, look
from marketplace.storage.keys import CLIENT_TASKS, MEMBER_AUDIENCES
from marketplace.work.eligibility import why_not, why_not_now
from marketplace.work.task import INVITED, PUBLIC, Task, TaskStatus

POOLS_MAX = 20
"""A feed shows the tasks of as many of a worker's pools, the last it came into; `visibility` names others."""

routes = Routes()

Word = Annotated[str, StringConstraints(min_length=1, max_length=SHORT_TEXT_MAX)]


class TaskQuery(PageQuery):
    """Filters of the task list. `q` is whole words, all of which must be there. `pay_floor` is minor units of
    `currency` (as a decimal) for what the task pays for: a seat, a result, or a minute. `order` is the
    feed's, `status` the client's."""

    skill: Word | None = None
    language: Word | None = None
    model: Literal["milestone", "per_result", "per_minute"] | None = None
    pay_floor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,8}(\.[0-9]{1,4})?$")] | None = None
    currency: Currency | None = None
    q: Annotated[str, StringConstraints(max_length=SHORT_TEXT_MAX)] | None = None
    visibility: Visibility | None = None
    status: Literal["draft", "open", "filled", "closed"] | None = None
    order: Literal["newest", "best"] = "newest"

    def wanted(self) -> Wanted:
        """The filters as the search knows them. Raises InvalidRequest for a floor without a currency."""
        if self.pay_floor is not None and self.currency is None:
            raise InvalidRequest.at("/currency", "is needed with pay_floor")
        return Wanted(
            skill=self.skill,
            language=self.language,
            model=self.model,
            currency=self.currency,
            pay_floor=Decimal(self.pay_floor) if self.pay_floor else None,
            words=tuple(words(self.q or "")),
            visibility=self.visibility,
        )

    def digest(self) -> str:
        """Names the filters and the order in a cursor's signature: it is good for this list only."""
        told = self.model_dump_json(exclude={"limit", "cursor"})
        return hashlib.sha256(told.encode()).hexdigest()[:16]


class MatchPart(Model):
    """One reason for a score: `points` of at most `points_max`, and why in words."""

    code: Literal["skills", "languages", "pay", "freshness"]
    points: int
    points_max: int
    detail: str


class MatchView(Model):
    """How well a task fits the caller: 0 to 10,000, the sum of its reasons' points."""

    score: int
    reasons: Annotated[list[MatchPart], Field(min_length=1)]


class ListedTask(TaskView):
    """A task in a list; `match` is there where the list is by best match."""

    match: MatchView | None = None


@routes.add(
    "GET", "/v1/tasks", who=BOTH_SIDES, query=TaskQuery, answer=Page, row=ListedTask, along=candidate_ahead
)
def list_tasks(call: Call[Any]) -> Reply:
    """A client's own tasks; for a worker, the open tasks that it may bid on."""
    query: TaskQuery = call.query
    wanted = query.wanted()
    if call.principal.role == Role.CLIENT:
        if query.order != "newest":
            raise InvalidRequest.at("/order", "a client's own tasks are listed newest first")
        return call.page(
            CLIENT_TASKS, call.principal.id, _row, lambda task: _in_state(task, query) and wanted.passes(task)
        )
    if query.status not in (None, TaskStatus.OPEN):
        raise InvalidRequest.at("/status", "workers are shown open tasks")
    candidacy = Candidacy(call)
    search = Search(_audience(call, candidacy.worker_id, wanted.visibility), wanted)
    keep = _may_bid(call, candidacy)
    return (
        _by_best(call, candidacy.worker, search, keep)
        if query.order == "best"
        else _by_newest(call, search, keep)
    )


def _by_newest(call: Call[Any], search: Search, keep: Keep) -> Reply:
    def read(limit: int, before: str | None) -> tuple[list[Task], str | None]:
        found = look(call.runtime.reads, replace(search, before=before), limit=limit, keep=keep)
        return found.tasks, found.last

    return call.page_of(_listed(call), read, _row)


def _by_best(call: Call[Any], worker: Worker, search: Search, keep: Keep) -> Reply:
    profile = _profile(worker)
    listed, secret = _listed(call), call.runtime.settings.cursor_secret
    cursor = pages.read(call.query.cursor, listed=listed, secret=secret)
    try:
        window = Window.of_text(cursor) if cursor else first_window(profile, search, call.now)
    except ValueError as broken:
        raise InvalidCursor("the cursor is not one of ours") from broken
    matches, following = best(call.runtime.reads, profile, search, window, limit=call.query.limit, keep=keep)
    signed = pages.sign(following.to_text(), listed=listed, secret=secret) if following else None
    return Reply(Page(data=[_matched(match) for match in matches], next_cursor=signed))


def _listed(call: Call[Any]) -> str:
    return f"feed#{call.principal.id}#{call.query.digest()}"


def _audience(call: Call[Any], worker_id: str, visibility: str | None) -> Audience:
    """Where the worker looks: what it may not see there is kept back by `_may_bid`."""
    if visibility is None:
        places = call.runtime.reads.places(MEMBER_AUDIENCES, worker_id, limit=POOLS_MAX)
        pools = tuple(f"pool:{position.rpartition('#')[2]}" for position, _ in places)
        return Audience(public=True, pools=pools, worker_id=worker_id)
    if visibility == INVITED:
        return Audience(public=False, worker_id=worker_id)
    if visibility == PUBLIC:
        return Audience()
    return Audience(public=False, pools=(visibility,) if _belongs(call, worker_id, visibility) else ())


def _belongs(call: Call[Any], worker_id: str, visibility: str) -> bool:
    """Whether the worker sees that pool's tasks: how far a look came would tell a stranger of them."""
    pool_id = pool_of(visibility) or ""
    pools: dict[str, Pool] = call.runtime.reads.of_kinds({pool_id: Pool})
    if pool_id not in pools:
        return False
    client_id = pools[pool_id].client_id
    member_id, alumni_id = pool_member_id(pool_id, worker_id), alumnus_id(client_id, worker_id)
    found = call.runtime.reads.of_kinds({member_id: PoolMember, alumni_id: Alumnus})
    return belongs(pool_id, client_id, found.get(member_id), found.get(alumni_id))


def _may_bid(call: Call[Any], candidacy: Candidacy) -> Keep:
    def keep(tasks: list[Task]) -> list[Task]:
        asked = {
            name: kind for task in tasks for name, kind in what_admits(task, candidacy.worker_id).items()
        }
        asked.update(dict.fromkeys((suspension_id(task.client_id) for task in tasks), Suspension))
        found = call.runtime.reads.of_kinds(asked)
        find: Callable[[type[Any], str], Any] = lambda _, identifier: found.get(identifier)  # noqa: E731
        open_now = (task for task in tasks if task.takes_bids(call.now) and not why_not_now(task, find))
        return [task for task in open_now if not why_not(task, candidacy.candidate(task, find))]

    return keep


def _profile(worker: Worker) -> Profile:
    return profile_of({skill.name: skill.level for skill in worker.skills}, worker.languages)


def _in_state(task: Task, query: TaskQuery) -> bool:
    return query.status is None or task.status == query.status


def _row(task: Task) -> ListedTask:
    return ListedTask.model_construct(**dict(task_view(task)), match=None)


def _matched(match: Match) -> ListedTask:
    return ListedTask.model_construct(**dict(task_view(match.task)), match=_match_view(match.fit))


def _match_view(fit: Fit) -> MatchView:
    reasons = [
        MatchPart(code=part.code, points=part.points, points_max=part.most, detail=part.detail)  # type: ignore[arg-type]  # its codes are these
        for part in fit.parts
    ]
    return MatchView(score=fit.score, reasons=reasons)
