"""Tasks: posting, changing, publishing. Their lists have a file of their own."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.minute_pay import MinutePay, minute_pay_of, minute_pay_view
from chalicelib.api.review_terms import ManualReview, ReviewBody, review_of, review_view
from chalicelib.api.scorecards import ScorecardBody, scorecard_of, scorecard_view
from chalicelib.candidacy import Candidacy, candidate_ahead
from chalicelib.http import BOTH_SIDES, CLIENT, Call, Reply, Routes
from chalicelib.types import LIST_MAX, UNIQUE_PART, Country, Given, Instant, Line, Model, Money, Prose
from marketplace.access.principals import Role
from marketplace.bidding.bid import Bid, bid_id
from marketplace.compliance.checks import Check
from marketplace.people.pool import POOL_VISIBILITY
from marketplace.shared.errors import NotFound
from marketplace.work import use_cases
from marketplace.work.eligibility import is_hidden, why_not
from marketplace.work.task import INVITED, PUBLIC, Requirements, Task
from marketplace.work.terms import Pay, PayModel
from marketplace.work.use_cases import ChangeTask, OwnTask

SEATS_MAX = 1_000
ASKED_MAX = 10
"""Of each kind: all are read when somebody bids, is awarded the task, or accepts."""
QUANTITY_MAX = 1_000_000

routes = Routes()


class MilestonePay(Model):
    """A price for the whole of a seat, paid by milestones."""

    model: Literal["milestone"]
    budget: Money


class ResultPay(Model):
    """A price for each accepted result."""

    model: Literal["per_result"]
    unit: Money
    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MAX)]
    review: ReviewBody = ManualReview(policy="manual")


PayBody = Annotated[MilestonePay | ResultPay | MinutePay, Field(discriminator="model")]


Visibility = Annotated[
    str, StringConstraints(pattern=rf"^({PUBLIC}|{INVITED}|{POOL_VISIBILITY}pool_{UNIQUE_PART})$")
]
Labels = Annotated[list[Line], Field(max_length=LIST_MAX)]
Asked = Annotated[list[Line], Field(max_length=ASKED_MAX)]
Seats = Annotated[int, Field(ge=1, le=SEATS_MAX)]


class RequirementsBody(Model):
    """What a worker must bring. `agreements`, `trainings` and `qualifications` are ids of the client's own or
    of the platform's; the first and the last may be names too. Agreements are signed with the offer,
    trainings acknowledged before work begins; `checks` are items of the worker's checklist."""

    minimum_rating: Annotated[float, Field(ge=1, le=5, strict=False)] | None = None
    agreements: Asked = []
    trainings: Asked = []
    qualifications: Asked = []
    checks: Annotated[
        list[Literal["identity", "tax_form", "background_check"]], Field(max_length=len(Check))
    ] = []
    countries: Annotated[list[Country], Field(max_length=LIST_MAX)] = []


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


class TaskView(Model):
    """A task."""

    id: str
    object: Literal["task"] = "task"
    client_id: str
    title: str
    description: str
    category: str
    skills: list[str]
    languages: list[str]
    pay: PayBody
    seats: int
    seats_left: int
    visibility: str
    requirements: RequirementsBody
    bidding_closes_at: Instant | None
    outcomes: ScorecardBody | None
    status: Literal["draft", "open", "filled", "closed"]
    created_at: Instant


def pay_view(pay: Pay) -> MilestonePay | ResultPay | MinutePay:
    """The terms for an answer."""
    if pay.model == PayModel.MILESTONE and pay.budget:
        return MilestonePay(model="milestone", budget=Money.of(pay.budget))
    if pay.model == PayModel.PER_RESULT and pay.unit and pay.quantity:
        unit, review = Money.of(pay.unit), review_view(pay.review)
        return ResultPay(model="per_result", unit=unit, quantity=pay.quantity, review=review)
    if pay.rate is None:
        raise ValueError("pay without a price")
    return minute_pay_view(pay, pay.rate)


def task_view(task: Task) -> TaskView:
    """A task for an answer."""
    return TaskView(
        id=task.id,
        client_id=task.client_id,
        title=task.title,
        description=task.description,
        category=task.category,
        skills=list(task.skills),
        languages=list(task.languages),
        pay=pay_view(task.pay),
        seats=task.seats,
        seats_left=task.seats_left,
        visibility=task.visibility,
        requirements=RequirementsBody(
            minimum_rating=task.requirements.minimum_rating,
            agreements=list(task.requirements.agreements),
            trainings=list(task.requirements.trainings or ()),
            checks=[Check(check).value for check in task.requirements.checks or ()],
            qualifications=list(task.requirements.qualifications),
            countries=list(task.requirements.countries),
        ),
        bidding_closes_at=task.bidding_closes_at,
        outcomes=scorecard_view(task.outcomes),
        status=task.status.value,
        created_at=task.created_at,
    )


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
        fields["pay"] = _pay(body.pay)
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


def _pay(body: MilestonePay | ResultPay | MinutePay) -> Pay:
    if isinstance(body, MilestonePay):
        return Pay(PayModel.MILESTONE, budget=body.budget.to_domain())
    if isinstance(body, ResultPay):
        unit, review = body.unit.to_domain(), review_of(body.review)
        return Pay(PayModel.PER_RESULT, unit=unit, quantity=body.quantity, review=review)
    return minute_pay_of(body)
