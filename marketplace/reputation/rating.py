"""A rating: what one side of a completed contract says about the other, once and for good.

Double blind: it is hidden until both sides have rated or the window has closed, so that neither answers
the other's. Its id derives from the contract and the side, so there cannot be two.
"""

from dataclasses import dataclass, replace

from marketplace.contracts.contract import RATING_WINDOW_SECONDS, Contract, ContractStatus
from marketplace.shared.errors import AlreadyExists, IllegalTransition
from marketplace.shared.ids import derived_within

LOWEST = 1
HIGHEST = 5
DIMENSIONS_MAX = 10
OTHER_SIDE = {"client": "worker", "worker": "client"}


@dataclass(frozen=True)
class Dimension:
    """One aspect by name, LOWEST to HIGHEST."""

    name: str
    score: int


@dataclass(frozen=True)
class Rating:
    """`side` is who rates, `about` the id of the client or worker who is rated; `position` orders lists
    by the time of rating; it is shown to everybody from `reveals_at` at the latest, epoch seconds."""

    id: str
    contract_id: str
    side: str
    about: str
    overall: int
    dimensions: tuple[Dimension, ...]
    comment: str
    created_at: int
    position: str
    reveals_at: int
    revealed: bool = False

    @property
    def due_at(self) -> int | None:
        """When its window closes, while it is hidden."""
        return None if self.revealed else self.reveals_at

    def shown(self) -> "Rating":
        """For everybody to see."""
        return replace(self, revealed=True)


def rating_id(contract_id: str, side: str) -> str:
    """The id of the one rating that this side may give."""
    return derived_within("rat", contract_id, side)


def window_closes_at(contract: Contract, side: str, at: int) -> int:
    """When rating ends, epoch seconds.

    Raises AlreadyExists when this side has rated, IllegalTransition when the contract is not completed or
    its window has closed by `at`.
    """
    if side in contract.rated_by:
        raise AlreadyExists("this side has rated the contract")
    if contract.status != ContractStatus.COMPLETED or contract.ended_at is None:
        raise IllegalTransition("a contract is rated once it is completed")
    closes_at = contract.ended_at + RATING_WINDOW_SECONDS
    if at >= closes_at:
        raise IllegalTransition("the time for rating this contract is over")
    return closes_at
