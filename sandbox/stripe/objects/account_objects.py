"""The account object: how one looks that has just been opened. Source: https://docs.stripe.com/api/accounts/object"""

from sandbox.stripe import ids, schedules
from sandbox.stripe.currencies import COUNTRY_CURRENCIES
from sandbox.stripe.objects import bank_accounts, requirements
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM, State
from sandbox.stripe.step import Step

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

OPENED_AT = 1_600_000_000
"""When the platform opened its own account (epoch seconds): long before anything happens here."""


def connected(step: Step, params: Obj) -> Obj:
    """A connected account that can do nothing yet."""
    country = params.get("country", bank_accounts.PLATFORM_COUNTRY)
    controller = EXPRESS if "type" in params else CONTROLLER_DEFAULT | params["controller"]
    requested = [name for name, wish in params.get("capabilities", {}).items() if wish["requested"]]
    return _account(
        step.new_id("acct"),
        business_profile=profile(params.get("business_profile", {})),
        business_type=params.get("business_type"),
        capabilities=dict.fromkeys(requested, "inactive"),
        controller={**controller, "is_controller": True, "type": "application"},
        country=country,
        created=step.at,
        default_currency=params.get("default_currency") or COUNTRY_CURRENCIES.get(country, "usd"),
        email=params.get("email"),
        metadata=params.get("metadata", {}),
        requirements=requirements.due_at_once(requirements.ONBOARDING),
        settings=_settings(params.get("settings", {}).get("payouts", {})),
        tos_acceptance={"date": None, "ip": None, "user_agent": None, **params.get("tos_acceptance", {})},
        type=params.get("type", "none"),
    )


def own(state: State) -> Obj:
    """The platform's own account, made at the first look; it is verified and pays out manually."""
    shelf = state.shelf(PLATFORM, schedules.OWN)
    if not shelf.rows:
        account_id = ids.object_id("acct", at=OPENED_AT, sequence=0, seed=state.seed)
        made = _account(
            account_id,
            business_profile=profile({"name": "The platform"}),
            business_type="company",
            capabilities={"card_payments": "active", "transfers": "active"},
            charges_enabled=True,
            controller={"type": "account"},
            country=bank_accounts.PLATFORM_COUNTRY,
            created=OPENED_AT,
            default_currency="usd",
            details_submitted=True,
            email="platform@example.com",
            payouts_enabled=True,
            settings=_settings({"schedule": {"interval": "manual"}}),
            type="standard",
        )
        shelf.add(made)
        state.homes[account_id] = (PLATFORM, schedules.OWN)
    return shelf.rows[0]


def _account(account_id: str, **members: object) -> Obj:
    return {
        "id": account_id,
        "object": "account",
        "charges_enabled": False,
        "details_submitted": False,
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{account_id}/external_accounts",
        },
        "future_requirements": requirements.due_at_once(()),
        "metadata": {},
        "payouts_enabled": False,
        "requirements": requirements.due_at_once(()),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        **members,
    }


def profile(given: Obj) -> Obj:
    """A business profile in which only `given` is known."""
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
        "payouts": payout_settings({"debit_negative_balances": True, "schedule": schedules.DAILY}, payouts),
    }


def payout_settings(former: Obj, given: Obj, *, name: str = "settings[payouts][schedule]") -> Obj:
    """`settings[payouts]` after a change. Raises StripeError for a schedule that cannot be."""
    return {
        "debit_negative_balances": given.get("debit_negative_balances", former["debit_negative_balances"]),
        "schedule": schedules.changed(former["schedule"], given.get("schedule", {}), name=name),
        "statement_descriptor": None,
    }
