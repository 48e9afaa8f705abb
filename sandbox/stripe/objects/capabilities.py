"""Capabilities: what an account may do. They follow its verification.

    requested ──► inactive ──► active ──► inactive     (a requirement past due, or a rejection)

Source: https://docs.stripe.com/api/capabilities, https://docs.stripe.com/connect/account-capabilities
"""

from sandbox.stripe.changes import told
from sandbox.stripe.errors import account_invalid, missing
from sandbox.stripe.params import Boolean, Hash, body
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Step

KNOWN = ("card_payments", "transfers")

WISH = Hash(required={"requested": Boolean()})
WISHES = Hash(dict.fromkeys(KNOWN, WISH))
"""What an account takes of them."""


def of(step: Step, account: Obj, name: str) -> Obj:
    """The capability, made at its first use. `step` is of the account itself."""
    known = step.shelf("capability").get(name)
    if known is not None:
        return known
    requested = name in account["capabilities"]
    made: Obj = {
        "id": name,
        "object": "capability",
        "account": account["id"],
        "future_requirements": _requirements([], [], None),
        "requested": requested,
        "requested_at": account["created"] if requested else None,
        "requirements": _requirements([], [], None),
        "status": account["capabilities"].get(name, "unrequested"),
    }
    step.shelf("capability").add(made)
    return made


def can_charge(step: Step) -> bool:
    """Whether cards can be charged here: on the platform, or on an account with active `card_payments`."""
    account = step.state.shelf(PLATFORM, "account").get(step.account)
    return account is None or account["capabilities"].get("card_payments") == "active"


def request(step: Step, account: Obj, wishes: dict[str, bool], *, able: bool) -> None:
    """Asks for capabilities or gives them up; `able` says whether what is asked for is active at once."""
    for name, wanted in wishes.items():
        capability = of(step, account, name)
        if wanted == capability["requested"]:
            continue
        with told(step, "capability.updated", capability):
            capability |= {"requested": wanted, "requested_at": step.at if wanted else None}
            capability["status"] = ("active" if able else "inactive") if wanted else "unrequested"
    account["capabilities"] = _shown(step, account)


def follow(step: Step, account: Obj, *, active: bool, due: list[str], past_due: list[str]) -> None:
    """Brings all that are requested to where the account's verification stands."""
    reason = None if active else "requirements.fields_needed"
    for name in account["capabilities"]:
        capability = of(step, account, name)
        with told(step, "capability.updated", capability):
            capability |= {
                "requirements": _requirements(due, past_due, reason),
                "status": "active" if active else "inactive",
            }
    account["capabilities"] = _shown(step, account)


def _shown(step: Step, account: Obj) -> dict[str, str]:
    for name in account["capabilities"]:
        of(step, account, name)
    return {row["id"]: row["status"] for row in step.shelf("capability").rows if row["requested"]}


def _requirements(due: list[str], past_due: list[str], reason: str | None) -> Obj:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(due),
        "disabled_reason": reason,
        "errors": [],
        "eventually_due": list(due),
        "past_due": list(past_due),
        "pending_verification": [],
    }


def _account(step: Step, params: Obj) -> tuple[Step, Obj]:
    account_id: str = params["account"]
    account = step.state.shelf(PLATFORM, "account").get(account_id)
    if account is None or step.account not in (PLATFORM, account_id):
        raise account_invalid("sk_test_", account_id)
    return step.on(account_id), account


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError: account_invalid, resource_missing."""
    acting, account = _account(step, params)
    if params["capability"] not in KNOWN:
        raise missing("capability", params["capability"], "capability")
    return of(acting, account, params["capability"])


def list_(step: Step, params: Obj) -> Obj:
    """Those of the account; the most recent first."""
    acting, account = _account(step, params)
    for name in account["capabilities"]:
        of(acting, account, name)
    return {
        "object": "list",
        "data": acting.shelf("capability").rows[::-1],
        "has_more": False,
        "url": f"/v1/accounts/{account['id']}/capabilities",
    }


ROUTES = [
    Route("GET", "/v1/accounts/{account}/capabilities", list_, body(), "list of capability"),
    Route("GET", "/v1/accounts/{account}/capabilities/{capability}", retrieve, body(), "capability"),
]
