"""Who asks about a contract, and what of it they may read."""

from typing import Any, Protocol, TypeVar

from chalicelib.api.workers import own_worker_id
from chalicelib.http import Call
from marketplace.access.principals import Role
from marketplace.contracts.access import OfTwo, Side, shares_in
from marketplace.contracts.contract import Contract
from marketplace.people.agency import Agency
from marketplace.shared.errors import NotFound


class OfContract(OfTwo, Protocol):
    """What is made on a contract."""

    @property
    def contract_id(self) -> str:
        """Which one."""


Part = TypeVar("Part", bound=OfContract)


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
