"""Stripe behind its port of accounts: a worker's, from its opening until its owner has completed it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from marketplace.people.ports import AccountState, OnboardingLink
from marketplace.shared.outcomes import Done, Outcome
from tests.simulation.stripe_keys import StripeKeys
from tests.simulation.stripe_notes import ONLY

ASKED_FOR_SECONDS = 25 * 86_400
"""For so long its owner asks again, should a webhook not have come."""


class Accounts:
    """A part of `StripeModel`."""

    keys: StripeKeys
    accounts: dict[str, tuple[AccountState, str, int]]
    now: Callable[[], int]
    _id: Callable[[str], str]
    _ask: Callable[[Callable[[], Any]], Outcome[Any]]
    _listed: Callable[..., bool]
    _tell: Callable[..., None]

    def open_account(self, *, key: str, worker_id: str, country: str) -> Outcome[AccountState]:
        def effect() -> Outcome[AccountState]:
            account = self._id("acct")
            state = AccountState(account, payouts_enabled=False, requirements=("dob",), worker_id=worker_id)
            self.accounts[account] = (state, country, self.now())
            return Done(state)

        return self.keys.send(self, key, (worker_id, country), effect)  # type: ignore[arg-type]

    def find_account(self, *, worker_id: str, country: str, since: int) -> Outcome[AccountState | None]:
        def value() -> AccountState | None:
            found = [
                state
                for state, where, created in self.accounts.values()
                if (state.worker_id, where) == (worker_id, country) and self._listed(created, since)
            ]
            return found[-1] if found else None

        return self._ask(value)

    def account(self, stripe_account: str) -> Outcome[AccountState]:
        return self._ask(lambda: self.accounts[stripe_account][0])

    def onboarding_link(self, stripe_account: str) -> Outcome[OnboardingLink]:
        return self._ask(lambda: OnboardingLink(f"https://connect/{stripe_account}", self.now() + 300))

    def verify(self, account: str) -> None:
        """The owner completes the account."""
        state, country, created = self.accounts[account]
        done = replace(state, payouts_enabled=True, requirements=(), instant=("USD",))
        self.accounts[account] = (done, country, created)
        only = ONLY if self.now() > created + ASKED_FOR_SECONDS else {}
        self._tell("account.updated", account, account, worker_id=state.worker_id, **only)
