"""Law 2 for money on its way to workers: their payouts own it, each its own part, and so no balance keeps
it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from marketplace.ledger.audit import Balances, Breach
from marketplace.ledger.totals import Totals
from marketplace.shared import accounts


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


def payout_breaches(
    totals: Totals, payouts: Iterable[PayoutMoney], kept: Mapping[str, Balances]
) -> Iterator[Breach]:
    """What payouts own is what was posted, and what a worker has withdrawn is where their payouts say."""
    owned: Counter[tuple[str, str]] = Counter()
    withdrawn: Counter[tuple[str, str]] = Counter()
    for payout in payouts:
        if min(payout.in_transit, payout.at_stripe, payout.paid) < 0:
            yield Breach(2, payout.id, "owns less than nothing")
        owned[accounts.in_transit(payout.worker_id), payout.currency] += payout.in_transit
        owned[accounts.at_stripe(payout.worker_id), payout.currency] += payout.at_stripe
        all_of_it = payout.in_transit + payout.at_stripe + payout.paid
        withdrawn[accounts.worker_owner(payout.worker_id), payout.currency] += all_of_it
    posted = {
        (account, currency): -sides.balance
        for currency, account, sides in totals
        if accounts.is_of_payouts(account)
    }
    figures = {
        (owner, currency): names[accounts.WITHDRAWN]
        for owner, balances in kept.items()
        for currency, names in balances.items()
        if accounts.WITHDRAWN in names
    }
    yield from _unequal(owned, posted, "was posted")
    yield from _unequal(withdrawn, figures, "is told as withdrawn")


def _unequal(
    owned: Mapping[tuple[str, str], int], other: Mapping[tuple[str, str], int], told: str
) -> Iterator[Breach]:
    for place in sorted(owned.keys() | other.keys()):
        subject, currency = place
        if owned.get(place, 0) != other.get(place, 0):
            detail = f"payouts have {owned.get(place, 0)} {currency}, {other.get(place, 0)} {told}"
            yield Breach(2, subject, detail)
