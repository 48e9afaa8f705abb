"""What goes back to cards at Stripe: refunds that we ask for, disputes that banks decide."""
# mypy: disable-error-code="no-any-return"
# It is a part of the model, whose other parts it calls by `self: Any`.

from dataclasses import replace
from typing import Any

from marketplace.funding.ports import CardDispute, CardPayment, CardRefund, DisputeMovement
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused
from tests.simulation.stripe_notes import ONLY

DAY = 86_400
SETTLES_SECONDS = 3_600
BACK_SECONDS_MAX = 30 * DAY
"""So long a bank may send a refund back."""
ANSWER_SECONDS = 8 * DAY
INQUIRY_SECONDS = 20 * DAY
DECIDES_SECONDS = DAY
DISPUTE_FEE = 1_500
WINNING = "winning"
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
ANSWERED = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}


class CardReturns:
    """A part of the model: implements `CardRefunds` and `CardDisputes`. `refunded` is (refund, payment, made
    at) by id, `disputed` is (dispute, when something comes due, whether it will be won)."""

    refunded: dict[str, tuple[CardRefund, str, int]]
    disputed: dict[str, tuple[CardDispute, int, bool]]

    def send_refund(
        self: Any, *, key: str, refund_id: str, attempt: int, payment_intent: str, amount: Money
    ) -> Outcome[CardRefund]:
        def effect() -> Outcome[CardRefund]:
            payment = self.intents[payment_intent][1]
            if self.left_of(payment) < amount.amount:
                return Refused("charge_disputed", "there is not so much left")
            made, slow = self._id("re"), self.outside.chance.random() < 0.3
            line = self._book_return(made, -amount.amount, 0, amount.currency)
            state = "pending" if slow else "succeeded"
            refund = CardRefund(made, state, amount, refund_id, payment.charge, line)
            self.refunded[made] = (refund, payment_intent, self.now())
            self._tell("refund.created", "", made, refund_id=refund_id)
            self._tell("charge.refunded", "", payment.charge, top_up_id=payment.top_up_id)
            return Done(refund)

        return self.keys.send(self, key, (refund_id, attempt, payment_intent, amount), effect)

    def find_refund(self: Any, *, payment_intent: str, refund_id: str) -> Outcome[CardRefund | None]:
        def value() -> CardRefund | None:
            for refund, intent, created in self.refunded.values():
                if (intent, refund.refund_id) == (payment_intent, refund_id) and self._listed(created):
                    return refund
            return None

        return self._ask(value)

    def refund(self: Any, stripe_id: str) -> Outcome[CardRefund]:
        return self._ask(lambda: self.refunded[stripe_id][0])

    def refunds_of(self: Any, payment_intent: str) -> Outcome[tuple[CardRefund, ...]]:
        def value() -> tuple[CardRefund, ...]:
            rows = self.refunded.values()
            return tuple(row for row, intent, at in rows if intent == payment_intent and self._listed(at))

        return self._ask(value)

    def dispute(self: Any, stripe_id: str) -> Outcome[CardDispute]:
        return self._ask(lambda: self.disputed[stripe_id][0])

    def opened_since(self: Any, instant: int) -> Outcome[tuple[str, ...]]:
        return self._ask(
            lambda: tuple(
                one.id for one, _, _ in self.disputed.values() if self._listed(one.created, instant)
            )
        )

    def answer(self: Any, *, key: str, stripe_id: str, text: str) -> Outcome[CardDispute]:
        def effect() -> Outcome[CardDispute]:
            dispute, _, _ = self.disputed[stripe_id]
            if dispute.state not in ANSWERED:
                return Refused("", "evidence has been submitted, or it is closed")
            answered = replace(dispute, state=ANSWERED[dispute.state], answers=dispute.answers + 1)
            self.disputed[stripe_id] = (answered, self.now() + DECIDES_SECONDS, text == WINNING)
            self._tell("charge.dispute.updated", "", stripe_id)
            return Done(answered)

        return self.keys.send(self, key, (stripe_id, text), effect)

    # what others do there

    def left_of(self: Any, payment: CardPayment) -> int:
        """What of a payment has not gone back, minor units."""
        back = sum(r.amount.amount for r, _, _ in self._refunds_of(payment) if r.state != "failed")
        taken = sum(d.amount.amount for d, _, _ in self.disputed.values() if _takes(d, payment))
        return int(payment.received.amount - back - taken)

    def send_back(self: Any, refund_id: str) -> None:
        """The card's bank will not have it."""
        refund, intent, created = self.refunded[refund_id]
        if refund.state == "failed" or self.now() > created + BACK_SECONDS_MAX:
            return
        line = self._book_return(f"{refund_id}_back", refund.amount.amount, 0, refund.amount.currency)
        self.refunded[refund_id] = (
            replace(
                refund, state="failed", failure_balance_transaction=line, failure_reason="lost_or_stolen_card"
            ),
            intent,
            created,
        )
        self._tell("charge.refund.updated", "", refund_id, refund_id=refund.refund_id)
        self._tell("refund.failed", "", refund_id, refund_id=refund.refund_id)

    def open_dispute(self: Any, intent: str, share: float, *, inquiry: bool) -> str:
        """The card holder contests a part of a payment; the dispute's id, empty where that cannot be."""
        payment = self.intents[intent][1]
        charge = payment.charge
        busy = any(one.charge == charge and one.state in OPEN for one, _, _ in self.disputed.values())
        if not inquiry:
            for refund, _, _ in self._refunds_of(payment):
                if refund.state == "pending":
                    self.send_back(refund.id)
        amount = int(self.left_of(payment) * share)
        if not payment.succeeded or busy or amount <= 0:
            return ""
        made, currency = self._id("du"), payment.received.currency
        due_by = self.now() + (INQUIRY_SECONDS if inquiry else ANSWER_SECONDS)
        state = "warning_needs_response" if inquiry else "needs_response"
        named = (made, state, "fraudulent", Money(amount, currency), charge, intent, payment.top_up_id)
        self.disputed[made] = (CardDispute(*named, self.now(), due_by, 0), due_by, False)
        self._tell("charge.dispute.created", "", made, **ONLY)
        if not inquiry:
            self._withdraw(made)
        return str(made)

    def decide(self: Any, dispute_id: str, *, won: bool) -> None:
        """The bank has decided; an inquiry that is not won goes on as a dispute."""
        dispute, _, _ = self.disputed[dispute_id]
        if dispute.state.startswith("warning"):
            payment = self.intents[dispute.payment_intent][1]
            left = self.left_of(payment)
            if won or left <= 0:
                self._close(dispute_id, "warning_closed")
                return
            amount = Money(min(left, dispute.amount.amount), dispute.amount.currency)
            due_by = self.now() + ANSWER_SECONDS
            went_on = replace(dispute, state="needs_response", amount=amount, due_by=due_by, answers=0)
            self.disputed[dispute_id] = (went_on, due_by, False)
            self._withdraw(dispute_id)
            return
        if won:
            line = self._book_return(
                f"{dispute_id}_back", dispute.amount.amount, 0, dispute.amount.currency, dispute_id
            )
            moved = (*dispute.movements, DisputeMovement(line, dispute.amount.amount, 0))
            self.disputed[dispute_id] = (replace(dispute, movements=moved), 0, won)
            self._tell("charge.dispute.funds_reinstated", "", dispute_id)
        self._close(dispute_id, "won" if won else "lost")

    def pass_time_of_returns(self: Any) -> None:
        """Slow refunds arrive, and banks decide."""
        for refund, intent, created in list(self.refunded.values()):
            if refund.state == "pending" and created + SETTLES_SECONDS <= self.now():
                self.refunded[refund.id] = (replace(refund, state="succeeded"), intent, created)
                self._tell("refund.updated", "", refund.id, refund_id=refund.refund_id)
        for dispute, due, won in list(self.disputed.values()):
            if dispute.state in OPEN and due <= self.now():
                closes = dispute.state == "warning_needs_response"
                self.decide(dispute.id, won=won or closes)

    def next_return(self: Any) -> list[int]:
        """When something of this comes due, on Stripe's clock."""
        found = [at + SETTLES_SECONDS for row, _, at in self.refunded.values() if row.state == "pending"]
        return found + [due for one, due, _ in self.disputed.values() if one.state in OPEN]

    def _refunds_of(self: Any, payment: CardPayment) -> list[tuple[CardRefund, str, int]]:
        return [row for row in self.refunded.values() if row[0].charge == payment.charge]

    def _withdraw(self: Any, dispute_id: str) -> None:
        dispute, due, won = self.disputed[dispute_id]
        amount, currency = dispute.amount.amount, dispute.amount.currency
        line = self._book_return(dispute_id, -amount, DISPUTE_FEE, currency)
        moved = (DisputeMovement(line, -amount, DISPUTE_FEE),)
        self.disputed[dispute_id] = (replace(dispute, movements=moved), due, won)
        self._tell("charge.dispute.funds_withdrawn", "", dispute_id)

    def _close(self: Any, dispute_id: str, state: str) -> None:
        dispute, due, won = self.disputed[dispute_id]
        self.disputed[dispute_id] = (replace(dispute, state=state), due, won)
        self._tell("charge.dispute.closed", "", dispute_id)

    def _book_return(self: Any, name: str, amount: int, fee: int, currency: str, source: str = "") -> str:
        self._book(name, amount, fee, currency)
        line = self.lines[f"txn_{name}"]
        self.lines[line.id] = replace(line, source=source or name.removesuffix("_back"))
        self.balance[currency] += amount - fee
        return str(line.id)


def _takes(dispute: CardDispute, payment: CardPayment) -> bool:
    """Whether the bank has money of that payment."""
    return dispute.charge == payment.charge and dispute.state in ("needs_response", "under_review", "lost")
