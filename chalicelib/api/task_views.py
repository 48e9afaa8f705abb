"""A task for an answer, and what it asks of workers."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.scorecards import ScorecardBody, scorecard_view
from chalicelib.api.task_pay import PayBody, pay_view
from chalicelib.types import LIST_MAX, Country, Instant, Line, Model
from marketplace.compliance.checks import Check
from marketplace.work.task import Task

ASKED_MAX = 10
"""Of each kind: all are read when somebody bids, is awarded the task, or accepts."""

Asked = Annotated[list[Line], Field(max_length=ASKED_MAX)]


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
