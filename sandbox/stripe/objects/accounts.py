"""Connected accounts: opened unverified, enabled once their owner has completed onboarding.

Source: https://docs.stripe.com/api/accounts (v1), https://docs.stripe.com/connect/express-accounts,
https://docs.stripe.com/connect/handling-api-verification
"""

import copy

from sandbox.stripe import notify
from sandbox.stripe.currencies import COUNTRY_CURRENCIES
from sandbox.stripe.errors import account_invalid, invalid
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import bank_accounts
from sandbox.stripe.params import (
    Boolean,
    Country,
    Currency,
    Email,
    Hash,
    Metadata,
    OneOf,
    Range,
    Text,
    Url,
    body,
    listing,
)
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Step

PAYOUT_DELAY_DAYS = 2

ONBOARDING = (
    "business_profile.url",
    "business_type",
    "external_account",
    "individual.address.city",
    "individual.address.line1",
    "individual.address.postal_code",
    "individual.dob.day",
    "individual.dob.month",
    "individual.dob.year",
    "individual.email",
    "individual.first_name",
    "individual.last_name",
    "tos_acceptance.date",
    "tos_acceptance.ip",
)
"""What Stripe asks an individual for before it pays out."""

EXPRESS = {
    "fees": {"payer": "application_express"},
    "losses": {"payments": "application"},
    "requirement_collection": "stripe",
    "stripe_dashboard": {"type": "express"},
}
CONTROLLER_DEFAULT = {
    "fees": {"payer": "account"},
    "losses": {"payments": "stripe"},
    "requirement_collection": "stripe",
    "stripe_dashboard": {"type": "full"},
}


def create(step: Step, params: Obj) -> Obj:
    """An account that can do nothing yet. Raises StripeError when both `type` and `controller` are given."""
    if ("type" in params) == ("controller" in params):
        raise invalid("Give one of these parameters, and only one: type, controller.", "type")
    return step.keep(_new(step, params))


def _new(step: Step, params: Obj) -> Obj:
    account_id = step.new_id("acct")
    country = params.get("country", bank_accounts.PLATFORM_COUNTRY)
    controller = EXPRESS if "type" in params else CONTROLLER_DEFAULT | params["controller"]
    requested = [name for name, wish in params.get("capabilities", {}).items() if wish.get("requested")]
    return {
        "id": account_id,
        "object": "account",
        "business_profile": _profile(params.get("business_profile", {})),
        "business_type": params.get("business_type"),
        "capabilities": dict.fromkeys(requested, "inactive"),
        "charges_enabled": False,
        "controller": {**controller, "is_controller": True, "type": "application"},
        "country": country,
        "created": step.at,
        "default_currency": params.get("default_currency") or COUNTRY_CURRENCIES.get(country, "usd"),
        "details_submitted": False,
        "email": params.get("email"),
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{account_id}/external_accounts",
        },
        "future_requirements": _requirements(()),
        "metadata": params.get("metadata", {}),
        "payouts_enabled": False,
        "requirements": _requirements(ONBOARDING),
        "settings": _settings(params.get("settings", {}).get("payouts", {})),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None, **params.get("tos_acceptance", {})},
        "type": params.get("type", "none"),
    }


def _profile(given: Obj) -> Obj:
    return {
        "annual_revenue": None,
        "estimated_worker_count": None,
        "mcc": None,
        "minority_owned_business_designation": None,
        "name": None,
        "product_description": None,
        "support_address": None,
        "support_email": None,
        "support_phone": None,
        "support_url": None,
        "url": None,
        **given,
    }


def _requirements(due: tuple[str, ...]) -> Obj:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(due),
        "disabled_reason": "requirements.past_due" if due else None,
        "errors": [],
        "eventually_due": list(due),
        "past_due": list(due),
        "pending_verification": [],
    }


def _settings(payouts: Obj) -> Obj:
    return {
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "payments": {
            "statement_descriptor": None,
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": payouts.get("debit_negative_balances", True),
            "schedule": {"delay_days": PAYOUT_DELAY_DAYS, "interval": "daily", **payouts.get("schedule", {})},
            "statement_descriptor": None,
        },
    }


def verify(step: Step, account: Obj) -> Obj:
    """Onboarding is complete: nothing is due, payouts flow, transfers and requested capabilities are active.

    `step` is of the account itself. A second time changes nothing and tells nobody.
    """
    if account["payouts_enabled"]:
        return account
    before = {
        name: copy.deepcopy(account[name]) for name in ("capabilities", "external_accounts", "requirements")
    }
    before |= {"charges_enabled": False, "details_submitted": False, "payouts_enabled": False}
    account |= {
        "capabilities": dict.fromkeys([*account["capabilities"], "transfers"], "active"),
        "charges_enabled": True,
        "details_submitted": True,
        "payouts_enabled": True,
        "requirements": _requirements(()),
    }
    bank_accounts.for_currency(step, account["default_currency"])
    notify.emit(step, "account.updated", account, before=before)
    return account


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError account_invalid (403): Stripe does not tell a foreign account from none."""
    account_id: str = params["account"]
    account = step.state.shelf(PLATFORM, "account").get(account_id)
    if account is None or step.account not in (PLATFORM, account_id):
        raise account_invalid("sk_test_", account_id)
    return account


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filter `created`."""
    return page(step.shelf("account"), params, url="/v1/accounts", noun="account", keep=matching(params))


CAPABILITY = Hash(required={"requested": Boolean()})

ROUTES = [
    Route(
        "POST",
        "/v1/accounts",
        create,
        body(
            business_profile=Hash(
                {"mcc": Text(4), "name": Text(), "product_description": Text(40000), "url": Url()}
            ),
            business_type=OneOf("company", "government_entity", "individual", "non_profit"),
            capabilities=Hash({"card_payments": CAPABILITY, "transfers": CAPABILITY}),
            controller=Hash(
                {
                    "fees": Hash(required={"payer": OneOf("account", "application")}),
                    "losses": Hash(required={"payments": OneOf("application", "stripe")}),
                    "requirement_collection": OneOf("application", "stripe"),
                    "stripe_dashboard": Hash(required={"type": OneOf("express", "full", "none")}),
                }
            ),
            country=Country(),
            default_currency=Currency(),
            email=Email(),
            metadata=Metadata(),
            settings=Hash(
                {
                    "payouts": Hash(
                        {
                            "debit_negative_balances": Boolean(),
                            "schedule": Hash(required={"interval": OneOf("manual")}),
                        }
                    )
                }
            ),
            tos_acceptance=Hash({"service_agreement": OneOf("full", "recipient")}),
            type=OneOf("express"),
        ),
        "account",
        platform_only=True,
    ),
    Route("GET", "/v1/accounts/{account}", retrieve, body(), "account"),
    Route("GET", "/v1/accounts", list_, listing(created=Range()), "list of account", platform_only=True),
]
