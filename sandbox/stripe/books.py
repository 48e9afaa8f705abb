"""Balances and the balance transactions that make them up.

Source: https://docs.stripe.com/api/balance_transactions, https://docs.stripe.com/reports/balance-transaction-types
"""

from dataclasses import dataclass

from sandbox.stripe import notify, schedules
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM, State
from sandbox.stripe.step import Action, Step

REPORTING_CATEGORIES = {
    "charge": "charge",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "payment": "charge",
    "transfer": "transfer",
    "payout": "payout",
    "payout_failure": "payout_reversal",
    "payment_refund": "refund",
    "payout_cancel": "payout_reversal",
    "stripe_fee": "fee",
    "reserve_transaction": "connect_reserved_funds",
    "transfer_refund": "transfer_reversal",
}
"""Balance transaction type → the category that Stripe's reports group it under."""

DEFAULT_CURRENCY = "usd"
"""What an account without money or country shows a zero balance in."""


@dataclass(frozen=True)
class Movement:
    """Money into (positive) or out of an account's balance; amounts in minor units of `currency`.

    `available_on` is epoch seconds; None means at once. `category` is for types that hold several.
    """

    type: str
    amount: int
    currency: str
    source: str
    fee: int = 0
    fee_description: str = "Stripe processing fees"
    description: str | None = None
    available_on: int | None = None
    category: str | None = None


def book(step: Step, movement: Movement) -> Obj:
    """Makes the balance transaction, and counts it as available or pending."""
    available_on = step.at if movement.available_on is None else movement.available_on
    pending = available_on > step.at
    transaction: Obj = {
        "id": step.new_id("txn"),
        "object": "balance_transaction",
        "amount": movement.amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": step.at,
        "currency": movement.currency,
        "description": movement.description,
        "exchange_rate": None,
        "fee": movement.fee,
        "fee_details": _fee_details(movement),
        "net": movement.amount - movement.fee,
        "reporting_category": movement.category or REPORTING_CATEGORIES[movement.type],
        "source": movement.source,
        "status": "pending" if pending else "available",
        "type": movement.type,
    }
    first_of_its_instant = pending and (step.account, available_on) not in step.state.maturing
    step.keep(transaction)
    before = available(step, movement.currency)
    step.state.count(step.account, transaction)
    _watch_recovery(step, movement.currency, before)
    if first_of_its_instant:
        step.later(available_on, Action.FUNDS_AVAILABLE, step.account)
    schedules.arm(step)
    return transaction


def _fee_details(movement: Movement) -> list[Obj]:
    if not movement.fee:
        return []
    return [
        {
            "amount": movement.fee,
            "application": None,
            "currency": movement.currency,
            "description": movement.fee_description,
            "type": "stripe_fee",
        }
    ]


def mature(step: Step, _account: str) -> None:
    """Funds whose day has come move from pending to available; one `balance.available` for all of them."""
    for transaction_id in step.state.maturing.pop((step.account, step.at), []):
        transaction = step.shelf("balance_transaction")[transaction_id]
        transaction["status"] = "available"
        currency = transaction["currency"]
        before, row = available(step, currency), step.state.balances[step.account][currency]
        row[0] += transaction["net"]
        row[1] -= transaction["net"]
        _watch_recovery(step, currency, before)
    notify.emit(step, "balance.available", balance(step.state, step.account))
    schedules.arm(step)


def _watch_recovery(step: Step, currency: str, before: int) -> None:
    now = available(step, currency)
    if before < 0 <= now:
        step.later(step.at, Action.BALANCE_RECOVERED, currency)
    if step.account != PLATFORM and min(before, now) < 0:
        step.on(PLATFORM).later(step.at, Action.RESERVE_CHANGED, currency)


def available(step: Step, currency: str) -> int:
    """Minor units of `currency` that this account can send away now; negative when it owes Stripe."""
    return step.state.balances.get(step.account, {}).get(currency, [0, 0])[0]


def reserved(state: State) -> dict[str, int]:
    """What is held back from the platform for its connected accounts' debts, minor units by currency."""
    held: dict[str, int] = {}
    for row in state.shelf(PLATFORM, "reserve_transaction").rows:
        held[row["currency"]] = held.get(row["currency"], 0) + row["amount"]
    return held


def balance(state: State, account: str) -> Obj:
    """The balance object: a row for every currency the account ever held, at least one.

    The platform's shows what is reserved as well.
    """
    held = state.balances.get(account) or {_own_currency(state, account): [0, 0]}
    rows = sorted(held.items())
    reserve = reserved(state)
    more = {"connect_reserved": [_row(currency, reserve.get(currency, 0)) for currency, _ in rows]}
    return {
        "object": "balance",
        "available": [_row(currency, amounts[0]) for currency, amounts in rows],
        "livemode": False,
        "pending": [_row(currency, amounts[1]) for currency, amounts in rows],
        **(more if account == PLATFORM else {}),
    }


def _own_currency(state: State, account: str) -> str:
    found = state.find(account)
    return DEFAULT_CURRENCY if found is None else str(found[1]["default_currency"])


def _row(currency: str, amount: int) -> Obj:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}
