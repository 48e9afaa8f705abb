"""Tasks: posting, changing, publishing. Their lists have a file of their own."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.api.scorecards import ScorecardBody, scorecard_of
from chalicelib.api.task_pay import PayBody, pay_of
from chalicelib.api.task_views import RequirementsBody, TaskView, task_view
from chalicelib.candidacy import Candidacy, candidate_ahead
from chalicelib.http import BOTH_SIDES, CLIENT, Call, Reply, Routes
from chalicelib.types import LIST_MAX, UNIQUE_PART, Given, Instant, Line, Model, Prose
from marketplace.access.principals import Role
from marketplace.bidding.bid import Bid, bid_id
from marketplace.people.pool import POOL_VISIBILITY
from marketplace.shared.errors import NotFound
from marketplace.work import use_cases
from marketplace.work.eligibility import is_hidden, why_not
from marketplace.work.task import INVITED, PUBLIC, Requirements, Task
from marketplace.work.use_cases import ChangeTask, OwnTask

SEATS_MAX = 1_000

routes = Routes()

Visibility = Annotated[
    str, StringConstraints(pattern=rf"^({PUBLIC}|{INVITED}|{POOL_VISIBILITY}pool_{UNIQUE_PART})$")
]
Labels = Annotated[list[Line], Field(max_length=LIST_MAX)]
Seats = Annotated[int, Field(ge=1, le=SEATS_MAX)]


class NewTask(Model):
    """A posting, at first a draft."""

    title: Line
    description: Prose
    category: Line
    skills: Labels = []
    languages: Labels = []
    pay: PayBody
    seats: Seats = 1
    visibility: Visibility = PUBLIC
    requirements: RequirementsBody = RequirementsBody()
    bidding_closes_at: Instant | None = None
    outcomes: ScorecardBody | None = None


class TaskChanges(Model):
    """What is left out stays as it is."""

    title: Annotated[Line | None, Given] = None
    description: Annotated[Prose | None, Given] = None
    category: Annotated[Line | None, Given] = None
    skills: Annotated[Labels | None, Given] = None
    languages: Annotated[Labels | None, Given] = None
    pay: Annotated[PayBody | None, Given] = None
    seats: Annotated[Seats | None, Given] = None
    visibility: Annotated[Visibility | None, Given] = None
    requirements: Annotated[RequirementsBody | None, Given] = None
    bidding_closes_at: Instant | None = None
    outcomes: Annotated[ScorecardBody | None, Given] = None


@routes.add("POST", "/v1/tasks", who=CLIENT, scope="work", body=NewTask, answer=TaskView, status=201)
def post_task(call: Call[NewTask]) -> Reply:
    """Posts a task, as a draft."""
    body = call.body
    task = Task(
        id=call.runtime.new_id("task"),
        client_id=call.principal.id,
        seats_left=body.seats,
        created_at=call.now,
        **_fields(body, body.model_fields_set | NewTask.model_fields.keys()),
    )
    return call.commit(lambda tx: use_cases.post_task(task, tx), task_view)


@routes.add("GET", "/v1/tasks/{task_id}", who=BOTH_SIDES, answer=TaskView, along=candidate_ahead)
def get_task(call: Call[Any]) -> Reply:
    """One task: the client's own, or one that the worker may see."""
    found = call.runtime.store.read(Task, call.id("task_id", "task"))
    if found is None or not _may_see(call, found[0]):
        raise NotFound
    return Reply(task_view(found[0]))


@routes.add("PATCH", "/v1/tasks/{task_id}", who=CLIENT, scope="work", body=TaskChanges, answer=TaskView)
def change_task(call: Call[TaskChanges]) -> Reply:
    """Changes a draft; of an open task, its texts and its deadline."""
    given = {name for name in call.body.model_fields_set if getattr(call.body, name) is not None}
    command = ChangeTask(call.id("task_id", "task"), call.principal.id, _fields(call.body, given))
    return call.commit(lambda tx: use_cases.change_task(command, tx), task_view)


@routes.add("POST", "/v1/tasks/{task_id}/publish", who=CLIENT, scope="work", answer=TaskView)
def publish_task(call: Call[Any]) -> Reply:
    """Opens a draft for bids."""
    command = OwnTask(call.id("task_id", "task"), call.principal.id)
    return call.commit(lambda tx: use_cases.publish_task(command, tx), task_view)


@routes.add("POST", "/v1/tasks/{task_id}/close", who=CLIENT, scope="work", answer=TaskView)
def close_task(call: Call[Any]) -> Reply:
    """Takes no more bids and awards no more seats."""
    command = OwnTask(call.id("task_id", "task"), call.principal.id)
    return call.commit(lambda tx: use_cases.close_task(command, tx), task_view)


def _may_see(call: Call[Any], task: Task) -> bool:
    if call.principal.role == Role.CLIENT:
        return task.client_id == call.principal.id
    candidacy = Candidacy(call)
    if not is_hidden(why_not(task, candidacy.candidate(task))):
        return True
    return call.runtime.store.read(Bid, bid_id(task.id, candidacy.worker_id)) is not None


def _fields(body: NewTask | TaskChanges, names: set[str]) -> dict[str, Any]:
    """The named fields as the product's rules know them."""
    plain = {"title", "description", "category", "seats", "visibility", "bidding_closes_at"}
    fields: dict[str, Any] = {name: getattr(body, name) for name in names & plain}
    fields |= {name: tuple(getattr(body, name)) for name in names & {"skills", "languages"}}
    if "pay" in names and body.pay is not None:
        fields["pay"] = pay_of(body.pay)
    if "outcomes" in names and body.outcomes is not None:
        fields["outcomes"] = scorecard_of(body.outcomes)
    if "requirements" in names and body.requirements is not None:
        given = body.requirements
        fields["requirements"] = Requirements(
            minimum_rating=given.minimum_rating,
            agreements=_once(given.agreements),
            trainings=_once(given.trainings) or None,
            qualifications=_once(given.qualifications),
            checks=_once(given.checks) or None,
            countries=tuple(given.countries),
        )
    return fields


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """Each of them once."""
    return tuple(dict.fromkeys(names))
