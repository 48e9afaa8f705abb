"""Whose contract it is: one that is not the caller's looks as if it did not exist."""

from typing import Protocol

from marketplace.contracts.contract import Contract
from marketplace.shared.errors import NotFound
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


class OfTwo(Protocol):
    """A contract, or what is made on one."""

    @property
    def client_id(self) -> str:
        """Who pays."""

    @property
    def worker_id(self) -> str:
        """Who works."""


@dataclass(frozen=True)
class Side:
    """The calling side; exactly one of the two is set."""

    client_id: str | None = None
    worker_id: str | None = None

    def owns(self, what: OfTwo) -> bool:
        """Whether the contract, or what is made on it, is this side's."""
        return what.client_id == self.client_id or what.worker_id == self.worker_id

    @property
    def name(self) -> str:
        """`client` or `worker`."""
        return "client" if self.client_id else "worker"


def shares_in(contract: Contract, worker_id: str | None) -> bool:
    """Whether this worker is paid by the contract as one of an agency, whoever belongs to it by now."""
    members = contract.agency.members if contract.agency else None
    return any(member.worker_id == worker_id for member in members or ())


def own_contract(contract_id: str, side: Side, tx: Transaction) -> Contract:
    """Raises NotFound."""
    contract = tx.get(Contract, contract_id)
    if not side.owns(contract):
        raise NotFound
    return contract
