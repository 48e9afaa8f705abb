"""The price of a result that waits, or that was rejected: then it is set aside anew, if there is money
left."""

from marketplace.contracts.contract import Contract
from marketplace.results import hold
from marketplace.results.answering import tally_in_review
from marketplace.results.result import Result, ResultStatus
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.stakes.stake import save_all


@dataclass(frozen=True)
class ResultStake:
    """Implements `Stake`; `tallied` is how many more results of the worker wait for their money after it."""

    contract: Contract
    result: Result
    tallied: int = 0

    @property
    def amount(self) -> int:
        """Minor units."""
        return self.result.price.amount

    @property
    def price(self) -> int:
        """Minor units."""
        return self.result.price.amount

    @property
    def is_done(self) -> bool:
        """Whether it was handed in, and not turned down."""
        return self.result.status in (ResultStatus.SUBMITTED, ResultStatus.ACCEPTED)

    @property
    def ground(self) -> str:
        """Before and after its rejection."""
        return self.result.status

    def contested(self, by: str, at: int) -> "ResultStake":
        """Raises IllegalTransition, InsufficientFunds."""
        result = self.result.contested(by, at)
        contract = hold.contested(self.contract, waiting=self._waits)
        return ResultStake(contract, result, self.tallied + (not self._waits))

    def freed(self, at: int) -> "ResultStake":
        """Raises IllegalTransition once the contract has ended: then it can only be divided."""
        if self.contract.ended_at is not None:
            raise IllegalTransition("the contract has ended: its money can only be divided")
        contract = hold.uncontested(self.contract, waiting=self._waits)
        return ResultStake(contract, self.result.freed(at), self.tallied - (not self._waits))

    def decided(self, to_worker: int, at: int) -> "ResultStake":
        """Raises IllegalTransition."""
        contract = hold.decided(self.contract, to_worker)
        return ResultStake(contract, self.result.decided(to_worker, at), self.tallied - 1)

    def on(self, contract: Contract) -> "ResultStake":
        """Of a contract with which something else was done."""
        return replace(self, contract=contract)

    @property
    def earlier(self) -> int:
        """It is paid in one piece."""
        return 0

    def stage(self, tx: Transaction) -> None:
        """The result and its contract, and the figure of what waits."""
        save_all(self.contract, tx, self.result)
        if self.tallied:
            tally_in_review(self.result, self.contract, self.tallied, tx)

    @property
    def _waits(self) -> bool:
        return self.result.status == ResultStatus.SUBMITTED


def stake_of(contract: Contract, result: Result) -> ResultStake:
    """The price of a result."""
    return ResultStake(contract, result)
