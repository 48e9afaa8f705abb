"""The worker's payout account."""

from collections.abc import Callable
from typing import Any, Literal

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, NoBody, Reply, Routes
from chalicelib.provider_calls import answered, asked_again, commit_around
from chalicelib.types import Instant, Model
from marketplace.people import payout_account
from marketplace.people.payout_account import PayoutAccount, StaleAccount, payout_account_id
from marketplace.people.ports import AccountState
from marketplace.shared.errors import NotFound, PayoutsDisabled
from marketplace.shared.outcomes import Done, Outcome, Refused
from marketplace.shared.running import continuation, run
from marketplace.shared.transaction import Transaction

routes = Routes()


class PayoutAccountView(Model):
    """Where the worker is paid through. `onboarding_url` works once, for some minutes; POST gives a fresh
    one. `requirements` names what Stripe still wants to know, `instant_currencies` those in which a payout
    can be at the bank within minutes."""

    id: str
    object: Literal["payout_account"] = "payout_account"
    stripe_account: str
    onboarding_url: str | None
    payouts_enabled: bool
    requirements: list[str]
    instant_currencies: list[str]
    created_at: Instant


@routes.add(
    "POST",
    "/v1/workers/me/payout-account",
    who=WORKER,
    answer=PayoutAccountView,
    status=201,
    open_to_suspended=True,
)
def open_payout_account(call: Call[NoBody]) -> Reply:
    """Opens a Stripe connected account, or gives the existing one with a fresh onboarding link."""
    worker_id = own_worker_id(call)
    return commit_around(
        call,
        lambda tx: payout_account.request_payout_account(worker_id, tx),
        resume=lambda account_id: _account(call, account_id),
        ask=lambda account, again: _opened(call, account, again=again),
        render=lambda account: payout_account_view(account, call.now),
    )


@routes.add(
    "GET", "/v1/workers/me/payout-account", who=WORKER, answer=PayoutAccountView, open_to_suspended=True
)
def get_payout_account(call: Call[Any]) -> Reply:
    """The worker's payout account. While something is missing, Stripe is asked how it stands."""
    account = _account(call, payout_account_id(own_worker_id(call)))
    if account.stripe_account is None:
        raise NotFound
    seen = call.runtime.stripe.accounts.account(account.stripe_account) if account.look_at else None
    if isinstance(seen, Done):
        account = _updated(call, account, seen.value)
    return Reply(payout_account_view(account, call.now))


def _updated(call: Call[Any], account: PayoutAccount, state: AccountState) -> PayoutAccount:
    """As Stripe has it, unless somebody has learnt that already."""
    try:
        updated = run(
            call.runtime.store,
            call.cause,
            lambda tx: payout_account.update_payout_account(account, state, tx),
        )
    except StaleAccount:
        return _account(call, account.id)
    return updated.result or _account(call, account.id)


def payout_account_view(account: PayoutAccount, now: int) -> PayoutAccountView:
    """An account for an answer at `now`."""
    return PayoutAccountView(
        id=account.id,
        stripe_account=account.stripe_account or "",
        onboarding_url=account.onboarding_url if now < account.onboarding_ends_at else None,
        payouts_enabled=account.payouts_enabled,
        requirements=list(account.requirements),
        instant_currencies=list(account.instant_currencies or ()),
        created_at=account.created_at,
    )


def _account(call: Call[Any], account_id: str) -> PayoutAccount:
    found = call.runtime.store.read(PayoutAccount, account_id)
    if found is None:
        raise NotFound
    return found[0]


def _opened(
    call: Call[Any], account: PayoutAccount, *, again: bool
) -> Callable[[Transaction], PayoutAccount]:
    """Opens it, or sees how it stands, and asks for a link. Raises PayoutsDisabled, ProviderUnavailable."""
    accounts = call.runtime.stripe.accounts
    if account.stripe_account is None:
        outcome = _asked(call, account) if again or account.asked > 1 else _sent(call, account)
        state = answered(outcome, lambda refused: _refused(call, account, refused))
    else:
        state = answered(accounts.account(account.stripe_account), _disabled)
    link = answered(accounts.onboarding_link(state.stripe_account), _disabled)
    return lambda tx: payout_account.attach_payout_account(account, state, link, tx)


def _sent(call: Call[Any], account: PayoutAccount) -> Outcome[AccountState]:
    return call.runtime.stripe.accounts.open_account(
        key=account.create_key, worker_id=account.worker_id, country=account.country
    )


def _asked(call: Call[Any], account: PayoutAccount) -> Outcome[AccountState]:
    def send_anew() -> Outcome[AccountState]:
        _give_up_key(call, account)
        return _sent(call, _account(call, account.id))

    def look() -> Outcome[AccountState | None]:
        return call.runtime.stripe.accounts.find_account(
            worker_id=account.worker_id, country=account.country, since=account.created_at
        )

    return asked_again(
        look=look,
        look_wider=look,
        send=lambda: _sent(call, account),
        send_anew=send_anew,
    )


def _give_up_key(call: Call[Any], account: PayoutAccount) -> None:
    cause = continuation(call.cause, f"after attempt {account.attempt}")
    run(call.runtime.store, cause, lambda tx: payout_account.give_up_attempt(account, tx))


def _refused(call: Call[Any], account: PayoutAccount, refused: Refused) -> PayoutsDisabled:
    """The next call asks anew."""
    _give_up_key(call, account)
    return _disabled(refused)


def _disabled(refused: Refused) -> PayoutsDisabled:
    return PayoutsDisabled(f"the payment provider does not open this account: {refused.message}")
