"""What the workers' payout accounts need of whoever keeps them."""

from typing import Protocol

from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class AccountState:
    """How an account stands at Stripe. `requirements` names what its owner still has to give;
    `worker_id` is empty where the account is not one of ours; `instant` are the currencies whose bank account
    takes instant payouts. (Stripe: /api/accounts/object)"""

    stripe_account: str
    payouts_enabled: bool
    requirements: tuple[str, ...]
    worker_id: str
    instant: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnboardingLink:
    """Where the owner completes the account, until `expires_at` (epoch seconds), once."""

    url: str
    expires_at: int


class PayoutAccounts(Protocol):
    """Keeps the workers' accounts. Opening is keyed: repeated, it gives the same account."""

    def open_account(self, *, key: str, worker_id: str, country: str) -> Outcome[AccountState]:
        """An account that is paid out only when we say so. `country` is ISO 3166-1 alpha-2."""
        ...

    def find_account(self, *, worker_id: str, country: str, since: int) -> Outcome[AccountState | None]:
        """What was opened for a worker from `since` (epoch seconds) on, should the answer be lost."""
        ...

    def account(self, stripe_account: str) -> Outcome[AccountState]:
        """How it stands now."""
        ...

    def onboarding_link(self, stripe_account: str) -> Outcome[OnboardingLink]:
        """A fresh link."""
        ...
