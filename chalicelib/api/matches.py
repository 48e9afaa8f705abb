"""Workers for a client's task, the best first, each with its score and the reasons in words."""

import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib import pages
from chalicelib.api.workers import WorkerView, worker_view
from chalicelib.http import CLIENT, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Model
from marketplace.access.suspension import Find, is_kept_out
from marketplace.bidding.invitations import admitted
from marketplace.matching.fit import Fit
from marketplace.matching.hiring import Known, suits
from marketplace.matching.recruiting import profile_of_worker, sought_by
from marketplace.matching.rounds import FIRST, Round
from marketplace.matching.track import NO_TRACK, Track
from marketplace.people.pool import pool_of
from marketplace.people.standing import Standing, standing_id, unrated
from marketplace.people.workers import Worker
from marketplace.shared.errors import InvalidCursor, NotFound
from marketplace.shared.records import dataclass, replace
from marketplace.storage.tracks import tracks_of
from marketplace.storage.worker_search import candidates
from marketplace.work.candidates import candidate_for
from marketplace.work.eligibility import unmet
from marketplace.work.task import Task, TaskStatus

routes = Routes()

Ranked = tuple[Worker, Fit]


class MatchReason(Model):
    """One reason for a score: `points` of at most `points_max`, and why in words."""

    code: Literal["skills", "languages", "performance", "reliability", "price", "availability", "exploration"]
    points: int
    points_max: int
    detail: str


class WorkerMatch(Model):
    """How well a worker suits the task: 0 to 10,000, the sum of its reasons' points."""

    object: Literal["match"] = "match"
    worker_id: str
    worker: WorkerView
    score: int
    reasons: Annotated[list[MatchReason], Field(min_length=1)]


@dataclass(frozen=True)
class _Place:
    """Where a page begins: all pages are ranked by the instant `at` of the first; `after` is the last of this
    round that was shown, None at its beginning."""

    at: int
    round: Round = FIRST
    after: tuple[int, str] | None = None


@routes.add("GET", "/v1/tasks/{task_id}/matches", who=CLIENT, query=PageQuery, answer=Page, row=WorkerMatch)
def list_matches(call: Call[Any]) -> Reply:
    """Workers who may bid on the task, or may once they are invited: sixty at a time, of each sixty the best
    match first."""
    task = call.get(Task, call.id("task_id", "task"))
    if task.client_id != call.principal.id:
        raise NotFound
    listed = f"matches#{task.id}"
    if task.status == TaskStatus.CLOSED:
        return Reply(Page(data=[], next_cursor=None))
    place = _place(call, listed)
    looked = candidates(call.runtime.reads, task, sought_by(task, place.at), place.round)
    ranked = _ranked(call, task, looked.worker_ids, place.at)
    rows = [row for row in ranked if place.after is None or _rank(row) < place.after]
    shown, more = rows[: call.query.limit], len(rows) > call.query.limit
    then = replace(place, after=_rank(shown[-1])) if more else None
    if then is None and looked.then is not None:
        then = _Place(place.at, looked.then)
    return Reply(Page(data=list(map(_view, shown)), next_cursor=_sign(call, listed, then) if then else None))


def _ranked(call: Call[Any], task: Task, worker_ids: list[str], at: int) -> list[Ranked]:
    """Those of them who may bid, the best first."""
    sought = sought_by(task, at)
    workers: dict[str, Worker] = call.runtime.reads.of_kinds(dict.fromkeys(worker_ids, Worker))
    find = _read_ahead(call, task, workers.values())
    able = [worker for worker in workers.values() if _may_bid(task, worker, call.now, find)]
    tracks = tracks_of(worker.id for worker in able)
    known = ((worker, _known(worker, tracks.get(worker.id, NO_TRACK), find, at)) for worker in able)
    return sorted(((worker, suits(sought, each, at)) for worker, each in known), key=_rank, reverse=True)


def _may_bid(task: Task, worker: Worker, at: int, find: Find) -> bool:
    """Whether the worker meets what the task asks for, belongs to its pool, and is not kept out."""
    kept_out = is_kept_out(worker.id, find)
    candidate = admitted(candidate_for(task, worker, at, find), task, find)
    pool_id = pool_of(task.visibility)
    is_in = pool_id is None or pool_id in candidate.pools
    return is_in and not kept_out and not unmet(task, candidate)


def _read_ahead(call: Call[Any], task: Task, workers: Iterable[Worker]) -> Find:
    """Finds all that `_may_bid` looks for, which is read in one batch."""
    asked = dict[str, type[Any]]()

    def ask(kind: type[Any], identifier: str) -> None:
        asked[identifier] = kind

    for worker in workers:
        _may_bid(task, worker, call.now, ask)
    found = call.runtime.reads.of_kinds(asked)
    return lambda _, identifier: found.get(identifier)


def _known(worker: Worker, track: Track, find: Find, at: int) -> Known:
    standing: Standing = find(Standing, standing_id(worker.id)) or unrated(worker.id)
    seen = replace(track, seen_at=max(track.seen_at, worker.created_at))
    return Known(worker.id, profile_of_worker(worker), standing.count, standing.score_at(at), seen)


def _rank(row: Ranked) -> tuple[int, str]:
    worker, fit = row
    return fit.score, worker.id


def _place(call: Call[Any], listed: str) -> _Place:
    """Raises InvalidCursor."""
    cursor = pages.read(call.query.cursor, listed=listed, secret=call.runtime.settings.cursor_secret)
    if cursor is None:
        return _Place(call.now)
    try:
        at, reached, taken, after = json.loads(cursor)
        return _Place(at, Round(reached, taken), (after[0], after[1]) if after else None)
    except (ValueError, TypeError) as broken:
        raise InvalidCursor("the cursor is not one of ours") from broken


def _sign(call: Call[Any], listed: str, place: _Place) -> str:
    told = (place.at, dict(place.round.reached), place.round.taken, place.after)
    text = json.dumps(told, separators=(",", ":"))
    return pages.sign(text, listed=listed, secret=call.runtime.settings.cursor_secret)


def _view(row: Ranked) -> WorkerMatch:
    worker, fit = row
    reasons = [
        MatchReason(code=part.code, points=part.points, points_max=part.most, detail=part.detail)  # type: ignore[arg-type]  # its codes are these
        for part in fit.parts
    ]
    return WorkerMatch(worker_id=worker.id, worker=worker_view(worker), score=fit.score, reasons=reasons)
