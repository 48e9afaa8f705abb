"""Balance and balance transactions, as the API shows them.

Source: https://docs.stripe.com/api/balance, https://docs.stripe.com/api/balance_transactions
"""

from sandbox.stripe import books
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import automatic_payouts, instant_payouts
from sandbox.stripe.params import Currency, OneOf, Range, Text, body, listing
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

TYPES = (
    "adjustment", "advance", "advance_funding", "anticipation_repayment", "application_fee",
    "application_fee_refund", "charge", "climate_order_purchase", "climate_order_refund",
    "connect_collection_transfer", "contribution", "fee_credit_funding", "inbound_transfer",
    "inbound_transfer_reversal", "issuing_authorization_hold", "issuing_authorization_release",
    "issuing_dispute", "issuing_transaction", "obligation_outbound", "obligation_reversal_inbound",
    "payment", "payment_failure_refund", "payment_network_reserve_hold", "payment_network_reserve_release",
    "payment_refund", "payment_reversal", "payment_unreconciled", "payout", "payout_cancel",
    "payout_failure", "payout_minimum_balance_hold", "payout_minimum_balance_release", "refund",
    "refund_failure", "reserve_hold", "reserve_release", "reserve_transaction", "reserved_funds",
    "stripe_balance_payment_debit", "stripe_balance_payment_debit_reversal", "stripe_fee", "stripe_fx_fee",
    "tax_fee", "topup", "topup_reversal", "transfer", "transfer_cancel", "transfer_failure",
    "transfer_refund",
)  # fmt: skip
"""Every type that Stripe can filter by, whether or not this Stripe makes it."""


def balance(step: Step, _params: Obj) -> Obj:
    """What is available and pending, per currency, and where a bank account takes it, available at once."""
    at_once = instant_payouts.shown(step)
    return books.balance(step.state, step.account) | ({"instant_available": at_once} if at_once else {})


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("balance_transaction", params["id"], param="id")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `created`, `currency`, `payout`, `source`, `type`.

    Raises StripeError for a manual payout: Stripe lists the transactions of automatic ones only.
    """
    alike = matching(params, "currency", "source", "type")
    paid_out = automatic_payouts.contents(step, params["payout"]) if "payout" in params else None
    return page(
        step.shelf("balance_transaction"),
        params,
        url="/v1/balance_transactions",
        noun="balance_transaction",
        keep=lambda row: alike(row) and (paid_out is None or row["id"] in paid_out),
    )


ROUTES = [
    Route("GET", "/v1/balance", balance, body(), "balance"),
    Route("GET", "/v1/balance_transactions/{id}", retrieve, body(), "balance_transaction"),
    Route(
        "GET",
        "/v1/balance_transactions",
        list_,
        listing(created=Range(), currency=Currency(), payout=Text(), source=Text(), type=OneOf(*TYPES)),
        "list of balance_transaction",
    ),
]
