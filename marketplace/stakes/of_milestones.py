"""The money of a milestone: all of it, whether the work was handed in or not."""

from marketplace.contracts.contract import Contract
from marketplace.contracts.freezing import require_covered
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.stakes.stake import save_contract


@dataclass(frozen=True)
class MilestoneStake:
    """Implements `Stake`."""

    contract: Contract
    milestone: Milestone

    @property
    def amount(self) -> int:
        """Minor units."""
        return self.milestone.amount

    @property
    def price(self) -> int:
        """Minor units."""
        return self.milestone.amount

    @property
    def is_done(self) -> bool:
        """Whether it was handed in, and not turned down."""
        return self.milestone.status in (MilestoneStatus.SUBMITTED, MilestoneStatus.APPROVED)

    @property
    def ground(self) -> str:
        """Each submission."""
        return self.milestone.submission or ""

    def contested(self, by: str, at: int) -> "MilestoneStake":
        """Raises IllegalTransition, InsufficientFunds."""
        require_covered(self.contract, self.milestone)
        return self._with(self.contract.with_reserved(self.amount), self.milestone.contested(by, at))

    def freed(self, at: int) -> "MilestoneStake":
        """Raises IllegalTransition once the contract has ended: then it can only be divided."""
        if self.contract.ended_at is not None:
            raise IllegalTransition("the contract has ended: its money can only be divided")
        return self._with(self.contract.with_reserved(-self.amount), self.milestone.freed(at))

    def decided(self, to_worker: int, at: int) -> "MilestoneStake":
        """Raises IllegalTransition."""
        del at
        return self._with(self.contract.with_reserved_paid(to_worker), self.milestone.decided(to_worker))

    def on(self, contract: Contract) -> "MilestoneStake":
        """Of a contract with which something else was done."""
        return replace(self, contract=contract)

    @property
    def earlier(self) -> int:
        """It is paid in one piece."""
        return 0

    def stage(self, tx: Transaction) -> None:
        """The milestone is a row of the contract."""
        save_contract(self.contract, tx)

    def _with(self, contract: Contract, milestone: Milestone) -> "MilestoneStake":
        return replace(self, contract=contract.with_milestone(milestone), milestone=milestone)
