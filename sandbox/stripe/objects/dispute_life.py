"""What becomes of a dispute, and of the money in it.

    needs_response ──evidence──► under_review ──► won      (the amount comes back)
          │                           └─────────► lost
          └──accepted, or not answered in time──► lost
          ▲
          │ the bank takes the money after all
          │
    warning_needs_response ──evidence──► warning_under_review ──► warning_closed
          └──refunded in full, or nothing in 120 days───────────► warning_closed

A dispute takes the money and a fee at once; an inquiry, whose statuses begin with `warning_`, takes nothing.
When a dispute is won the amount comes back, but never the fee. The available balance may turn negative by it.

Source: https://docs.stripe.com/disputes/how-disputes-work, https://docs.stripe.com/disputes/responding,
https://docs.stripe.com/reports/reporting-categories
"""

from sandbox.stripe import notify
from sandbox.stripe.books import Movement, book
from sandbox.stripe.errors import NotPossible
from sandbox.stripe.fees import dispute_fee
from sandbox.stripe.objects import charges, dispute_evidence, payment_methods, refund_life
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Action, Step

DAY = 24 * 3600
ANSWER_DAYS = 8
INQUIRY_DAYS = 120

INQUIRIES = ("warning_needs_response", "warning_under_review")
OPEN = ("needs_response", "under_review", *INQUIRIES)
TAKING = ("needs_response", "under_review", "lost")
"""Statuses in which the money is with the bank."""

REASONS = {
    "bank_cannot_process": None, "check_returned": None, "credit_not_processed": "13.6",
    "customer_initiated": None, "debit_not_authorized": None, "duplicate": "12.6", "fraudulent": "10.4",
    "general": None, "incorrect_account_details": None, "insufficient_funds": None, "noncompliant": None,
    "product_not_received": "13.1", "product_unacceptable": "13.3", "subscription_canceled": "13.2",
    "unrecognized": "10.4",
}  # fmt: skip
"""Reason → Visa's code for it. Source: https://docs.stripe.com/disputes/categories"""


def by_card(step: Step, charge_id: str) -> None:
    """The holder of a disputing test card does what it promises, unless it was disputed or refunded first."""
    charge = step.shelf("charge")[charge_id]
    disputed = payment_methods.card_of(charge["payment_method_details"]).disputed
    if disputed is not None and not charge["disputed"] and not charge["refunded"]:
        open_(step, charge, None, disputed.reason, inquiry=disputed.inquiry)


def open_(step: Step, charge: Obj, amount: int | None, reason: str, *, inquiry: bool = False) -> Obj:
    """The holder disputes `amount` minor units, or all that is left of the charge. Raises NotPossible."""
    _check(step, charge, reason)
    charges.booked(step, charge["id"])
    pending = [] if inquiry else _pending_refunds(step, charge)
    left = _left(step, charge) + sum(refund["amount"] for refund in pending)
    taken = left if amount is None else amount
    if not 0 < taken <= left:
        message = f"{taken} of charge {charge['id']} cannot be disputed: {left} is left of it"
        raise NotPossible(message)
    _fail(step, pending)
    dispute = step.keep(_new(step, charge, taken, reason, inquiry=inquiry))
    charge["disputed"] = True
    if inquiry:
        step.later(step.at + INQUIRY_DAYS * DAY, Action.DISPUTE_LAPSED, dispute["id"])
        notify.emit(step, "charge.dispute.created", dispute)
        return dispute
    _withdraw(step, dispute, refundable=taken < left)
    notify.emit(step, "charge.dispute.created", dispute)
    notify.emit(step, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def of_payment(step: Step, intent: Obj, amount: int | None, reason: str) -> Obj:
    """The holder disputes a payment. Raises NotPossible."""
    charge = step.shelf("charge").get(str(intent["latest_charge"]))
    if charge is None:
        message = f"payment intent {intent['id']} has no charge"
        raise NotPossible(message)
    return open_(step, charge, amount, reason)


def unfinished(step: Step, charge_id: str | None) -> Obj | None:
    """The charge's dispute that is not over, if there is one."""
    rows = step.shelf("dispute").rows
    return next((row for row in rows if row["charge"] == charge_id and row["status"] in OPEN), None)


def _check(step: Step, charge: Obj, reason: str) -> None:
    if reason not in REASONS:
        message = f"{reason!r} is no dispute reason of Stripe's: {', '.join(REASONS)}"
        raise NotPossible(message)
    if not charge["captured"] or charge["source_transfer"] is not None:
        message = f"charge {charge['id']} has taken no money from a card"
        raise NotPossible(message)
    if unfinished(step, charge["id"]) is not None:
        message = f"charge {charge['id']} is disputed already"
        raise NotPossible(message)


def _pending_refunds(step: Step, charge: Obj) -> list[Obj]:
    rows = step.shelf("refund").rows
    return [row for row in rows if row["charge"] == charge["id"] and row["status"] == "pending"]


def _fail(step: Step, refunds: list[Obj]) -> None:
    """Refunds that have not gone out do not, once the bank takes the money instead."""
    for refund in refunds:
        refund_life.fail(step, refund, "charge_for_pending_refund_disputed")


def _new(step: Step, charge: Obj, amount: int, reason: str, *, inquiry: bool) -> Obj:
    network_code = REASONS[reason]
    if inquiry and network_code is not None:
        network_code = network_code.partition(".")[0]
    return {
        "id": step.new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": step.at,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dispute_evidence.none(),
        "evidence_details": dispute_evidence.details(_due_by(step.at)),
        "is_charge_refundable": True,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": charge["payment_method_details"]["card"]["brand"],
                "case_type": "inquiry" if inquiry else "chargeback",
                "network_reason_code": network_code,
            },
            "type": "card",
        },
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def _due_by(at: int) -> int:
    """The last second of the day (UTC) on which an answer is in time."""
    return (at // DAY + ANSWER_DAYS + 1) * DAY - 1


def _withdraw(step: Step, dispute: Obj, *, refundable: bool) -> None:
    """The bank takes the amount, and Stripe its fee. `refundable`: something is left of the charge."""
    movement = Movement(
        "adjustment",
        -dispute["amount"],
        dispute["currency"],
        dispute["id"],
        fee=dispute_fee(dispute["currency"]),
        fee_description="Dispute fee",
        description=f"Chargeback withdrawal for {dispute['charge']}",
        category="dispute",
    )
    dispute["balance_transactions"].append(dict(book(step, movement)))
    dispute["is_charge_refundable"] = refundable
    step.later(dispute["evidence_details"]["due_by"] + 1, Action.DISPUTE_LAPSED, dispute["id"])


def _of(step: Step, charge: Obj) -> list[Obj]:
    return [dispute for dispute in step.shelf("dispute").rows if dispute["charge"] == charge["id"]]


def withdrawn(step: Step, charge: Obj) -> int:
    """What banks hold of a charge, minor units."""
    return sum(dispute["amount"] for dispute in _of(step, charge) if dispute["status"] in TAKING)


def _left(step: Step, charge: Obj) -> int:
    return int(charge["amount"] - charge["amount_refunded"] - withdrawn(step, charge))


def decide(step: Step, dispute: Obj, *, won: bool) -> Obj:
    """The bank decides an open dispute; of an inquiry, whether it goes on. Raises NotPossible."""
    if dispute["status"] not in OPEN:
        message = f"dispute {dispute['id']} is {dispute['status']}"
        raise NotPossible(message)
    if dispute["status"] in INQUIRIES:
        return close(step, dispute, "warning_closed") if won else _escalate(step, dispute)
    return _reinstate(step, dispute) if won else close(step, dispute, "lost")


def _reinstate(step: Step, dispute: Obj) -> Obj:
    movement = Movement(
        "adjustment",
        dispute["amount"],
        dispute["currency"],
        dispute["id"],
        description=f"Chargeback reversal for {dispute['charge']}",
        category="dispute_reversal",
    )
    dispute["balance_transactions"].append(dict(book(step, movement)))
    dispute |= {"is_charge_refundable": True, "status": "won"}
    notify.emit(step, "charge.dispute.funds_reinstated", dispute)
    notify.emit(step, "charge.dispute.closed", dispute)
    return dispute


def close(step: Step, dispute: Obj, status: str) -> Obj:
    """It is over, and no money moves."""
    dispute["status"] = status
    notify.emit(step, "charge.dispute.closed", dispute)
    return dispute


def _escalate(step: Step, dispute: Obj) -> Obj:
    """The bank takes what is left of the money after an inquiry; it must be answered once more."""
    charge = step.shelf("charge")[dispute["charge"]]
    _fail(step, _pending_refunds(step, charge))
    left = _left(step, charge)
    names = ("amount", "evidence_details", "is_charge_refundable", "payment_method_details", "status")
    before = {name: dispute[name] for name in names}
    card = dispute["payment_method_details"]["card"] | {
        "case_type": "chargeback",
        "network_reason_code": REASONS[dispute["reason"]],
    }
    dispute |= {
        "amount": min(dispute["amount"], left),
        "evidence_details": dispute_evidence.details(_due_by(step.at)),
        "payment_method_details": {"card": card, "type": "card"},
        "status": "needs_response",
    }
    _withdraw(step, dispute, refundable=dispute["amount"] < left)
    notify.emit(step, "charge.dispute.updated", dispute, before=before)
    notify.emit(step, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def lapsed(step: Step, dispute_id: str) -> None:
    """Time is up: a dispute without an answer is lost, an inquiry that went nowhere is closed."""
    dispute = step.shelf("dispute")[dispute_id]
    if dispute["status"] == "needs_response" and step.at > dispute["evidence_details"]["due_by"]:
        close(step, dispute, "lost")
    elif dispute["status"] in INQUIRIES:
        close(step, dispute, "warning_closed")


def refunded(step: Step, charge: Obj) -> None:
    """A charge refunded in full leaves an inquiry nothing to ask for."""
    for dispute in _of(step, charge):
        if charge["refunded"] and dispute["status"] in INQUIRIES:
            close(step, dispute, "warning_closed")


def judged(step: Step, dispute_id: str) -> None:
    """The bank has read the evidence. In test mode its text says what comes of it."""
    dispute = step.shelf("dispute")[dispute_id]
    text = dispute["evidence"]["uncategorized_text"]
    if dispute["status"] == "under_review":
        decide(step, dispute, won=text == dispute_evidence.WINNING)
    elif dispute["status"] == "warning_under_review":
        decide(step, dispute, won=text != dispute_evidence.ESCALATING)
