"""Everything that is registered: the resources with their endpoints, and what falls due by itself."""

from collections.abc import Callable

from sandbox.stripe import books
from sandbox.stripe.objects import (
    account_links,
    accounts,
    automatic_payouts,
    balance_settings,
    balances,
    bank_accounts,
    capabilities,
    captures,
    charges,
    customers,
    dispute_life,
    disputes,
    events,
    payment_intents,
    payment_methods,
    payout_reversals,
    payouts,
    refund_life,
    refunds,
    requirements,
    reserves,
    transfer_reversals,
    transfers,
    webhook_endpoints,
)
from sandbox.stripe.router import Route
from sandbox.stripe.step import Action, Step

RESOURCES = (
    account_links,
    accounts,
    balance_settings,
    balances,
    bank_accounts,
    capabilities,
    charges,
    customers,
    disputes,
    events,
    payment_intents,
    payment_methods,
    payout_reversals,
    payouts,
    refunds,
    transfer_reversals,
    transfers,
    webhook_endpoints,
)
ROUTES: list[Route] = [route for resource in RESOURCES for route in resource.ROUTES]

ACTIONS: dict[str, Callable[[Step, str], None]] = {
    Action.AUTHORIZATION_EXPIRED: captures.expired,
    Action.BALANCE_RECOVERED: refund_life.covered,
    Action.CHARGE_BOOKED: charges.booked,
    Action.CHARGE_DISPUTED: dispute_life.by_card,
    Action.DISPUTE_DECIDED: dispute_life.judged,
    Action.DISPUTE_LAPSED: dispute_life.lapsed,
    Action.FUNDS_AVAILABLE: books.mature,
    Action.PAYOUT_SCHEDULED: automatic_payouts.pay,
    Action.PAYOUT_SUBMITTED: payouts.submitted,
    Action.PAYOUT_ARRIVED: payouts.arrived,
    Action.REFUND_SETTLED: refund_life.settled,
    Action.REFUND_TRACEABLE: refund_life.traceable,
    Action.REQUIREMENTS_DUE: requirements.lapse,
    Action.REQUIREMENTS_VERIFIED: requirements.verified,
    Action.RESERVE_CHANGED: reserves.follow,
}
