"""Outcomes: work held against its contract's scorecard."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.contract_access import visible_contract, visible_part
from chalicelib.api.contract_views import ContestView, contest_view
from chalicelib.http import BOTH_SIDES, CLIENT, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Line, Model, Prose, Sum
from marketplace.outcomes import use_cases
from marketplace.outcomes.explaining import explained
from marketplace.outcomes.outcome import Outcome
from marketplace.outcomes.use_cases import ApplyOutcome
from marketplace.shared.money import Money
from marketplace.storage.keys import CONTRACT_OUTCOMES
from marketplace.work.scorecard import CRITERIA_MAX, POINTS_MAX

REASON_MAX = 1_000
ID_MAX = 64

routes = Routes()

Points = Annotated[int, Field(ge=0, le=POINTS_MAX)]


class NewOutcome(Model):
    """`scores` has the points of each criterion, basis points; a deduction needs its reason. `external_id` is
    the client's own name of the evaluation."""

    version: int
    subject_id: Annotated[str, Field(min_length=1, max_length=ID_MAX)]
    scores: Annotated[dict[Line, Points], Field(min_length=1, max_length=CRITERIA_MAX)]
    reason: Annotated[Prose, Field(min_length=1, max_length=REASON_MAX)] | None = None
    external_id: Line | None = None


class ScoredView(Model):
    """A criterion's points in basis points, and its part of the bonus or the deduction, minor units."""

    name: str
    weight: int
    points: int
    part: int


class OutcomeView(Model):
    """What work was scored, and what follows: at most one of `bonus` and `deduction` is above 0. The worker
    may dispute a deduction until `objection_ends_at`."""

    id: str
    object: Literal["outcome"] = "outcome"
    contract_id: str
    subject_id: str
    version: int
    external_id: str | None
    status: Literal["applied", "withheld", "returned", "divided"]
    scores: list[ScoredView]
    score_basis_points: int
    price: Sum
    bonus: Sum
    deduction: Sum
    reason: str | None
    explanation: list[str]
    objection_ends_at: Instant | None
    contest: ContestView | None
    created_at: Instant


def outcome_view(outcome: Outcome) -> OutcomeView:
    """An outcome for an answer."""
    rows = [
        ScoredView(name=row.name, weight=row.weight, points=row.points, part=row.part) for row in outcome.rows
    ]
    return OutcomeView(
        id=outcome.id,
        contract_id=outcome.contract_id,
        subject_id=outcome.subject_id,
        version=outcome.version,
        external_id=outcome.external_id,
        status=outcome.status.value,
        scores=rows,
        score_basis_points=outcome.score,
        price=_sum(outcome.price, outcome),
        bonus=_sum(outcome.bonus, outcome),
        deduction=_sum(outcome.deduction, outcome),
        reason=outcome.reason,
        explanation=explained(outcome),
        objection_ends_at=outcome.due_at,
        contest=contest_view(outcome.contest),
        created_at=outcome.created_at,
    )


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/outcomes",
    who=CLIENT,
    scope="money",
    body=NewOutcome,
    answer=OutcomeView,
    key_required=True,
    status=201,
)
def apply_outcome(call: Call[NewOutcome]) -> Reply:
    """Scores a piece of work: a bonus out of the wallet, or its pay less a capped deduction."""
    command = ApplyOutcome(
        contract_id=call.id("contract_id", "con"),
        client_id=call.principal.id,
        subject_id=call.body.subject_id,
        version=call.body.version,
        points=call.body.scores,
        reason=call.body.reason,
        external_id=call.body.external_id,
        position=call.runtime.new_id("out"),
    )
    return call.commit(lambda tx: use_cases.apply_outcome(command, tx), outcome_view)


@routes.add(
    "GET",
    "/v1/contracts/{contract_id}/outcomes",
    who=BOTH_SIDES,
    query=PageQuery,
    answer=Page,
    row=OutcomeView,
    open_to_suspended=True,
)
def list_contract_outcomes(call: Call[Any]) -> Reply:
    """The outcomes of one contract of the caller's."""
    return call.page(CONTRACT_OUTCOMES, visible_contract(call).id, outcome_view)


@routes.add("GET", "/v1/outcomes/{outcome_id}", who=BOTH_SIDES, answer=OutcomeView, open_to_suspended=True)
def get_outcome(call: Call[Any]) -> Reply:
    """One outcome of the caller's, with its computation in words."""
    outcome = visible_part(call, call.get(Outcome, call.id("outcome_id", "out")))
    return Reply(outcome_view(outcome))


def _sum(amount: int, outcome: Outcome) -> Sum:
    return Sum.of(Money(amount, outcome.currency))
