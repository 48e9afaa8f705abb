"""The money that a scorecard withholds: a stake of its own, set aside as the work was paid."""

from marketplace.contracts.contract import Contract
from marketplace.outcomes.outcome import Outcome
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.stakes.stake import save_all


@dataclass(frozen=True)
class WithheldStake:
    """Implements `Stake`."""

    contract: Contract
    outcome: Outcome

    @property
    def amount(self) -> int:
        """Minor units."""
        return self.outcome.set_aside

    @property
    def price(self) -> int:
        """Minor units."""
        return self.outcome.deduction

    @property
    def is_done(self) -> bool:
        """The work was."""
        return True

    @property
    def ground(self) -> str:
        """There is one."""
        return ""

    def contested(self, by: str, at: int) -> "WithheldStake":
        """Raises IllegalTransition."""
        return replace(self, outcome=self.outcome.contested(by, at))

    def freed(self, at: int) -> "WithheldStake":
        """Also when the contract has ended: its money stays reserved."""
        return replace(self, outcome=self.outcome.freed(at))

    def decided(self, to_worker: int, at: int) -> "WithheldStake":
        """Raises IllegalTransition."""
        del at
        contract = self.contract.with_reserved_paid(to_worker)
        return WithheldStake(contract, self.outcome.decided(to_worker))

    def on(self, contract: Contract) -> "WithheldStake":
        """Of a contract with which something else was done."""
        return replace(self, contract=contract)

    @property
    def earlier(self) -> int:
        """The work was paid, less what is withheld."""
        return self.outcome.price - self.outcome.deduction

    def stage(self, tx: Transaction) -> None:
        """The outcome, and the contract if money moved."""
        save_all(self.contract, tx, self.outcome)
