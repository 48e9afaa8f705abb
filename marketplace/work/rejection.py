"""Why work or an offer is turned down: a code that machines can count, beside the words for its worker."""

from enum import StrEnum

from marketplace.shared.private import Private
from marketplace.shared.records import dataclass


class RejectionCode(StrEnum):
    """The first four are of bids, those after them of work and of minutes, and the next three are said by
    machines or follow from an end of the contract. The last but one five are of bids that came to nothing
    because something else ended."""

    NOT_SELECTED = "not_selected"
    PRICE = "price"
    EXPERIENCE = "experience"
    AVAILABILITY = "availability"
    QUALITY = "quality"
    INCOMPLETE = "incomplete"
    INSTRUCTIONS = "instructions"
    DUPLICATE = "duplicate"
    LATE = "late"
    NOT_WORKED = "not_worked"
    GOLD_MISMATCH = "gold_mismatch"
    NO_AGREEMENT = "no_agreement"
    CONTRACT_CANCELLED = "contract_cancelled"
    TASK_CLOSED = "task_closed"
    TASK_FILLED = "task_filled"
    CLIENT_LEFT = "client_left"
    UNDECIDED = "undecided"
    OFFER_CANCELLED = "offer_cancelled"
    OTHER = "other"


NOT_SELECTED_WORDS = "The client has not selected this bid."
"""Where a client gives no words of its own."""


NOT_CORRECTED_WORDS = "The client has not accepted these minutes."
"""Where a client gives no words of its own."""


_ENDED_WORDS = {
    RejectionCode.TASK_CLOSED: "The client has closed the task.",
    RejectionCode.TASK_FILLED: "Every seat of the task has been taken.",
    RejectionCode.CLIENT_LEFT: "The client has left the marketplace.",
    RejectionCode.UNDECIDED: "Nobody decided on the bid before it ended.",
    RejectionCode.OFFER_CANCELLED: "The client has taken its offer back.",
}


@dataclass(frozen=True)
class Rejection:
    """`at` is epoch seconds."""

    code: RejectionCode
    reason: Private[str]
    at: int


def ended_for(code: RejectionCode, at: int) -> Rejection:
    """Why a bid came to nothing, in words that are always the same."""
    return Rejection(code, _ENDED_WORDS[code], at)


def code_of(reason: str | None, given: RejectionCode | None) -> RejectionCode | None:
    """The code that was given, else that of a machine, whose reason is its code; None where nothing was
    turned down."""
    if reason is None or given is not None:
        return given
    return RejectionCode(reason) if reason in _MACHINES else RejectionCode.OTHER


_MACHINES = frozenset(
    {RejectionCode.GOLD_MISMATCH, RejectionCode.NO_AGREEMENT, RejectionCode.CONTRACT_CANCELLED}
)
