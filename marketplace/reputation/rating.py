"""A rating: what one side of a completed contract says about the other, once and for good.

Double blind: it is hidden until both sides have rated or the window has closed, so that neither answers
the other's. Its id derives from the contract and the side, so there cannot be two.

    hidden ──shown──> revealed ──removed──> removed ──restored──> restored
                                 by an operator, with a reason; and once, by another, on its giver's appeal

What was said is kept for ever; one that is removed is in no list and counts for nothing. One that is restored
stands, for good.
"""

from enum import StrEnum

from marketplace.contracts.contract import RATING_WINDOW_SECONDS, Contract, ContractStatus
from marketplace.shared.errors import AlreadyExists, IllegalTransition
from marketplace.shared.ids import derived_within
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

LOWEST = 1
HIGHEST = 5
DIMENSIONS_MAX = 10
OTHER_SIDE = {"client": "worker", "worker": "client"}


@dataclass(frozen=True)
class Dimension:
    """One aspect by name, LOWEST to HIGHEST."""

    name: str
    score: int


class RemovalCode(StrEnum):
    """Why a rating is taken out."""

    ABUSIVE = "abusive"
    PERSONAL_DATA = "personal_data"
    NOT_ABOUT_THE_WORK = "not_about_the_work"
    COERCED = "coerced"
    FALSE = "false"
    LEGAL = "legal"
    OTHER = "other"


@dataclass(frozen=True)
class Removal:
    """`by` is the operator, `at` epoch seconds."""

    by: str
    at: int
    reason_code: RemovalCode
    reason: Private[str]


@dataclass(frozen=True)
class Rating:
    """`side` is who rates, `about` the id of the client or worker who is rated; `position` orders lists
    by the time of rating; it is shown to everybody from `reveals_at` at the latest, epoch
    seconds. `removal` is kept of one that was put back at `restored_at`."""

    id: str
    contract_id: str
    side: str
    about: str
    overall: int
    dimensions: tuple[Dimension, ...]
    comment: Private[str]
    created_at: int
    position: str
    reveals_at: int
    revealed: bool = False
    removal: Removal | None = None
    restored_at: int | None = None

    @property
    def is_removed(self) -> bool:
        """Whether an operator has taken it out, and no other has put it back."""
        return self.removal is not None and self.restored_at is None

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it, and it counts."""
        return self.revealed and not self.is_removed

    @property
    def scores(self) -> dict[str, int]:
        """The dimensions by name."""
        return {row.name: row.score for row in self.dimensions}

    @property
    def due_at(self) -> int | None:
        """When its window closes, while it is hidden."""
        return None if self.revealed else self.reveals_at

    def shown(self) -> "Rating":
        """For everybody to see."""
        return replace(self, revealed=True)

    def removed(self, removal: Removal) -> "Rating":
        """For nobody to see. Raises IllegalTransition while it is hidden, once it is removed, and when it was
        restored."""
        self.require_contestable()
        return replace(self, removal=removal)

    def restored(self, at: int) -> "Rating":
        """As if it had not been removed. Raises IllegalTransition."""
        if not self.is_removed:
            raise IllegalTransition("the rating is not removed")
        return replace(self, restored_at=at)

    def require_contestable(self) -> None:
        """Raises IllegalTransition, also when the last word on it has been said."""
        self.require_public()
        if self.restored_at is not None:
            raise IllegalTransition("the rating was put back on appeal, and stays")

    def require_public(self) -> None:
        """Raises IllegalTransition."""
        if not self.is_public:
            raise IllegalTransition("the rating is " + ("removed" if self.removal else "hidden"))


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
