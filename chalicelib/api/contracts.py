"""Contracts: offers, funding and endings. Milestones and sessions have files of their own."""

from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import Field

from chalicelib.api.contract_views import ContractView, contract_view
from chalicelib.api.workers import own_worker_id
from chalicelib.http import BOTH_SIDES, CLIENT, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import LIST_MAX, Given, Instant, Line, Model, Money
from marketplace.access.principals import Role
from marketplace.contracts import endings, funding, offers
from marketplace.contracts.access import OfTwo, Side, shares_in
from marketplace.contracts.contract import Contract
from marketplace.contracts.endings import Bonus, PayBonus, StepContract
from marketplace.contracts.funding import FundContract
from marketplace.contracts.offers import AcceptOffer, DeclineOffer
from marketplace.people.agency import Agency
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import CLIENT_CONTRACTS, WORKER_CONTRACTS

routes = Routes()


class OfContract(OfTwo, Protocol):
    """What is made on a contract."""

    @property
    def contract_id(self) -> str:
        """Which one."""


Part = TypeVar("Part", bound=OfContract)


class Acceptance(Model):
    """The agreements that the worker signs, by id or as `agreements` names them, in the versions
    that it names, under `name`; without one, under the profile's."""

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
    """The path's contract, to be read. Raises NotFound, also when it is somebody else's."""
    return _readable(call, call.id("contract_id", "con"))


def visible_part(call: Call[Any], part: Part) -> Part:
    """What belongs to a contract, for whoever may read that. Raises NotFound."""
    if not side(call).owns(part):
        _readable(call, part.contract_id)
    return part


def _readable(call: Call[Any], contract_id: str) -> Contract:
    """For its two sides, and the members of the agency whose work it is. Raises NotFound."""
    contract, asking = call.get(Contract, contract_id), side(call)
    if asking.owns(contract) or shares_in(contract, asking.worker_id):
        return contract
    agency = call.find(Agency, contract.agency.agency_id) if contract.agency and asking.worker_id else None
    if agency is None or not agency.is_member(asking.worker_id or ""):
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


@routes.add(
    "POST", "/v1/contracts/{contract_id}/decline", who=WORKER, answer=ContractView, open_to_suspended=True
)
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
