"""A contract for an answer: its state, its money, its milestones, and the terms that it keeps."""

from typing import Literal

from chalicelib.api.agreements import PinnedView, pinned_views
from chalicelib.api.fee_schedules import TierBody, tier_bodies
from chalicelib.api.scorecards import ScorecardBody, scorecard_view
from chalicelib.api.task_pay import PayBody, pay_view
from chalicelib.types import Instant, Model, Money
from marketplace.contracts.contest import Contest
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import Milestone
from marketplace.results.hold import counts, places_left
from marketplace.work.terms import PayModel


class ContestView(Model):
    """The dispute or outcome that decides about this work, and what of its money the worker got in the end,
    gross minor units: null until it is decided."""

    by: str
    to_worker: int | None


class MilestoneView(Model):
    """A milestone of a contract."""

    id: str
    object: Literal["milestone"] = "milestone"
    contract_id: str
    title: str
    amount: Money
    status: Literal["planned", "funded", "submitted", "approved", "cancelled"]
    due_at: Instant | None
    submitted_at: Instant | None
    review_ends_at: Instant | None
    contest: ContestView | None


class ResultCountsView(Model):
    """How many results wait for their answer, are paid, are disputed, and may still be handed in."""

    submitted: int
    accepted: int
    contested: int
    left: int


class FeesView(Model):
    """What both sides pay us, as it was when the contract was offered; minor units. Off what the worker
    earns: `basis_points`, or by `tiers`, and `fixed` and `minimum` for each release. On top, from the client:
    `client_basis_points`; `client_held` is reserved beside the hold, `client_earned` is ours."""

    schedule_id: str
    basis_points: int
    tiers: list[TierBody]
    fixed: int
    minimum: int
    client_basis_points: int
    client_held: int
    client_earned: int


class MemberShareView(Model):
    """Who gets how much of the net."""

    worker_id: str
    basis_points: int


class AgencyShareView(Model):
    """For whom the worker bid, and the members' shares as they were when the offer was accepted."""

    id: str
    version: int | None
    shares: list[MemberShareView]


class ContractView(Model):
    """A contract; money is integer minor units of `currency`, `released` is gross of the fee. While a
    chargeback is in `frozen_by`, no new paid work begins; what is in review is still approved and paid."""

    id: str
    object: Literal["contract"] = "contract"
    task_id: str
    bid_id: str
    client_id: str
    worker_id: str
    title: str
    pay: PayBody
    status: Literal["offered", "active", "paused", "completed", "cancelled"]
    currency: str
    funded: int
    held: int
    released: int
    returned: int
    charged_back: int
    frozen_by: list[str]
    fee_basis_points: int
    fees: FeesView | None
    agency: AgencyShareView | None
    review_seconds: int
    milestones: list[MilestoneView]
    results: ResultCountsView | None
    outcomes: ScorecardBody | None
    agreements: list[str]
    signs: list[PinnedView]
    trainings: list[PinnedView]
    offer_ends_at: Instant
    accepted_at: Instant | None
    ended_at: Instant | None
    created_at: Instant


def contest_view(contest: Contest | None) -> ContestView | None:
    """What decides about a piece of work, for an answer."""
    return ContestView(by=contest.by, to_worker=contest.to_worker) if contest else None


def milestone_view(milestone: Milestone, contract: Contract) -> MilestoneView:
    """A milestone for an answer."""
    return MilestoneView(
        id=milestone.id,
        contract_id=contract.id,
        title=milestone.title,
        amount=Money(amount=milestone.amount, currency=contract.currency),
        status=milestone.status.value,
        due_at=milestone.due_at,
        submitted_at=milestone.submitted_at,
        review_ends_at=milestone.silence_at,
        contest=contest_view(milestone.contest),
    )


def contract_view(contract: Contract) -> ContractView:
    """A contract for an answer."""
    return ContractView(
        id=contract.id,
        task_id=contract.task_id,
        bid_id=contract.bid_id,
        client_id=contract.client_id,
        worker_id=contract.worker_id,
        title=contract.title,
        pay=pay_view(contract.pay),
        status=contract.status.value,
        currency=contract.currency,
        funded=contract.funded,
        held=contract.held,
        released=contract.released,
        returned=contract.returned,
        charged_back=contract.chargebacks.charged_back,
        frozen_by=list(contract.chargebacks.frozen_by),
        fee_basis_points=contract.fee_basis_points,
        fees=_fees_view(contract),
        agency=_agency_view(contract),
        review_seconds=contract.review_seconds,
        milestones=[milestone_view(row, contract) for row in contract.milestones],
        results=_results_view(contract),
        outcomes=scorecard_view(contract.outcomes),
        agreements=list(contract.agreements),
        signs=pinned_views(contract.signs),
        trainings=pinned_views(contract.trainings),
        offer_ends_at=contract.offer_ends_at,
        accepted_at=contract.accepted_at,
        ended_at=contract.ended_at,
        created_at=contract.created_at,
    )


def _fees_view(contract: Contract) -> FeesView | None:
    terms, fee = contract.fees, contract.worker_fee
    if terms is None:
        return None
    return FeesView(
        schedule_id=terms.schedule_id,
        basis_points=fee.basis_points,
        tiers=tier_bodies(fee.tiers),
        fixed=fee.fixed,
        minimum=fee.minimum,
        client_basis_points=terms.client_basis_points or 0,
        client_held=contract.client_fee_held,
        client_earned=contract.client_fee_earned,
    )


def _agency_view(contract: Contract) -> AgencyShareView | None:
    kept = contract.agency
    if kept is None:
        return None
    shares = [
        MemberShareView(worker_id=share.worker_id, basis_points=share.basis_points)
        for share in kept.members or ()
    ]
    return AgencyShareView(id=kept.agency_id, version=kept.version, shares=shares)


def _results_view(contract: Contract) -> ResultCountsView | None:
    if contract.pay.model != PayModel.PER_RESULT:
        return None
    counted = counts(contract)
    return ResultCountsView(
        submitted=counted.submitted,
        accepted=counted.accepted,
        contested=counted.contested or 0,
        left=places_left(contract),
    )
