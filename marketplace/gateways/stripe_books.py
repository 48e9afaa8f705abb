"""Stripe's own books of the platform's account: what reconciliation compares our ledger with."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import stripe

from marketplace.gateways.stripe_calls import PAGE_MAX, id_of, outcome_of
from marketplace.shared.errors import ProviderUnavailable
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass

STRIPE_FEE = "stripe_fee"
"""The type of a balance transaction that is nothing but a fee. (Stripe:
/reports/balance-transaction-types)
"""

Row = TypeVar("Row")


@dataclass(frozen=True)
class BalanceTransaction:
    """A movement of our balance. Amounts are minor units of `currency` (ISO 4217, upper case), `amount`
    signed and gross of `fee`, or a fee itself; `created` is epoch seconds.
    (Stripe: /api/balance_transactions/object)"""

    id: str
    amount: int
    fee: int
    currency: str
    source: str | None
    created: int
    is_fee: bool = False


@dataclass(frozen=True)
class StripeBooks:
    """Reads only. Lists raise ProviderUnavailable when Stripe does not answer."""

    client: stripe.StripeClient

    def available(self) -> Outcome[dict[str, int]]:
        """Currency to what can be sent away now, minor units."""

        def call() -> dict[str, int]:
            balance = self.client.v1.balance.retrieve()
            return {row.currency.upper(): row.amount for row in balance.available}

        return outcome_of(call)

    def balance_transactions(self, created_from: int, created_to: int) -> Iterator[BalanceTransaction]:
        """Those created in [created_from, created_to), newest first."""
        window: stripe.params.BalanceTransactionListParams = {
            "created": {"gte": created_from, "lt": created_to},
            "limit": PAGE_MAX,
        }
        for row in _each(lambda: self.client.v1.balance_transactions.list(window).auto_paging_iter()):
            yield BalanceTransaction(
                id=row.id,
                amount=row.amount,
                fee=row.fee,
                currency=row.currency.upper(),
                source=id_of(row.source) or None,
                created=row.created,
                is_fee=row.type == STRIPE_FEE,
            )


def _each(listed: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """Every row, page by page. Raises ProviderUnavailable."""
    try:
        yield from listed()
    except stripe.StripeError as failed:
        raise ProviderUnavailable(f"Stripe's books cannot be read: {failed.user_message}") from failed
