"""Our own bank payouts at Stripe: implements `OwnPayouts`. Reads only: people make them in the dashboard."""

from collections.abc import Iterator

import stripe

from marketplace.gateways.stripe_calls import PAGE_MAX, outcome_of, since_about
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass
from marketplace.treasury.own_payouts import OwnLine

_LINES = ("balance_transaction", "failure_balance_transaction")


@dataclass(frozen=True)
class StripeOwnPayouts:
    """Payouts of the platform's account."""

    client: stripe.StripeClient

    def lines_of(self, payout: str) -> Outcome[tuple[OwnLine, ...]]:
        """One request."""

        def call() -> tuple[OwnLine, ...]:
            return tuple(_lines(self.client.v1.payouts.retrieve(payout, {"expand": [*_LINES]})))

        return outcome_of(call)

    def lines_since(self, instant: int) -> Outcome[tuple[OwnLine, ...]]:
        """Page by page."""

        def call() -> tuple[OwnLine, ...]:
            expand = [f"data.{name}" for name in _LINES]
            listed = self.client.v1.payouts.list(
                {"created": since_about(instant), "limit": PAGE_MAX, "expand": expand}
            )
            return tuple(line for payout in listed.auto_paging_iter() for line in _lines(payout))

        return outcome_of(call)


def _lines(payout: stripe.Payout) -> Iterator[OwnLine]:
    for line in (payout.balance_transaction, payout.failure_balance_transaction):
        if isinstance(line, stripe.BalanceTransaction):
            yield OwnLine(line.id, payout.id, line.amount, line.fee, line.currency.upper())
