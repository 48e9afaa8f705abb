"""The states of a payout, and the words that say why it stands where it stands.

    pending <──> unknown      an outcome at Stripe that is looked up
       │   └────┬───┘
       │        ├──> failed   refused: the money is available again, or waits at Stripe
       │        └──> sent ──┬──> paid ──> failed      a bank may return what it had taken
       │                    └──> failed ──retry──> pending
       │                           └──reverse──> failed      some of its money comes back, or all
       └──> cancelled         only while its transfer is parked: docs/decisions/0010

Only what failed at the bank is tried again, or fetched back: its money waits at Stripe. One that waits there
to be tried again fails when Stripe's dashboard was used to fetch back all of it.
"""

from enum import StrEnum

from marketplace.shared.private import Private
from marketplace.shared.records import dataclass


class PayoutStatus(StrEnum):
    """`sent` is on its way to the bank, `paid` is there; `unknown` waits for a look-up."""

    PENDING = "pending"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a payout waits."""

    AWAITING_FUNDS = "awaiting_funds"
    ACCOUNT_NOT_VERIFIED = "account_not_verified"
    HELD_NEW_ACCOUNT = "held_new_account"
    NEEDS_APPROVAL = "needs_approval"
    BANK_FAILED = "bank_failed"
    BEING_REVERSED = "being_reversed"


class Stage(StrEnum):
    """Where it failed: the money is back at `transfer`, and waits at Stripe at `bank`."""

    TRANSFER = "transfer"
    BANK = "bank"


class Need(StrEnum):
    """What a payout needs next of Stripe; before `clearance` nothing may be asked there. A `look` is for
    what may have happened since, unheard, to one that seems to be over."""

    CLEARANCE = "clearance"
    TRANSFER = "transfer"
    BANK = "bank"
    ARRIVAL = "arrival"
    REVERSAL = "reversal"
    LOOK = "look"
    NOTHING = "nothing"


_UNDER_WAY = (PayoutStatus.PENDING, PayoutStatus.UNKNOWN)

TRANSITIONS = {
    **{(status, "wait"): PayoutStatus.PENDING for status in _UNDER_WAY},
    **{(status, "lose"): PayoutStatus.UNKNOWN for status in _UNDER_WAY},
    **{(status, "send"): PayoutStatus.SENT for status in _UNDER_WAY},
    **{
        (status, "fail"): PayoutStatus.FAILED
        for status in (*_UNDER_WAY, PayoutStatus.SENT, PayoutStatus.PAID)
    },
    (PayoutStatus.SENT, "pay"): PayoutStatus.PAID,
    (PayoutStatus.FAILED, "retry"): PayoutStatus.PENDING,
    (PayoutStatus.PENDING, "cancel"): PayoutStatus.CANCELLED,
}
OVER = (PayoutStatus.PAID, PayoutStatus.FAILED, PayoutStatus.CANCELLED)


@dataclass(frozen=True)
class Failure:
    """`code` and `message` are Stripe's."""

    stage: Stage
    code: str
    message: Private[str]
