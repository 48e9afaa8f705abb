"""What happens to a top-up, one commit each."""

from marketplace.funding.ports import CardPayment, ChargeFee, OpenedPayment
from marketplace.funding.top_up import Refusal, TopUp, TopUpStatus
from marketplace.ledger import postings
from marketplace.shared.accounts import client_owner
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


class PaymentMismatch(RuntimeError):
    """A card paid something else than its top-up asked for: a person must look, nothing is guessed."""


@dataclass(frozen=True)
class RequestTopUp:
    """`amount` is what the card shall pay; the wallet is credited in full."""

    top_up_id: str
    client_id: str
    amount: Money


def request_top_up(command: RequestTopUp, tx: Transaction) -> TopUp:
    """The first commit; the card provider is asked only once it is written."""
    top_up = TopUp(command.top_up_id, command.client_id, command.amount, tx.now)
    tx.save(top_up)
    tx.publish(EventType.TOP_UP_REQUESTED, about=(top_up.id, top_up.client_id))
    return top_up


def attach_payment(top_up_id: str, opened: OpenedPayment, tx: Transaction) -> TopUp:
    """The second commit: what the provider opened. Raises NotFound, IllegalTransition."""
    top_up = tx.get(TopUp, top_up_id).attached(opened.payment_intent, opened.client_secret)
    tx.save(top_up)
    tx.publish(EventType.TOP_UP_ATTACHED, about=(top_up.id, top_up.client_id, opened.payment_intent))
    return top_up


def refuse_top_up(top_up_id: str, refusal: Refusal, tx: Transaction) -> TopUp:
    """The provider said no for good. Raises NotFound, IllegalTransition."""
    top_up = tx.get(TopUp, top_up_id)
    if top_up.status == TopUpStatus.FAILED:
        return top_up
    refused = top_up.refused(refusal)
    tx.save(refused)
    tx.publish(EventType.TOP_UP_FAILED, about=(top_up.id, top_up.client_id), code=refusal.code)
    return refused


def credit_top_up(payment: CardPayment, tx: Transaction) -> TopUp:
    """The card's money arrived, in full: it settles what the client owes, the rest is theirs to spend. Of
    two payments that were opened for it, since an answer was lost, the first that is paid is the one.

    Raises NotFound, and PaymentMismatch when the money is not what was asked for.
    """
    top_up = tx.get(TopUp, payment.top_up_id)
    _check(payment, top_up)
    if top_up.status == TopUpStatus.SUCCEEDED:
        return top_up
    gross, currency = payment.received.amount, payment.received.currency
    owing = tx.store.balances(client_owner(top_up.client_id)).get(currency, {}).get("receivable", 0)
    charged = top_up.charged(payment_intent=payment.payment_intent, charge=payment.charge, at=tx.now)
    tx.save(charged)
    tx.post(
        currency,
        "top-up",
        postings.card_charged(top_up.client_id, gross=gross, receivable=owing),
        references=(payment.charge, payment.payment_intent),
    )
    tx.publish(
        EventType.TOP_UP_SUCCEEDED,
        about=(top_up.id, top_up.client_id, payment.payment_intent, payment.charge),
    )
    return charged


def post_charge_fee(fee: ChargeFee, tx: Transaction) -> None:
    """What Stripe kept of a charge is the platform's expense. Raises PaymentMismatch."""
    if fee.fee.amount < 0:
        raise PaymentMismatch(f"{fee.balance_transaction}: a fee below zero")
    top_up = tx.find(TopUp, fee.top_up_id) if fee.top_up_id else None
    if top_up is not None and not top_up.fee_known:
        tx.save(top_up.with_fee_known())
    post_fee(fee, tx)


def post_fee(fee: ChargeFee, tx: Transaction) -> None:
    """What Stripe kept, or, below zero, gave back: of what it asks of who answers a dispute, to who wins it.
    (Stripe: support.stripe.com/topics/disputes)"""
    if not fee.fee.amount:
        return
    tx.post(
        fee.fee.currency,
        "Stripe's fee",
        postings.stripe_fee(fee.fee.amount),
        references=(fee.balance_transaction, fee.charge),
    )
    about = (name for name in (fee.balance_transaction, fee.charge, fee.top_up_id) if name)
    tx.publish(EventType.STRIPE_FEE_POSTED, about=about)


def try_anew(seen: TopUp, tx: Transaction) -> None:
    """Another key for a payment that cannot be opened under the one so far, unless the top-up has changed
    since it was `seen`. Raises NotFound."""
    if tx.get(TopUp, seen.id) == seen:
        tx.save(seen.tried_anew())


def wake_top_up(top_up_id: str, tx: Transaction) -> None:
    """Gives up on a provider that was never reached; has an unpaid payment, or the card's fee, looked up."""
    top_up = tx.due(TopUp, top_up_id)
    if top_up is None:
        return
    if top_up.status == TopUpStatus.REQUESTED:
        tx.save(top_up.expired())
        tx.publish(EventType.TOP_UP_EXPIRED, about=(top_up.id, top_up.client_id))
    else:
        tx.save(top_up.checked())
        tx.publish(EventType.TOP_UP_DUE, about=(top_up.id, top_up.client_id))


def _check(payment: CardPayment, top_up: TopUp) -> None:
    first = top_up.status != TopUpStatus.SUCCEEDED or top_up.payment_intent == payment.payment_intent
    if not (first and payment.succeeded and payment.charge and payment.received == top_up.amount):
        raise PaymentMismatch(f"{payment.payment_intent} does not fit {top_up.id}")
