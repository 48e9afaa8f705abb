"""Instant payouts: at the bank within half an hour, at any hour, where bank, country and currency allow it.

Who pays Stripe's fees for the account pays for this too: the platform, by a balance transaction of its own
(`stripe_fee`, one a payout, of which the payout is the source), or the account, with the payout. A payout
that fails gives the platform its fee back, by a second such line with the other sign. How the real
platform's fee is shown, its US rate taken for all countries, and how it is given back could not be verified
(no page says it); nor could the messages. Money that is still pending is not advanced here.

Source: https://docs.stripe.com/connect/instant-payouts, https://docs.stripe.com/payouts/instant-payouts,
https://docs.stripe.com/connect/direct-charges-fee-payer-behavior, https://docs.stripe.com/error-codes
"""

from sandbox.stripe import currencies
from sandbox.stripe.books import Movement, available, book
from sandbox.stripe.errors import StripeError
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Step

METHOD = "instant"
ARRIVES_AFTER_SECONDS = 30 * 60
COUNTRIES = frozenset(
    """
    AE AT AU BE CA CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IT LT LU LV MC MT MY NL NO NZ PL PT RO SE SG SI
    US
    """.split()  # noqa: SIM905 - reads as a table
)
FEE_PERCENT = 1
FEE_MINIMUM = 50
DAILY_MAX = 5_000_000
"""Minor units a UTC day and currency, of a platform and all its accounts: Stripe sets it for each
platform.
"""
DAY_SECONDS = 86_400
PLATFORM_COUNTRY = "US"

UNSUPPORTED = "The external account does not support instant payouts."
ELSEWHERE = "Instant payouts are not available in the country of this account."
FOREIGN = "Instant payouts must be in the local currency of the account."
TOO_MUCH = "This payout exceeds the daily volume limit of your platform for instant payouts."


def check(step: Step, amount: int, currency: str, bank_account: Obj) -> None:
    """Raises StripeError: instant_payouts_unsupported, instant_payouts_config_disabled,
    instant_payouts_currency_disabled, instant_payouts_limit_exceeded."""
    country = _country(step)
    if country not in COUNTRIES:
        raise _refused(ELSEWHERE, "config_disabled")
    if currencies.COUNTRY_CURRENCIES.get(country, "usd") != currency:
        raise _refused(FOREIGN, "currency_disabled")
    if METHOD not in bank_account["available_payout_methods"]:
        raise _refused(UNSUPPORTED, "unsupported")
    if _today(step, currency) + amount > DAILY_MAX:
        raise _refused(TOO_MUCH, "limit_exceeded")


def own_fee(step: Step, amount: int) -> int:
    """What the account itself pays for one of `amount`, minor units."""
    return 0 if _platform_pays(step) else fee(amount)


def fee(amount: int) -> int:
    """Stripe's fee for a payout of `amount`, both minor units; rounded half up."""
    return max(FEE_MINIMUM, (amount * FEE_PERCENT + 50) // 100)


def charge_platform(step: Step, payout: Obj) -> None:
    """Books what the platform pays for it, if it does."""
    if _platform_pays(step):
        _book_fee(step, payout, -fee(payout["amount"]), "Instant payout fee")


def give_back(step: Step, payout: Obj) -> None:
    """Books that the platform gets back what it paid for one that failed."""
    if payout["method"] == METHOD and _platform_pays(step):
        _book_fee(step, payout, fee(payout["amount"]), "Instant payout fee refund")


def _book_fee(step: Step, payout: Obj, change: int, description: str) -> None:
    named = f"{description} ({payout['id']})"
    movement = Movement("stripe_fee", change, payout["currency"], payout["id"], description=named)
    book(step.on(PLATFORM), movement)


def shown(step: Step) -> list[Obj]:
    """What a balance says can be paid out at once: all that is available, where a bank account takes it."""
    takes = {
        row["currency"]
        for row in step.shelf("bank_account").rows
        if METHOD in row["available_payout_methods"]
    }
    amounts = {currency: max(0, available(step, currency)) for currency in sorted(takes)}
    return [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in amounts.items()
    ]


def _platform_pays(step: Step) -> bool:
    account = step.state.shelf(PLATFORM, "account").get(step.account)
    return account is not None and account["controller"]["fees"]["payer"] != "account"


def _country(step: Step) -> str:
    account = step.state.shelf(PLATFORM, "account").get(step.account)
    return PLATFORM_COUNTRY if account is None else str(account["country"])


def _today(step: Step, currency: str) -> int:
    midnight = step.at // DAY_SECONDS * DAY_SECONDS
    accounts = [PLATFORM, *(account["id"] for account in step.state.shelf(PLATFORM, "account").rows)]
    payouts = (row for account in accounts for row in step.state.shelf(account, "payout").rows)
    return sum(
        row["amount"]
        for row in payouts
        if row["method"] == METHOD and row["currency"] == currency and row["created"] >= midnight
    )


def _refused(message: str, why: str) -> StripeError:
    return StripeError(400, message, code=f"instant_payouts_{why}", param="method")
