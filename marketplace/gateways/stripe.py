"""Stripe as one bundle of ports. The library is imported only when a connection is made."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from marketplace.funding.ports import CardDisputes, CardPayments, CardRefunds
from marketplace.payouts.ports import PayoutRail
from marketplace.people.ports import PayoutAccounts
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass
from marketplace.treasury.own_payouts import OwnPayouts

if TYPE_CHECKING:
    from marketplace.gateways.stripe_books import BalanceTransaction


class Books(Protocol):
    """What Stripe says of our balance there."""

    def available(self) -> Outcome[dict[str, int]]:
        """Currency to what can be sent away now, minor units."""
        ...

    def balance_transactions(self, created_from: int, created_to: int) -> "Iterator[BalanceTransaction]":
        """Those created in [created_from, created_to). Raises ProviderUnavailable."""
        ...


@dataclass(frozen=True)
class StripeGateway:
    """What each capability needs of Stripe."""

    payments: CardPayments
    refunds: CardRefunds
    disputes: CardDisputes
    accounts: PayoutAccounts
    rail: PayoutRail
    books: Books
    own_payouts: OwnPayouts

    @classmethod
    def connect(cls, *, api_key: str, api_base: str, return_url: str) -> "StripeGateway":
        """Over HTTP; `return_url` is where a worker comes back to after onboarding."""
        from marketplace.gateways.stripe_accounts import StripeAccounts
        from marketplace.gateways.stripe_books import StripeBooks
        from marketplace.gateways.stripe_calls import client
        from marketplace.gateways.stripe_disputes import StripeDisputes
        from marketplace.gateways.stripe_own_payouts import StripeOwnPayouts
        from marketplace.gateways.stripe_payments import StripePayments
        from marketplace.gateways.stripe_payouts import StripePayouts
        from marketplace.gateways.stripe_refunds import StripeRefunds

        made = client(api_key, api_base)
        return cls(
            payments=StripePayments(made),
            refunds=StripeRefunds(made),
            disputes=StripeDisputes(made),
            accounts=StripeAccounts(made, return_url),
            rail=StripePayouts(made),
            books=StripeBooks(made),
            own_payouts=StripeOwnPayouts(made),
        )
