"""How small a payout may be, and which of those that wait can be paid for."""

from collections.abc import Iterable, Iterator

from marketplace.payouts.payout import Payout
from marketplace.shared.currencies import exponent


def minimum(currency: str) -> int:
    """The smallest payout: one major unit, in minor units."""
    return int(10 ** exponent(currency))


def affordable(waiting: Iterable[Payout], available: int) -> Iterator[Payout]:
    """Those that `available` minor units pay for, the oldest first; none overtakes an older one."""
    for payout in sorted(waiting, key=lambda payout: payout.id):
        available -= payout.amount.amount
        if available < 0:
            return
        yield payout
