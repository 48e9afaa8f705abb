"""What becomes of a refund to a card.

                        ┌─────────────────────────────► failed
                        │                                 ▲
    created ──► pending ┴──► succeeded ───────────────────┘      (a bank may still send a refund back)
       └─────────────────────────┘

The money leaves the balance when the refund is made, whatever its status: with the charge's own money while
that is pending, from the available balance afterwards, which may turn negative by it. Then the refund waits,
pending, until the balance is no longer negative. A card's reference to trace the refund by comes a moment
later. Source: https://docs.stripe.com/refunds, https://docs.stripe.com/testing#refunds,
https://support.stripe.com/questions/pending-refunds-due-to-insufficient-funds-or-stripe-balance
"""

from sandbox.stripe import notify
from sandbox.stripe.books import Movement, available, book
from sandbox.stripe.cards import RefundOutcome
from sandbox.stripe.errors import NotPossible
from sandbox.stripe.objects import payment_methods
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Action, Step

SETTLED_AFTER_SECONDS = 60
TRACEABLE_AFTER_SECONDS = 1

FAILURES = (
    "charge_for_pending_refund_disputed",
    "declined",
    "expired_or_canceled_card",
    "insufficient_funds",
    "lost_or_stolen_card",
    "merchant_request",
    "unknown",
)
"""Source: https://docs.stripe.com/refunds#failed-refunds"""

ASYNCHRONOUS_FAILURE = "expired_or_canceled_card"


def new(step: Step, charge: Obj, amount: int, *, reason: str | None, metadata: dict[str, str]) -> Obj:
    """A succeeded refund of `amount` minor units that has moved no money yet; the charge knows of it."""
    refund = step.keep(
        {
            "id": step.new_id("re"),
            "object": "refund",
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "created": step.at,
            "currency": charge["currency"],
            "destination_details": _destination(
                type="refund", reference_status="pending", reference_type="acquirer_reference_number"
            ),
            "metadata": metadata,
            "payment_intent": charge["payment_intent"],
            "reason": reason,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "succeeded",
            "transfer_reversal": None,
        }
    )
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    return refund


def released(step: Step, charge: Obj, amount: int, *, reason: str | None = None) -> Obj:
    """What an authorization gives back without having taken it: no money moves."""
    refund = new(step, charge, amount, reason=reason, metadata={})
    refund["destination_details"] = _destination(type="reversal")
    return refund


def _is_release(refund: Obj) -> bool:
    return bool(refund["destination_details"]["card"]["type"] == "reversal")


def _destination(**card: str) -> Obj:
    return {"card": card, "type": "card"}


def take_money(step: Step, charge: Obj, refund: Obj) -> None:
    """Books a new refund, and lets it wait where its card or the balance wants that."""
    movement = Movement(
        "refund",
        -refund["amount"],
        refund["currency"],
        refund["id"],
        description=description(charge),
        available_on=_pending_until(step, charge["balance_transaction"]),
    )
    transaction = book(step, movement)
    refund["balance_transaction"] = transaction["id"]
    if transaction["status"] == "available" and available(step, refund["currency"]) < 0:
        refund |= {"status": "pending", "pending_reason": "insufficient_funds"}
        return
    if _outcome(charge) == "succeeds_later":
        refund |= {"status": "pending", "pending_reason": "processing"}
    _await_bank(step, charge, refund)


def _outcome(charge: Obj) -> RefundOutcome:
    return payment_methods.card_of(charge["payment_method_details"]).refund


def _await_bank(step: Step, charge: Obj, refund: Obj) -> None:
    """The refund is on its way: its card settles it, or its reference comes."""
    if _outcome(charge) == "succeeds":
        step.later(step.at + TRACEABLE_AFTER_SECONDS, Action.REFUND_TRACEABLE, refund["id"])
    else:
        step.later(step.at + SETTLED_AFTER_SECONDS, Action.REFUND_SETTLED, refund["id"])


def description(charge: Obj) -> str:
    """How the books name a refund of it."""
    return "REFUND FOR CHARGE" + (f" ({charge['description']})" if charge["description"] else "")


def _pending_until(step: Step, transaction_id: str) -> int | None:
    """When that money becomes available (epoch seconds); None when it is."""
    transaction = step.shelf("balance_transaction")[transaction_id]
    return int(transaction["available_on"]) if transaction["status"] == "pending" else None


def settled(step: Step, refund_id: str) -> None:
    """What the test card promises happens: a pending refund succeeds, or a succeeded one fails."""
    refund = step.shelf("refund")[refund_id]
    outcome = _outcome(step.shelf("charge")[refund["charge"]])
    if outcome == "fails_later" and refund["status"] != "failed":
        fail(step, refund, ASYNCHRONOUS_FAILURE)
    elif refund.get("pending_reason") == "processing":
        _succeed(step, refund)
        step.later(step.at + TRACEABLE_AFTER_SECONDS, Action.REFUND_TRACEABLE, refund["id"])


def covered(step: Step, currency: str) -> None:
    """The available balance is no longer negative: what waited for that goes out."""
    if available(step, currency) < 0:
        return
    for refund in list(step.shelf("refund").rows):
        if refund["currency"] == currency and refund.get("pending_reason") == "insufficient_funds":
            _succeed(step, refund)
            _await_bank(step, step.shelf("charge")[refund["charge"]], refund)


def _succeed(step: Step, refund: Obj) -> None:
    before = {"status": refund["status"], "pending_reason": refund.pop("pending_reason")}
    refund["status"] = "succeeded"
    tell_update(step, refund, before)


def traceable(step: Step, refund_id: str) -> None:
    """The number by which the card's bank finds the refund is known."""
    refund = step.shelf("refund")[refund_id]
    if refund["status"] == "succeeded":
        before = {"destination_details": refund["destination_details"]}
        known = {"reference": f"{step.state.next_sequence():016d}", "reference_status": "available"}
        refund["destination_details"] = _destination(**before["destination_details"]["card"] | known)
        tell_update(step, refund, before)


def fail(step: Step, refund: Obj, reason: str) -> Obj:
    """The bank sends the money back to the balance; the charge can be refunded anew. Raises NotPossible."""
    if reason not in FAILURES:
        message = f"{reason!r} is no failure reason of Stripe's: {', '.join(FAILURES)}"
        raise NotPossible(message)
    if refund["source_transfer_reversal"] is not None or _is_release(refund):
        message = f"refund {refund['id']} goes to no card: it reverses a transfer, or releases a hold"
        raise NotPossible(message)
    if refund["status"] == "failed":
        message = f"refund {refund['id']} has failed before"
        raise NotPossible(message)
    returned = Movement(
        "refund_failure",
        refund["amount"],
        refund["currency"],
        refund["id"],
        available_on=_pending_until(step, refund["balance_transaction"]),
    )
    before = {"status": refund["status"]}
    if "pending_reason" in refund:
        before["pending_reason"] = refund.pop("pending_reason")
    refund |= {
        "failure_balance_transaction": book(step, returned)["id"],
        "failure_reason": reason,
        "status": "failed",
    }
    charge = step.shelf("charge")[refund["charge"]]
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    tell_update(step, refund, before)
    notify.emit(step, "refund.failed", refund)
    return refund


def tell_update(step: Step, refund: Obj, before: Obj) -> None:
    """Both events that tell of a changed refund: for all of them, and for those of a charge (deprecated)."""
    notify.emit(step, "refund.updated", refund, before=before)
    notify.emit(step, "charge.refund.updated", refund, before=before)
