"""Payouts from our balance at Stripe to our own bank."""
# mypy: disable-error-code="no-any-return"
# It is a part of the model, whose other parts it calls by `self: Any`.

from typing import Any

from marketplace.shared.outcomes import Outcome
from marketplace.treasury.own_payouts import OwnLine
from tests.simulation.stripe_notes import ONLY


class PayoutsOfOurs:
    """A part of the model: implements `OwnPayouts`. `own` is (made at, its lines) by id."""

    own: dict[str, tuple[int, tuple[OwnLine, ...]]]

    def lines_of(self: Any, payout: str) -> Outcome[tuple[OwnLine, ...]]:
        return self._ask(lambda: self.own[payout][1])

    def lines_since(self: Any, instant: int) -> Outcome[tuple[OwnLine, ...]]:
        return self._ask(
            lambda: tuple(
                line for at, lines in self.own.values() if self._listed(at, instant) for line in lines
            )
        )

    def pay_out(self: Any, currency: str, amount: int, fee: int = 0) -> None:
        """Somebody sends so much to our bank, in Stripe's dashboard."""
        payout = self._id("po")
        self._moved(payout, payout, -amount, fee, currency)
        self._tell("payout.created", "", payout, **ONLY)

    def come_back(self: Any, payout: str) -> None:
        """Our bank will not have it, unless it came back before."""
        taken, *back = self.own[payout][1]
        if not back:
            self._moved(payout, f"{payout}_back", -taken.change, 0, taken.currency)
            self._tell("payout.failed", "", payout, **ONLY)

    def _moved(self: Any, payout: str, name: str, change: int, fee: int, currency: str) -> None:
        self._book_return(name, change, fee, currency)
        at, lines = self.own.get(payout, (self.now(), ()))
        self.own[payout] = at, (*lines, OwnLine(f"txn_{name}", payout, change, fee, currency))
