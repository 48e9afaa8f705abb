"""Connected accounts: opened unverified, enabled once their owner has completed onboarding.

Source: https://docs.stripe.com/api/accounts (v1), https://docs.stripe.com/connect/express-accounts,
https://docs.stripe.com/api/account/reject
"""

from sandbox.stripe import countries, ids, notify, schedules
from sandbox.stripe.changes import told
from sandbox.stripe.errors import StripeError, account_invalid, invalid
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import account_objects, capabilities, requirements
from sandbox.stripe.params import (
    NOTHING,
    Boolean,
    Country,
    Currency,
    Email,
    Hash,
    Kind,
    Metadata,
    MetadataUpdate,
    OneOf,
    Range,
    Text,
    Url,
    body,
    listing,
    with_metadata,
)
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM, State
from sandbox.stripe.step import Step

OWN_IN_DASHBOARD = (
    "You cannot change your own account through the API. Please use the Dashboard to update your own account."
)
HAS_MONEY = "This account cannot be deleted, because it has a balance that is not zero."
NOT_LIABLE = "You can only reject accounts where your platform is liable for negative balances."
NOT_ONBOARDED = "Cannot create a login link for an account that has not completed onboarding."
NOT_EXPRESS = "Cannot create a login link for an account that has no access to the Express Dashboard."


def create(step: Step, params: Obj) -> Obj:
    """An account that can do nothing yet.

    Raises StripeError: country_unsupported, and when both `type` and `controller` are given, or neither.
    """
    if ("type" in params) == ("controller" in params):
        raise invalid("Give one of these parameters, and only one: type, controller.", "type")
    if "country" in params:
        countries.check(params["country"])
    return step.keep(account_objects.connected(step, params))


def update(step: Step, params: Obj) -> Obj:
    """Changes what is given, and tells so on the account. Raises StripeError: account_invalid."""
    account = _connected(step, params)
    acting = step.on(account["id"])
    changed = {
        name: params[name] for name in ("business_type", "default_currency", "email") if name in params
    }
    changed |= {
        name: {**account[name], **params[name]}
        for name in ("business_profile", "tos_acceptance")
        if name in params
    }
    if "metadata" in params:
        changed["metadata"] = with_metadata(account["metadata"], params["metadata"])
    payouts = params.get("settings", {}).get("payouts")
    if payouts is not None:
        settings = account["settings"]
        made = account_objects.payout_settings(settings["payouts"], payouts)
        changed["settings"] = {**settings, "payouts": made}
    wishes = {name: wish["requested"] for name, wish in params.get("capabilities", {}).items()}
    with told(acting, "account.updated", account):
        account |= changed
        capabilities.request(acting, account, wishes, able=requirements.enabled(account))
    schedules.arm(acting)
    return account


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError account_invalid (403): Stripe does not tell a foreign account from none."""
    account_id: str = params["account"]
    if step.account == PLATFORM and account_id == account_objects.own(step.state)["id"]:
        return account_objects.own(step.state)
    account = step.state.shelf(PLATFORM, "account").get(account_id)
    if account is None or step.account not in (PLATFORM, account_id):
        raise account_invalid("sk_test_", account_id)
    return account


def retrieve_own(step: Step, _params: Obj) -> Obj:
    """The account that the request acts for."""
    if step.account == PLATFORM:
        return account_objects.own(step.state)
    return step.state.shelf(PLATFORM, "account")[step.account]


def _connected(step: Step, params: Obj) -> Obj:
    account = retrieve(step, params)
    if account is account_objects.own(step.state):
        raise invalid(OWN_IN_DASHBOARD, "account")
    return account


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filter `created`."""
    return page(step.shelf("account"), params, url="/v1/accounts", noun="account", keep=matching(params))


def delete(step: Step, params: Obj) -> Obj:
    """Forgets an account; as in live mode only one without money, which would be nowhere.

    Raises StripeError.
    """
    account = _connected(step, params)
    held = step.state.balances.get(account["id"], {})
    if any(available or pending for available, pending in held.values()):
        raise invalid(HAS_MONEY, "account")
    step.state.discard(account["id"])
    return {"id": account["id"], "object": "account", "deleted": True}


def disconnect(step: Step, account: Obj) -> Obj:
    """The owner takes the platform's access away: it can do nothing on the account any more.

    `step` is of the account itself. The account is told of a last time.
    """
    application = {"id": application_id(step.state), "name": "The platform", "object": "application"}
    notify.emit(step, "account.application.deauthorized", application)
    step.state.discard(account["id"])
    return account


def application_id(state: State) -> str:
    """The platform, as the accounts that are connected to it see it."""
    return "ca_" + ids.secret("ca", sequence=0, seed=state.seed).removeprefix("ca_")


def reject(step: Step, params: Obj) -> Obj:
    """The platform will not have it. Raises StripeError for an account that Stripe answers for."""
    account = _connected(step, params)
    if account["controller"]["losses"]["payments"] != "application":
        raise invalid(NOT_LIABLE, "account")
    return requirements.reject(step.on(account["id"]), account, params["reason"])


def create_login_link(step: Step, params: Obj) -> Obj:
    """A link to the Express Dashboard. Raises StripeError before onboarding, and for other accounts."""
    account = _connected(step, params)
    if account["controller"]["stripe_dashboard"]["type"] != "express":
        raise invalid(NOT_EXPRESS, "account")
    if not account["details_submitted"]:
        raise StripeError(400, NOT_ONBOARDED)
    token = ids.secret("login", sequence=step.state.next_sequence(), seed=step.state.seed)
    return {
        "object": "login_link",
        "created": step.at,
        "url": f"https://connect.stripe.com/express/{account['id']}/{token.removeprefix('login_')}",
    }


def _takes(metadata: Kind) -> dict[str, Kind]:
    """What creating and updating take alike."""
    return {
        "business_profile": Hash(
            {"mcc": Text(4), "name": Text(), "product_description": Text(40000), "url": Url()}
        ),
        "business_type": OneOf("company", "government_entity", "individual", "non_profit"),
        "capabilities": capabilities.WISHES,
        "default_currency": Currency(),
        "email": Email(),
        "metadata": metadata,
        "settings": Hash(
            {"payouts": Hash({"debit_negative_balances": Boolean(), "schedule": schedules.ANCHORED})}
        ),
        "tos_acceptance": Hash({"service_agreement": OneOf("full", "recipient")}),
    }


CONTROLLER = Hash(
    {
        "fees": Hash(required={"payer": OneOf("account", "application")}),
        "losses": Hash(required={"payments": OneOf("application", "stripe")}),
        "requirement_collection": OneOf("application", "stripe"),
        "stripe_dashboard": Hash(required={"type": OneOf("express", "full", "none")}),
    }
)
ONE = "/v1/accounts/{account}"

ROUTES = [
    Route(
        "POST",
        "/v1/accounts",
        create,
        body(
            required={}, controller=CONTROLLER, country=Country(), type=OneOf("express"), **_takes(Metadata())
        ),
        "account",
        platform_only=True,
    ),
    Route("GET", "/v1/account", retrieve_own, body(), "account"),
    Route("GET", ONE, retrieve, body(), "account"),
    Route("POST", ONE, update, body(required={}, **_takes(MetadataUpdate())), "account", platform_only=True),
    Route("DELETE", ONE, delete, NOTHING, "account", platform_only=True),
    Route("GET", "/v1/accounts", list_, listing(created=Range()), "list of account", platform_only=True),
    Route(
        "POST",
        f"{ONE}/reject",
        reject,
        body(required={"reason": OneOf("fraud", "other", "terms_of_service")}),
        "account",
        platform_only=True,
    ),
    Route("POST", f"{ONE}/login_links", create_login_link, body(), "login_link", platform_only=True),
]
