"""Cards at Stripe: implements `CardPayments`."""

import stripe

from marketplace.funding.ports import CardPayment, ChargeFee, OpenedPayment
from marketplace.gateways.stripe_calls import PAGE_MAX, around, id_of, ours, outcome_of
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass


class UnexpectedCurrency(RuntimeError):
    """Stripe settled a charge in another currency than it was made in: our account is not set up for it."""


@dataclass(frozen=True)
class StripePayments:
    """Payment intents and charges of the platform's account."""

    client: stripe.StripeClient

    def open_payment(
        self, *, key: str, top_up_id: str, client_id: str, amount: Money
    ) -> Outcome[OpenedPayment]:
        """Only methods that pay at once: one that redirects may take days to say whether it did."""

        def call() -> OpenedPayment:
            intent = self.client.v1.payment_intents.create(
                {
                    "amount": amount.amount,
                    "currency": amount.currency.lower(),
                    "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                    "metadata": {"top_up_id": top_up_id, "client_id": client_id},
                    "transfer_group": top_up_id,
                },
                {"idempotency_key": key},
            )
            return OpenedPayment(intent.id, intent.client_secret or "")

        return outcome_of(call)

    def find_payment(
        self, *, top_up_id: str, asked_at: int, until: int | None = None
    ) -> Outcome[OpenedPayment | None]:
        """Among the payments opened around that instant, or from then on; there is no filter by metadata."""

        def call() -> OpenedPayment | None:
            created = around(asked_at, until)
            listed = self.client.v1.payment_intents.list({"created": created, "limit": PAGE_MAX})
            for intent in listed.auto_paging_iter():
                if ours(intent.metadata, "top_up_id") == top_up_id:
                    return OpenedPayment(intent.id, intent.client_secret or "")
            return None

        return outcome_of(call)

    def payment(self, payment_intent: str) -> Outcome[CardPayment]:
        """How it stands now."""
        return outcome_of(lambda: _payment(self.client.v1.payment_intents.retrieve(payment_intent)))

    def fee_of(self, charge: str) -> Outcome[ChargeFee | None]:
        """Raises UnexpectedCurrency."""

        def call() -> ChargeFee | None:
            found = self.client.v1.charges.retrieve(charge, {"expand": ["balance_transaction"]})
            line = found.balance_transaction
            if line is None or isinstance(line, str):
                return None
            if line.currency != found.currency:
                raise UnexpectedCurrency(f"{found.id} in {found.currency}, {line.id} in {line.currency}")
            return ChargeFee(
                balance_transaction=line.id,
                charge=found.id,
                fee=Money(line.fee, line.currency.upper()),
                top_up_id=ours(found.metadata, "top_up_id"),
            )

        return outcome_of(call)


def _payment(intent: stripe.PaymentIntent) -> CardPayment:
    return CardPayment(
        payment_intent=intent.id,
        succeeded=intent.status == "succeeded",
        received=Money(intent.amount_received, intent.currency.upper()),
        charge=id_of(intent.latest_charge),
        top_up_id=ours(intent.metadata, "top_up_id"),
    )
