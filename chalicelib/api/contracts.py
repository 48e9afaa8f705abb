"""Contracts: offers, funding and endings. Milestones and sessions have files of their own."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.agreements import PinnedView, pinned_views
from chalicelib.api.fee_schedules import TierBody, tier_bodies
from chalicelib.api.scorecards import ScorecardBody, scorecard_view
from chalicelib.api.tasks import PayBody, pay_view
from chalicelib.api.workers import own_worker_id
from chalicelib.http import BOTH_SIDES, CLIENT, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import LIST_MAX, Given, Instant, Line, Model, Money
from marketplace.access.principals import Role
from marketplace.contracts import endings, funding, offers
from marketplace.contracts.access import Side, shares_in
from marketplace.contracts.contest import Contest
from marketplace.contracts.contract import Contract
from marketplace.contracts.endings import Bonus, PayBonus, StepContract
from marketplace.contracts.funding import FundContract
from marketplace.contracts.milestone import Milestone
from marketplace.contracts.offers import AcceptOffer, DeclineOffer
from marketplace.people.agency import Agency
from marketplace.results.hold import counts, places_left
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import CLIENT_CONTRACTS, WORKER_CONTRACTS
from marketplace.work.terms import PayModel

routes = Routes()


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


class Acceptance(Model):
    """The agreements that the worker signs, in the versions that the contract names, under `name`; without
    one, under the profile's."""

    agreement_ids: Annotated[list[Line], Field(max_length=LIST_MAX)] = []
    name: Annotated[Line | None, Given] = None


class Amount(Model):
    """How much."""

    amount: Money


class NewBonus(Model):
    """Money beyond the terms, and why."""

    amount: Money
    reason: Line


class BonusView(Model):
    """A bonus, gross of the fee."""

    id: str
    object: Literal["bonus"] = "bonus"
    contract_id: str
    amount: Money
    reason: str
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


def bonus_view(bonus: Bonus) -> BonusView:
    """A bonus for an answer."""
    return BonusView(
        id=bonus.id,
        contract_id=bonus.contract_id,
        amount=Money.of(bonus.amount),
        reason=bonus.reason,
        created_at=bonus.created_at,
    )


def side(call: Call[Any]) -> Side:
    """The calling side of a contract."""
    if call.principal.role == Role.CLIENT:
        return Side(client_id=call.principal.id)
    return Side(worker_id=own_worker_id(call))


def visible_contract(call: Call[Any]) -> Contract:
    """The path's contract, to be read: its sides', and that of the agency's members whose work it is. Raises
    NotFound, also when it is somebody else's."""
    store, asking = call.runtime.store, side(call)
    found = store.read(Contract, call.id("contract_id", "con"))
    if found is None:
        raise NotFound
    contract = found[0]
    if asking.owns(contract) or shares_in(contract, asking.worker_id):
        return contract
    agency = store.read(Agency, contract.agency.agency_id) if contract.agency and asking.worker_id else None
    if agency is None or not agency[0].is_member(asking.worker_id or ""):
        raise NotFound
    return contract


@routes.add(
    "GET",
    "/v1/contracts",
    who=BOTH_SIDES,
    query=PageQuery,
    answer=Page,
    row=ContractView,
    open_to_suspended=True,
)
def list_contracts(call: Call[Any]) -> Reply:
    """The caller's contracts."""
    if call.principal.role == Role.CLIENT:
        return call.page(CLIENT_CONTRACTS, call.principal.id, contract_view)
    return call.page(WORKER_CONTRACTS, own_worker_id(call), contract_view)


@routes.add("GET", "/v1/contracts/{contract_id}", who=BOTH_SIDES, answer=ContractView, open_to_suspended=True)
def get_contract(call: Call[Any]) -> Reply:
    """One contract of the caller's."""
    return Reply(contract_view(visible_contract(call)))


@routes.add("POST", "/v1/contracts/{contract_id}/accept", who=WORKER, body=Acceptance, answer=ContractView)
def accept_offer(call: Call[Acceptance]) -> Reply:
    """Takes the offer and signs what the task requires."""
    command = AcceptOffer(
        contract_id=call.id("contract_id", "con"),
        worker_id=own_worker_id(call),
        agreement_ids=tuple(call.body.agreement_ids),
        name=call.body.name,
        address=call.address,
    )
    return call.commit(lambda tx: offers.accept_offer(command, tx), contract_view)


@routes.add("POST", "/v1/contracts/{contract_id}/decline", who=WORKER, answer=ContractView)
def decline_offer(call: Call[NoBody]) -> Reply:
    """Declines the offer; its seat opens again."""
    command = DeclineOffer(call.id("contract_id", "con"), own_worker_id(call))
    return call.commit(lambda tx: offers.decline_offer(command, tx), contract_view)


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/fund",
    who=CLIENT,
    scope="money",
    body=Amount,
    answer=ContractView,
    key_required=True,
)
def fund_contract(call: Call[Amount]) -> Reply:
    """Reserves wallet money for the contract."""
    command = FundContract(call.id("contract_id", "con"), call.principal.id, call.body.amount.to_domain())
    return call.commit(lambda tx: funding.fund_contract(command, tx), contract_view)


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/bonus",
    who=CLIENT,
    scope="money",
    body=NewBonus,
    answer=BonusView,
    key_required=True,
    status=201,
)
def pay_bonus(call: Call[NewBonus]) -> Reply:
    """Pays a bonus straight out of the wallet."""
    command = PayBonus(
        call.id("contract_id", "con"),
        call.principal.id,
        call.runtime.new_id("bon"),
        call.body.amount.to_domain(),
        call.body.reason,
    )
    return call.commit(lambda tx: endings.pay_bonus(command, tx), bonus_view)


@routes.add("POST", "/v1/contracts/{contract_id}/pause", who=CLIENT, scope="work", answer=ContractView)
def pause_contract(call: Call[NoBody]) -> Reply:
    """Stops new work and funding until resumed."""
    command = StepContract(call.id("contract_id", "con"), side(call), "pause")
    return call.commit(lambda tx: endings.pause_or_resume(command, tx), contract_view)


@routes.add("POST", "/v1/contracts/{contract_id}/resume", who=CLIENT, scope="work", answer=ContractView)
def resume_contract(call: Call[NoBody]) -> Reply:
    """Goes on after a pause."""
    command = StepContract(call.id("contract_id", "con"), side(call), "resume")
    return call.commit(lambda tx: endings.pause_or_resume(command, tx), contract_view)


@routes.add("POST", "/v1/contracts/{contract_id}/complete", who=BOTH_SIDES, scope="work", answer=ContractView)
def complete_contract(call: Call[NoBody]) -> Reply:
    """Ends the contract as done; money still held goes back, less what work in review has reserved."""
    command = StepContract(call.id("contract_id", "con"), side(call), "complete")
    return call.commit(lambda tx: endings.end_contract(command, tx), contract_view)


@routes.add("POST", "/v1/contracts/{contract_id}/cancel", who=BOTH_SIDES, scope="work", answer=ContractView)
def cancel_contract(call: Call[NoBody]) -> Reply:
    """Ends the contract undone; money still held goes back, less what work in review has reserved."""
    command = StepContract(call.id("contract_id", "con"), side(call), "cancel")
    return call.commit(lambda tx: endings.end_contract(command, tx), contract_view)


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
