"""A client's wallet: what is in it, and money into it by card."""

from collections.abc import Callable
from typing import Any, Literal

from chalicelib.http import CLIENT, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.provider_calls import answered, asked_again, commit_around
from chalicelib.reading_ahead import Path
from chalicelib.types import Instant, Model, Money
from marketplace.access.principals import Role
from marketplace.funding import use_cases
from marketplace.funding.ports import OpenedPayment
from marketplace.funding.top_up import Refusal, TopUp, TopUpStatus
from marketplace.funding.use_cases import RequestTopUp
from marketplace.shared.accounts import client_owner
from marketplace.shared.errors import InvalidRequest, NotFound, ProviderUnavailable
from marketplace.shared.outcomes import Outcome, Refused
from marketplace.shared.running import continuation, run
from marketplace.shared.transaction import Transaction
from marketplace.storage import holdings
from marketplace.storage.ahead import Along
from marketplace.storage.holdings import NOTHING_HELD, Holdings
from marketplace.storage.keys import CLIENT_TOP_UPS

routes = Routes()


class NewTopUp(Model):
    """What the card shall pay."""

    amount: Money


class FailureView(Model):
    """Why the card provider would not."""

    code: str
    message: str


class TopUpView(Model):
    """Money on its way into the wallet; whoever has the `client_secret` can pay it."""

    id: str
    object: Literal["top_up"] = "top_up"
    status: Literal["requested", "requires_payment", "succeeded", "failed", "expired"]
    amount: Money
    payment_intent: str | None
    client_secret: str | None
    failure: FailureView | None
    succeeded_at: Instant | None
    created_at: Instant


class BalanceView(Model):
    """Minor units of `currency`: what may be spent, what contracts hold and the fees on that, what is on its
    way back to cards, and what the client owes after chargebacks. While something is owed nothing can be
    spent."""

    currency: str
    available: int
    held: int
    fees_held: int
    refunding: int
    receivable: int


class WalletView(Model):
    """One row for each currency."""

    balances: list[BalanceView]


def top_up_view(top_up: TopUp) -> TopUpView:
    """A top-up for an answer."""
    refusal = top_up.refusal
    return TopUpView(
        id=top_up.id,
        status=top_up.status.value,
        amount=Money.of(top_up.amount),
        payment_intent=top_up.payment_intent,
        client_secret=top_up.client_secret,
        failure=FailureView(code=refusal.code, message=refusal.message) if refusal else None,
        succeeded_at=top_up.succeeded_at,
        created_at=top_up.created_at,
    )


@routes.add(
    "POST",
    "/v1/wallet/top-ups",
    who=CLIENT,
    scope="money",
    body=NewTopUp,
    answer=TopUpView,
    key_required=True,
    status=201,
)
def create_top_up(call: Call[NewTopUp]) -> Reply:
    """Opens a card payment into the wallet; pay it with its `client_secret`."""
    command = RequestTopUp(call.runtime.new_id("top"), call.principal.id, call.body.amount.to_domain())
    return commit_around(
        call,
        lambda tx: use_cases.request_top_up(command, tx),
        resume=lambda top_up_id: _top_up(call, top_up_id),
        ask=lambda top_up, again: _opened(call, top_up, again=again),
        render=top_up_view,
    )


@routes.add(
    "GET",
    "/v1/wallet/top-ups",
    who=CLIENT,
    query=PageQuery,
    answer=Page,
    row=TopUpView,
    open_to_suspended=True,
)
def list_top_ups(call: Call[Any]) -> Reply:
    """The client's top-ups."""
    return call.page(CLIENT_TOP_UPS, call.principal.id, top_up_view)


@routes.add("GET", "/v1/wallet/top-ups/{top_up_id}", who=CLIENT, answer=TopUpView, open_to_suspended=True)
def get_top_up(call: Call[Any]) -> Reply:
    """One top-up of the client's."""
    return Reply(top_up_view(_top_up(call, call.id("top_up_id", "top"))))


def _wallet_ahead(_role: Role, client_id: str, _path: Path) -> Along:
    return Along(owners=_owners(client_id))


def _owners(client_id: str) -> tuple[str, str]:
    """Of the balances, and of what contracts hold."""
    return client_owner(client_id), holdings.owner(client_id)


@routes.add("GET", "/v1/wallet", who=CLIENT, answer=WalletView, open_to_suspended=True, along=_wallet_ahead)
def get_wallet(call: Call[Any]) -> Reply:
    """What the client may spend and what contracts hold, in minor units."""
    wallet, counted = _owners(call.principal.id)
    found = call.runtime.store.balances_of((wallet, counted))
    balances, held = found[wallet], holdings.of_currencies(found[counted])
    rows = [
        _balance_view(currency, balances.get(currency, {}), held.get(currency, NOTHING_HELD))
        for currency in sorted(balances.keys() | held.keys())
    ]
    return Reply(WalletView(balances=rows))


def _balance_view(currency: str, names: dict[str, int], held: Holdings) -> BalanceView:
    return BalanceView(
        currency=currency,
        available=names.get("wallet", 0),
        held=held.held,
        fees_held=held.fees,
        refunding=names.get("refunding", 0),
        receivable=names.get("receivable", 0),
    )


def _top_up(call: Call[Any], top_up_id: str) -> TopUp:
    found = call.runtime.store.read(TopUp, top_up_id)
    if found is None or found[0].client_id != call.principal.id:
        raise NotFound
    return found[0]


def _opened(call: Call[Any], top_up: TopUp, *, again: bool) -> Callable[[Transaction], TopUp]:
    """Asks for the payment; a top-up that is paid or has ended is not asked for again, nor one that is about
    to end: its key may be forgotten. Raises InvalidRequest, ProviderUnavailable."""
    if top_up.refusal is not None:
        raise _invalid(top_up.refusal)
    if top_up.status in (TopUpStatus.EXPIRED, TopUpStatus.SUCCEEDED):
        return lambda tx: tx.get(TopUp, top_up.id)
    if top_up.gives_up_by(call.now):
        raise ProviderUnavailable("the payment provider was not reached; the top-up is about to expire")
    payments = call.runtime.stripe.payments

    def find(until: int | None = None) -> Outcome[OpenedPayment | None]:
        return payments.find_payment(top_up_id=top_up.id, asked_at=top_up.created_at, until=until)

    def send(asked: TopUp) -> Outcome[OpenedPayment]:
        return payments.open_payment(
            key=asked.create_key, top_up_id=asked.id, client_id=asked.client_id, amount=asked.amount
        )

    outcome = (
        asked_again(
            look=find,
            look_wider=lambda: find(call.now),
            send=lambda: send(top_up),
            send_anew=lambda: send(_with_another_key(call, top_up)),
        )
        if again
        else send(top_up)
    )
    opened = answered(outcome, lambda refused: _refused(call, top_up, refused))
    return lambda tx: use_cases.attach_payment(top_up.id, opened, tx)


def _with_another_key(call: Call[Any], top_up: TopUp) -> TopUp:
    cause = continuation(call.cause, f"attempt {top_up.attempt + 1}")
    run(call.runtime.store, cause, lambda tx: use_cases.try_anew(top_up, tx))
    return _top_up(call, top_up.id)


def _refused(call: Call[Any], top_up: TopUp, refused: Refused) -> InvalidRequest:
    """The top-up ends, and the same key is refused again in the same words."""
    refusal = Refusal(refused.code, refused.message, refused.parameter)
    cause = continuation(call.cause, "refused")
    run(call.runtime.store, cause, lambda tx: use_cases.refuse_top_up(top_up.id, refusal, tx))
    return _invalid(refusal)


def _invalid(refusal: Refusal) -> InvalidRequest:
    part = "currency" if refusal.parameter == "currency" else "amount"
    return InvalidRequest.at(f"/amount/{part}", refusal.message)
