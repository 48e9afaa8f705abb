"""A payout that is at the bank within minutes, where worker, bank and Stripe can (Stripe:
/connect/instant-payouts). Whatever speaks against it, it goes the standard way instead, without a fee.
"""

from enum import StrEnum

from marketplace.payouts.states import Failure
from marketplace.shared.records import dataclass


class Method(StrEnum):
    """How fast; `standard` takes days."""

    STANDARD = "standard"
    INSTANT = "instant"


class FeePayer(StrEnum):
    """Who bears what Stripe asks for an instant payout."""

    WORKER = "worker"
    PLATFORM = "platform"


@dataclass(frozen=True)
class Instant:
    """It was asked for at once; `fee` minor units are kept for that. With a `refusal` it goes, or went, the
    standard way, and the fee was given back. `bank` is the instant payout at Stripe, once there is one."""

    fee: int
    refusal: Failure | None = None
    bank: str | None = None
