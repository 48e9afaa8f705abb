"""Whose contract it is: one that is not the caller's looks as if it did not exist."""

from dataclasses import dataclass

from marketplace.contracts.contract import Contract
from marketplace.shared.errors import NotFound
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class Side:
    """The calling side; exactly one of the two is set."""

    client_id: str | None = None
    worker_id: str | None = None

    def owns(self, contract: Contract) -> bool:
        """Whether the contract is this side's."""
        return contract.client_id == self.client_id or contract.worker_id == self.worker_id

    @property
    def name(self) -> str:
        """`client` or `worker`."""
        return "client" if self.client_id else "worker"


def own_contract(contract_id: str, side: Side, tx: Transaction) -> Contract:
    """Raises NotFound."""
    contract = tx.get(Contract, contract_id)
    if not side.owns(contract):
        raise NotFound
    return contract
