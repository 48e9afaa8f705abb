"""What one chargeback took out of one contract's hold, until that is over."""

from marketplace.shared.ids import derived_within
from marketplace.shared.records import dataclass, replace


@dataclass(frozen=True)
class TakenHold:
    """`amount` in minor units; `is_over` once it was given back, or the contract goes on without it."""

    id: str
    chargeback_id: str
    contract_id: str
    amount: int
    is_over: bool = False

    def over(self) -> "TakenHold":
        """The contract is not contested by this chargeback any more."""
        return replace(self, is_over=True)


def taken_hold_id(chargeback_id: str, contract_id: str) -> str:
    """A chargeback takes from a contract once."""
    return derived_within("tkn", contract_id, chargeback_id)
