"""What can be disputed: a piece of work that is not paid, or what a scorecard withholds."""

from marketplace.contracts.contract import Contract
from marketplace.outcomes.outcome import Outcome
from marketplace.outcomes.withheld import WithheldStake
from marketplace.shared.ids import prefix_of
from marketplace.shared.transaction import Transaction
from marketplace.stakes import work
from marketplace.stakes.stake import Stake


def stake_in(contract: Contract, subject_id: str, tx: Transaction) -> Stake:
    """The money that is disputed with it. Raises InvalidRequest."""
    if prefix_of(subject_id) != "out":
        return work.stake_in(contract, subject_id, tx)
    outcome = tx.find(Outcome, subject_id)
    if outcome is None or outcome.contract_id != contract.id:
        raise work.unknown_subject()
    return WithheldStake(contract, outcome)
