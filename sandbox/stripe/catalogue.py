"""Everything that is registered: the resources with their endpoints, and what falls due by itself."""

from collections.abc import Callable

from sandbox.stripe import books
from sandbox.stripe.objects import (
    account_links,
    accounts,
    balances,
    charges,
    customers,
    events,
    payment_intents,
    payment_methods,
    payouts,
    transfers,
    webhook_endpoints,
)
from sandbox.stripe.router import Route
from sandbox.stripe.step import Action, Step

RESOURCES = (
    account_links,
    accounts,
    balances,
    charges,
    customers,
    events,
    payment_intents,
    payment_methods,
    payouts,
    transfers,
    webhook_endpoints,
)
ROUTES: list[Route] = [route for resource in RESOURCES for route in resource.ROUTES]

ACTIONS: dict[str, Callable[[Step, str], None]] = {
    Action.CHARGE_BOOKED: charges.booked,
    Action.FUNDS_AVAILABLE: books.mature,
    Action.PAYOUT_SUBMITTED: payouts.submitted,
    Action.PAYOUT_ARRIVED: payouts.arrived,
}
