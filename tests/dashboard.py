"""What people do to our own account in Stripe's dashboard."""

from typing import Any

import httpx

from marketplace.settings import Settings

TIMEOUT_SECONDS = 10.0


class Dashboard:
    """Of the Stripe that these settings name."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.stripe_api_base
        self._headers = {"Authorization": f"Bearer {settings.stripe_api_key}"}

    def account(self) -> str:
        """Our own id there."""
        return str(self._asked("GET", "/v1/account")["id"])

    def charge(self, cents: int) -> None:
        """A card, for nothing that we know of."""
        self._asked(
            "POST",
            "/v1/payment_intents",
            amount=cents,
            currency="usd",
            confirm="true",
            payment_method="pm_card_visa",
            **{"payment_method_types[]": "card"},
        )

    def pay_out(self, cents: int, method: str = "standard") -> str:
        """To our own bank: the payout's id."""
        return str(self._asked("POST", "/v1/payouts", amount=cents, currency="usd", method=method)["id"])

    def _asked(self, verb: str, path: str, **form: Any) -> Any:
        answer = httpx.request(
            verb, self._base + path, data=form or None, headers=self._headers, timeout=TIMEOUT_SECONDS
        )
        assert answer.is_success, answer.text
        return answer.json()
