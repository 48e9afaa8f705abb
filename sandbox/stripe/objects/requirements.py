"""Requirements: what Stripe wants to know of an account, by when, and what it switches off until it does.

    currently_due ── current_deadline ──► past_due: the account is disabled, its capabilities inactive
         ├── the owner provides, Stripe believes it at once ──► nothing due, everything enabled
         └── the owner submits ──► pending_verification ── an hour ──► the same

What is pending leaves an enabled account enabled, and a disabled one disabled. A bank account that failed is
due and past due at once, and stops payouts only.

Source: https://docs.stripe.com/connect/handling-api-verification,
https://docs.stripe.com/api/accounts/object#account_object-requirements,
https://support.stripe.com/questions/managing-connect-payout-failures
"""

from sandbox.stripe import schedules
from sandbox.stripe.changes import told
from sandbox.stripe.errors import NotPossible
from sandbox.stripe.objects import bank_accounts, capabilities
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Action, Step

EXTERNAL_ACCOUNT = "external_account"
PAST_DUE = "requirements.past_due"
PENDING = "requirements.pending_verification"
REJECTED = "rejected."

UNMET = ("currently_due", "eventually_due", "past_due")

REJECTIONS = ("fraud", "listed", "other", "terms_of_service")
"""Why Stripe rejects: `rejected.<reason>`. A platform can give all of them but `listed`."""

ONBOARDING = (
    "business_profile.url",
    "business_type",
    EXTERNAL_ACCOUNT,
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

VERIFIED_AFTER_SECONDS = 3600
"""How long Stripe looks at what was submitted."""

VERIFIER_IP = "127.0.0.1"
"""Where an owner accepts the terms from, on this machine."""


def due_at_once(due: tuple[str, ...]) -> Obj:
    """Requirements that are past due from the first moment, or none at all."""
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(due),
        "disabled_reason": PAST_DUE if due else None,
        "errors": [],
        "eventually_due": list(due),
        "past_due": list(due),
        "pending_verification": [],
    }


def rejected(account: Obj) -> bool:
    """Whether Stripe or the platform will not have this account any more."""
    return str(account["requirements"]["disabled_reason"] or "").startswith(REJECTED)


def enabled(account: Obj) -> bool:
    """Whether it may charge and receive; its bank account is no part of that."""
    wanted = account["requirements"]
    unknown = wanted["disabled_reason"] == PENDING or _without(wanted["past_due"], EXTERNAL_ACCOUNT)
    return bool(account["details_submitted"]) and not rejected(account) and not unknown


def ask(step: Step, account: Obj, requirement: str, deadline: int | None) -> Obj:
    """Stripe wants something more, until `deadline` (epoch seconds) or without one. Raises NotPossible.

    `step` is of the account itself, here and below.
    """
    _refuse_rejected(account)
    wanted = account["requirements"]
    known = wanted["current_deadline"]
    earliest = deadline if known is None else min(known, deadline or known)
    with told(step, "account.updated", account):
        account["requirements"] = wanted | {
            "current_deadline": earliest,
            "currently_due": _with(wanted["currently_due"], requirement),
            "eventually_due": _with(wanted["eventually_due"], requirement),
        }
        _settle(step, account)
    if deadline is not None and deadline > step.at:
        step.later(deadline, Action.REQUIREMENTS_DUE, account["id"])
    else:
        lapse(step, account["id"])
    return account


def lapse(step: Step, account_id: str) -> None:
    """The deadline: whatever is still due is past due."""
    account = step.state.shelf(PLATFORM, "account").get(account_id)
    if account is None:
        return
    wanted = account["requirements"]
    if wanted["current_deadline"] is None or wanted["current_deadline"] > step.at:
        return
    with told(step, "account.updated", account):
        account["requirements"] = wanted | {
            "current_deadline": None,
            "past_due": list(wanted["currently_due"]),
        }
        _settle(step, account)


def provide(step: Step, account: Obj) -> Obj:
    """The owner gives everything that is wanted, another bank account too if theirs failed.

    A second time changes nothing and tells nobody. Raises NotPossible for a rejected account.
    """
    _refuse_rejected(account)
    wanted = account["requirements"]
    if account["details_submitted"] and not wanted["currently_due"] and not wanted["pending_verification"]:
        return account
    with told(step, "account.updated", account):
        _hand_in(step, account, able=True)
        account["requirements"] = due_at_once(())
        _settle(step, account)
    schedules.arm(step)
    return account


def submit(step: Step, account: Obj) -> Obj:
    """As `provide`, but Stripe takes its time to believe it. Raises NotPossible for a rejected account."""
    _refuse_rejected(account)
    wanted, was_enabled = account["requirements"], enabled(account)
    if not wanted["currently_due"]:
        return account
    with told(step, "account.updated", account):
        _hand_in(step, account, able=was_enabled)
        account["requirements"] = due_at_once(()) | {
            "disabled_reason": None if was_enabled else PENDING,
            "pending_verification": list(wanted["currently_due"]),
        }
        _settle(step, account)
    step.later(step.at + VERIFIED_AFTER_SECONDS, Action.REQUIREMENTS_VERIFIED, account["id"])
    return account


def verified(step: Step, account_id: str) -> None:
    """What was submitted is found to be right."""
    account = step.state.shelf(PLATFORM, "account").get(account_id)
    if account is None or rejected(account) or not account["requirements"]["pending_verification"]:
        return
    answered: Obj = {"disabled_reason": None, "pending_verification": []}
    with told(step, "account.updated", account):
        account["requirements"] = account["requirements"] | answered
        _settle(step, account)
    schedules.arm(step)


def _hand_in(step: Step, account: Obj, *, able: bool) -> None:
    """The owner's part: details, terms, and a bank account, in place of each that failed too."""
    bank_accounts.replace_errored(step)
    if account["details_submitted"]:
        return
    bank_accounts.opened(step, account["default_currency"])
    capabilities.request(step, account, {"transfers": True}, able=able)
    accepted = {"date": step.at, "ip": VERIFIER_IP}
    account |= {"details_submitted": True, "tos_acceptance": account["tos_acceptance"] | accepted}


def reject(step: Step, account: Obj, reason: str) -> Obj:
    """Nothing goes in or out any more. Raises NotPossible for a reason that Stripe lacks."""
    if reason not in REJECTIONS:
        message = f"{reason!r} is no reason of Stripe's: {', '.join(REJECTIONS)}"
        raise NotPossible(message)
    with told(step, "account.updated", account):
        account["requirements"] = account["requirements"] | {"disabled_reason": REJECTED + reason}
        _settle(step, account)
    return account


def bank_failed(step: Step, account: Obj, bank_account_id: str) -> None:
    """A payout did not arrive: none goes through until the bank account is replaced."""
    wanted = account["requirements"]
    with told(step, "account.updated", account):
        bank_accounts.fail(step, bank_account_id)
        account["requirements"] = wanted | {name: _with(wanted[name], EXTERNAL_ACCOUNT) for name in UNMET}
        _settle(step, account)


def bank_replaced(step: Step, account: Obj, currency: str, *, instant: bool = False) -> Obj:
    """The owner names another bank account for a currency; payouts go on, if nothing else is wanted."""
    wanted = account["requirements"]
    with told(step, "account.updated", account):
        made = bank_accounts.replaced(step, currency, instant=instant)
        account["requirements"] = wanted | {name: _without(wanted[name], EXTERNAL_ACCOUNT) for name in UNMET}
        _settle(step, account)
    return made


def _settle(step: Step, account: Obj) -> None:
    """What follows from the requirements: what is enabled, why not, and the capabilities."""
    wanted = account["requirements"]
    if not rejected(account):
        pending = PENDING if wanted["disabled_reason"] == PENDING else None
        wanted["disabled_reason"] = PAST_DUE if wanted["past_due"] else pending
    able = enabled(account)
    account |= {"charges_enabled": able, "payouts_enabled": able and not wanted["past_due"]}
    capabilities.follow(
        step,
        account,
        active=able,
        due=_without(wanted["currently_due"], EXTERNAL_ACCOUNT),
        past_due=_without(wanted["past_due"], EXTERNAL_ACCOUNT),
    )


def _refuse_rejected(account: Obj) -> None:
    if rejected(account):
        message = f"account {account['id']} is {account['requirements']['disabled_reason']}"
        raise NotPossible(message)


def _without(names: list[str], name: str) -> list[str]:
    return [known for known in names if known != name]


def _with(names: list[str], name: str) -> list[str]:
    return names if name in names else sorted([*names, name])
