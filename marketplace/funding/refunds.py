"""What happens to a refund, one commit each."""

from marketplace.funding.ports import CardRefund
from marketplace.funding.refund import Refund, Step
from marketplace.funding.top_up import TopUp, TopUpStatus
from marketplace.ledger import postings
from marketplace.shared.errors import CurrencyMismatch, Fault, IllegalTransition, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.leg import Leg
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Refused, Unknown
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


class RefundMismatch(RuntimeError):
    """A refund at Stripe says it is ours and is not what we asked for: a person must look."""


@dataclass(frozen=True)
class RequestRefund:
    """`amount` of what the card paid for a top-up goes back to it."""

    refund_id: str
    client_id: str
    top_up_id: str
    amount: Money


def request_refund(command: RequestRefund, tx: Transaction) -> Refund:
    """The money cannot be spent from here on; Stripe is asked only once this is written.

    Raises NotFound, IllegalTransition before the card has paid, CurrencyMismatch, InvalidRequest for more
    than is left of the top-up, InsufficientFunds when the wallet has less or its owner owes us.
    """
    top_up = tx.get(TopUp, command.top_up_id)
    if top_up.client_id != command.client_id:
        raise NotFound
    if top_up.status != TopUpStatus.SUCCEEDED or top_up.payment_intent is None:
        raise IllegalTransition(f"the top-up is {top_up.status}")
    amount, currency = command.amount.amount, top_up.amount.currency
    if command.amount.currency != currency:
        raise CurrencyMismatch((Fault("/amount/currency", f"the top-up is in {currency}"),))
    if amount > top_up.left:
        raise InvalidRequest.at("/amount/amount", f"{max(0, top_up.left)} of this top-up can go back")
    refund = Refund.requested(
        command.refund_id,
        client_id=top_up.client_id,
        top_up_id=top_up.id,
        payment_intent=top_up.payment_intent,
        amount=command.amount,
        at=tx.now,
    )
    tx.save(refund, top_up.with_returned(refunded=amount))
    tx.post(currency, "refund asked", postings.refund_asked(refund.client_id, amount))
    tx.publish(EventType.REFUND_REQUESTED, about=_about(refund))
    return refund


def record_refund(refund_id: str, seen: CardRefund, step: Step, tx: Transaction) -> Refund:
    """Writes down `step`, if it is still the next one to where Stripe has the refund.

    Raises NotFound, RefundMismatch.
    """
    refund = tx.get(Refund, refund_id)
    if refund.create.stripe_id not in (None, seen.id) or seen.amount != refund.amount:
        raise RefundMismatch(f"{seen.id} does not fit {refund.id}")
    if refund.towards(seen) != step:
        return refund
    if step == Step.TAKE:
        return _taken(refund, seen, tx)
    if step == Step.GIVE_BACK:
        return _given_back(refund, seen, tx)
    noted = refund.noted(seen, tx.now)
    tx.save(noted)
    tx.publish(_event_of(noted), about=_about(noted))
    return noted


def refuse_refund(seen: Refund, refused: Refused, tx: Transaction) -> Refund:
    """Stripe will not make it: nothing was sent, and the money is the client's again. Raises NotFound."""
    refund = tx.get(Refund, seen.id)
    if not refund.is_asked_for or refund.create.attempt != seen.create.attempt:
        return refund
    gone = refund.refused(refused, tx.now)
    _undo(gone, tx, taken=False)
    tx.publish(EventType.REFUND_FAILED, about=_about(gone), code=refused.code)
    return gone


def lose_refund(seen: Refund, answer: Unknown, sent_at: int, tx: Transaction) -> None:
    """What became of a send at `sent_at` is not known; nothing is undone on a guess. Raises NotFound."""
    refund = tx.get(Refund, seen.id)
    if refund.is_asked_for and refund.create.attempt == seen.create.attempt:
        tx.save(refund.lost(sent_at, spent=answer.replayed))
        tx.publish(EventType.REFUND_UNKNOWN, about=_about(refund), code=answer.code)


def resend_refund(seen: Refund, tx: Transaction) -> bool:
    """About to be sent again under the same key, unless it has changed since it was `seen`.

    Raises NotFound.
    """
    refund = tx.get(Refund, seen.id)
    if refund.create != seen.create:
        return False
    tx.save(refund.resending(tx.now))
    return True


def plan_refund_anew(refund_id: str, leg: Leg, tx: Transaction) -> None:
    """Another key, once nothing can be done with the one so far; asked for by the clock. Raises NotFound."""
    refund = tx.get(Refund, refund_id)
    if refund.create == leg:
        tx.save(refund.planned_again(tx.now))
        tx.publish(EventType.REFUND_DUE, about=_about(refund))


def put_off_refund(seen: Refund, until: int, tx: Transaction) -> None:
    """A look found nothing, too early to tell. Raises NotFound."""
    if tx.get(Refund, seen.id) == seen:
        tx.save(seen.put_off(until))


def wake_refund(refund_id: str, tx: Transaction) -> None:
    """Its clock: somebody looks how it stands."""
    refund = tx.find(Refund, refund_id)
    if refund is None or refund.looks_at is None or refund.looks_at > tx.now:
        return
    tx.save(refund.looked_at(tx.now))
    tx.publish(EventType.REFUND_DUE, about=_about(refund))


def _taken(refund: Refund, seen: CardRefund, tx: Transaction) -> Refund:
    taken = refund.taken_by(seen, tx.now)
    tx.save(taken)
    lines = (seen.balance_transaction, seen.id)
    moved = postings.refund_taken(refund.client_id, refund.amount.amount)
    tx.post(refund.amount.currency, "refund", moved, references=(line for line in lines if line))
    tx.publish(_event_of(taken), about=(*_about(taken), seen.id, seen.charge))
    return taken


def _given_back(refund: Refund, seen: CardRefund, tx: Transaction) -> Refund:
    gone = refund.given_back(seen, tx.now)
    lines = (seen.failure_balance_transaction, seen.id)
    _undo(gone, tx, taken=refund.taken, references=tuple(line for line in lines if line))
    tx.publish(_event_of(gone), about=(*_about(gone), seen.id, seen.charge), code=seen.failure_reason)
    return gone


def _undo(gone: Refund, tx: Transaction, *, taken: bool, references: tuple[str, ...] = ()) -> None:
    amount = gone.amount.amount
    top_up = tx.get(TopUp, gone.top_up_id)
    tx.save(gone, top_up.with_returned(refunded=-amount))
    undone = postings.refund_undone(gone.client_id, amount, taken=taken)
    tx.post(gone.amount.currency, "refund undone", undone, references=references)


def _about(refund: Refund) -> tuple[str, ...]:
    return (refund.id, refund.client_id, refund.top_up_id)


def _event_of(refund: Refund) -> EventType:
    return EventType(f"refund.{refund.status}")
