"""Where the gateway's tests find a Stripe: a local one, or with `--real-stripe` Stripe itself, in test mode.

    STRIPE_TEST_KEY        a secret or restricted key of test mode
    STRIPE_TEST_ACCOUNT    an onboarded connected account of that platform, without which one test is skipped
    STRIPE_TEST_BASE       where that Stripe answers, if it is not https://api.stripe.com

Only what both can do stands here; whoever needs more of the local one says so by using `LocalStripe`.
"""

import os
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import stripe

from marketplace.gateways.stripe import StripeGateway
from marketplace.gateways.stripe_calls import client
from tests.contract.local_stripe import LocalStripe

REAL_BASE = "https://api.stripe.com"
RETURN_URL = "https://example.com/back"
TEST_KEYS = ("sk_test_", "rk_test_")
BOOKED_SECONDS_MAX = 30
"""How long Stripe itself may take to book a charge."""


@dataclass(frozen=True)
class There:
    """A Stripe and the product's gateway to it. Names are made for one test only, so that a Stripe that
    remembers earlier runs does not answer for them. `local` is None at Stripe itself."""

    gateway: StripeGateway
    client: stripe.StripeClient
    local: LocalStripe | None

    def name(self, prefix: str) -> str:
        """An id that nobody has used before."""
        return f"{prefix}_{uuid.uuid4().hex}"

    def now(self) -> int:
        """Epoch seconds there."""
        return self.local.clock.now() if self.local else int(time.time())

    def pay(self, payment_intent: str) -> None:
        """By the test card whose money is available at once."""
        self.client.v1.payment_intents.confirm(payment_intent, {"payment_method": "pm_card_bypassPending"})

    def book(self, charge: str) -> None:
        """Returns when the charge has a balance transaction."""
        if self.local:
            self.local.after(1)
        for _ in range(BOOKED_SECONDS_MAX):
            if self.client.v1.charges.retrieve(charge).balance_transaction:
                return
            time.sleep(1)
        pytest.fail(f"{charge} is not booked after {BOOKED_SECONDS_MAX} s")

    def verified_account(self) -> str:
        """An onboarded account; at Stripe itself the one that the environment names."""
        if self.local:
            return self.local.verified_worker()
        account = os.environ.get("STRIPE_TEST_ACCOUNT", "")
        if not account:
            pytest.skip("STRIPE_TEST_ACCOUNT names no onboarded account")
        return account


def connect(base: str, key: str = "sk_test_x") -> StripeGateway:
    """The product's gateway to the Stripe that answers at `base`."""
    return StripeGateway.connect(api_key=key, api_base=base, return_url=RETURN_URL)


@pytest.fixture
def there(request: pytest.FixtureRequest) -> Iterator[There]:
    """A Stripe for one test."""
    if request.config.getoption("--real-stripe"):
        key = os.environ.get("STRIPE_TEST_KEY", "")
        if not key.startswith(TEST_KEYS):
            pytest.fail("STRIPE_TEST_KEY holds no key of test mode (sk_test_... or rk_test_...)")
        base = os.environ.get("STRIPE_TEST_BASE", REAL_BASE)
        yield There(connect(base, key), client(key, base), None)
        return
    local = LocalStripe.start()
    base = local.server.base_url
    yield There(connect(base), client("sk_test_x", base), local)
    local.close()
