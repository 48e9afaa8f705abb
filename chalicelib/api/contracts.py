"""Contracts: offers and endings. Their money, milestones and sessions have files of their own."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.api.contract_access import side, visible_contract
from chalicelib.api.contract_views import ContractView, contract_view
from chalicelib.api.workers import own_worker_id
from chalicelib.http import BOTH_SIDES, CLIENT, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import LIST_MAX, Given, Line, Model
from marketplace.access.principals import Role
from marketplace.contracts import endings, offers
from marketplace.contracts.endings import StepContract
from marketplace.contracts.offers import AcceptOffer, DeclineOffer
from marketplace.storage.keys import CLIENT_CONTRACTS, WORKER_CONTRACTS

routes = Routes()


class Acceptance(Model):
    """The agreements that the worker signs, by id or as `agreements` names them, in the versions
    that it names, under `name`; without one, under the profile's."""

    agreement_ids: Annotated[list[Line], Field(max_length=LIST_MAX)] = []
    name: Annotated[Line | None, Given] = None


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
