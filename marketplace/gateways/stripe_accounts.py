"""The workers' connected accounts at Stripe: implements `PayoutAccounts`."""

from typing import Any

import stripe

from marketplace.gateways.stripe_calls import PAGE_MAX, ours, outcome_of, since_about
from marketplace.people.ports import AccountState, OnboardingLink
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class StripeAccounts:
    """`return_url` is where Stripe sends a worker who has been through onboarding, or must start again."""

    client: stripe.StripeClient
    return_url: str

    def open_account(self, *, key: str, worker_id: str, country: str) -> Outcome[AccountState]:
        """Money leaves only by a payout of ours. (Stripe: /connect/manual-payouts)"""

        def call() -> AccountState:
            account = self.client.v1.accounts.create(
                {
                    "country": country,
                    "business_type": "individual",
                    "controller": {
                        "fees": {"payer": "application"},
                        "losses": {"payments": "application"},
                        "requirement_collection": "stripe",
                        "stripe_dashboard": {"type": "express"},
                    },
                    "capabilities": {"transfers": {"requested": True}},
                    "settings": {"payouts": {"schedule": {"interval": "manual"}}},
                    "metadata": {"worker_id": worker_id},
                },
                {"idempotency_key": key},
            )
            return _state(account)

        return outcome_of(call)

    def find_account(self, *, worker_id: str, country: str, since: int) -> Outcome[AccountState | None]:
        """The worker's newest in that country; there is no filter by metadata."""

        def call() -> AccountState | None:
            listed = self.client.v1.accounts.list({"created": since_about(since), "limit": PAGE_MAX})
            for account in listed.auto_paging_iter():
                if ours(account.metadata, "worker_id") == worker_id and account.country == country:
                    return _state(account)
            return None

        return outcome_of(call)

    def account(self, stripe_account: str) -> Outcome[AccountState]:
        """How it stands now."""
        return outcome_of(lambda: _state(self.client.v1.accounts.retrieve(stripe_account)))

    def onboarding_link(self, stripe_account: str) -> Outcome[OnboardingLink]:
        """A link lives some minutes and opens once. (Stripe: /api/account_links)"""

        def call() -> OnboardingLink:
            link = self.client.v1.account_links.create(
                {
                    "account": stripe_account,
                    "type": "account_onboarding",
                    "refresh_url": self.return_url,
                    "return_url": self.return_url,
                }
            )
            return OnboardingLink(link.url, link.expires_at)

        return outcome_of(call)


def _state(account: stripe.Account) -> AccountState:
    wanted = account.requirements.currently_due if account.requirements else None
    return AccountState(
        stripe_account=account.id,
        payouts_enabled=bool(account.payouts_enabled),
        requirements=tuple(wanted or ()),
        worker_id=ours(account.metadata, "worker_id"),
        instant=tuple(sorted({row.currency.upper() for row in _banks(account) if _is_instant(row)})),
    )


def _banks(account: stripe.Account) -> list[Any]:
    """The bank accounts and cards that Stripe shows within the account: the ten last used."""
    return list(account.external_accounts.data) if account.external_accounts else []


def _is_instant(bank: Any) -> bool:
    """Whether it takes instant payouts. (Stripe: /connect/instant-payouts#external-account-eligibility)"""
    return "instant" in (bank.available_payout_methods or ())
