"""Law 2 for money on its way to workers: payouts own it, each its own part, and so no balance keeps it."""

from collections.abc import Iterable, Iterator, Mapping

from marketplace.ledger.audit import Balances, Breach
from marketplace.ledger.totals import Totals
from marketplace.shared import accounts
from marketplace.shared.records import dataclass

NAMES = ("in_transit", "at_stripe")
_OUT = "out"


@dataclass(frozen=True)
class PayoutMoney:
    """A payout's head: where its money is, minor units of `currency`; all of it that has not come back is in
    one of the three places."""

    id: str
    worker_id: str
    currency: str
    in_transit: int
    at_stripe: int
    paid: int

    @property
    def figures(self) -> dict[str, int]:
        """What it adds to what its worker's payouts come to."""
        all_of_it = self.in_transit + self.at_stripe + self.paid
        parts = ((NAMES[0], self.in_transit), (NAMES[1], self.at_stripe), (_OUT, all_of_it))
        return {f"{self.currency} {name}": amount for name, amount in parts}


def part_breaches(payout: PayoutMoney) -> Iterator[Breach]:
    """No place of a payout holds less than nothing."""
    if min(payout.in_transit, payout.at_stripe, payout.paid) < 0:
        yield Breach(2, payout.id, "owns less than nothing")


def payout_breaches(
    owner: str, totals: Totals, counted: Mapping[str, int], kept: Balances
) -> Iterator[Breach]:
    """What a worker's payouts own is what was posted, and what went out is where they say; `counted` adds up
    the `figures` of all of them."""
    currencies = {*totals.currencies, *kept}
    for currency in sorted(currencies):
        for name in NAMES:
            posted = -totals.sides(currency, f"{owner}:{name}").balance
            own = counted.get(f"{currency} {name}", 0)
            if own != posted:
                yield Breach(2, f"{owner}:{name}", f"payouts own {own} {currency}, {posted} was posted")
        told = kept.get(currency, {}).get(accounts.WITHDRAWN, 0)
        out = counted.get(f"{currency} {_OUT}", 0)
        if out != told:
            yield Breach(2, owner, f"payouts have {out} {currency}, {told} is told as withdrawn")


def added_up(payouts: Iterable[PayoutMoney]) -> dict[str, dict[str, int]]:
    """The figures of many, by their workers' owner."""
    sums: dict[str, dict[str, int]] = {}
    for payout in payouts:
        of_owner = sums.setdefault(accounts.worker_owner(payout.worker_id), {})
        for name, amount in payout.figures.items():
            of_owner[name] = of_owner.get(name, 0) + amount
    return sums
