"""Trainings that a contract's worker acknowledges before work begins."""

from marketplace.compliance.agreements import is_signed
from marketplace.contracts.contract import Contract
from marketplace.shared.errors import NotEligible
from marketplace.shared.transaction import Transaction


def check_trained(contract: Contract, tx: Transaction) -> None:
    """Raises NotEligible, which names the trainings that the worker has not acknowledged."""
    missing = [row for row in contract.trainings or () if not is_signed(row, contract.worker_id, tx)]
    if missing:
        raise NotEligible(
            [
                ("training_missing", f"version {row.version} of the training {row.agreement_id} comes first")
                for row in missing
            ]
        )
