"""Amounts: which can be charged, and how Stripe's messages about refunds write them."""

from sandbox.stripe import currencies
from sandbox.stripe.errors import StripeError

SYMBOLS = {"aud": "$", "cad": "$", "eur": "€", "gbp": "£", "jpy": "¥", "nzd": "$", "sgd": "$", "usd": "$"}


def check_chargeable(amount: int, currency: str) -> None:
    """Raises StripeError: amount_too_small, amount_too_large, or no code for one between the steps."""
    smallest = currencies.charge_minimum(currency)
    if amount < smallest:
        message = f"Amount must be at least {currencies.written(smallest, currency)}"
        raise StripeError(400, message, code="amount_too_small", param="amount")
    if amount > currencies.CHARGE_MAX:
        message = f"Amount must be no more than {currencies.written(currencies.CHARGE_MAX, currency)}"
        raise StripeError(400, message, code="amount_too_large", param="amount")
    currencies.check_step(amount, currency, currencies.CHARGE_STEPS)


def shown(amount: int, currency: str) -> str:
    """`$40.00`; currencies whose symbol is not known here are named after the number."""
    number = currencies.written(amount, currency).partition(" ")[0]
    return f"{SYMBOLS[currency]}{number}" if currency in SYMBOLS else f"{number} {currency.upper()}"
