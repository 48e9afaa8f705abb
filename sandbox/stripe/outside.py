"""What people and banks do to this Stripe: the card holder pays, the owner onboards, the bank returns."""

import copy
from contextlib import AbstractContextManager
from typing import Any

from sandbox.stripe.errors import NotPossible, UnknownObject
from sandbox.stripe.objects import (
    accounts,
    bank_accounts,
    confirmation,
    dispute_life,
    payout_failures,
    refund_life,
    requirements,
)
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import State
from sandbox.stripe.step import Step


class Outside:
    """The part of the simulator that no API reaches. Each call is one locked step at the present instant
    and answers a copy of the object that it changed."""

    _state: State
    _lock: AbstractContextManager[Any]

    def _caught_up(self) -> int:
        raise NotImplementedError

    def pay(self, payment_intent_id: str) -> Obj:
        """The card holder pays with a good card. Raises UnknownObject, or NotPossible if not awaited."""
        with self._lock:
            step, intent = self._found("payment_intent", payment_intent_id)
            if intent["status"] not in confirmation.CONFIRMABLE:
                message = f"payment intent {payment_intent_id} is {intent['status']}"
                raise NotPossible(message)
            return copy.deepcopy(confirmation.pay(step, intent))

    def authenticate(self, payment_intent_id: str, *, succeeds: bool = True) -> Obj:
        """The card holder passes the challenge (their bank may still decline), or fails it.

        Answers the payment intent. Raises UnknownObject, or NotPossible when there is no challenge.
        """
        with self._lock:
            step, intent = self._found("payment_intent", payment_intent_id)
            return copy.deepcopy(confirmation.authenticate(step, intent, succeeds=succeeds))

    def fail_refund(self, refund_id: str, reason: str = "unknown") -> Obj:
        """The card's bank sends a refund back, even one that has succeeded.

        Raises UnknownObject, or NotPossible for one that failed before and for a reason that Stripe lacks.
        """
        with self._lock:
            step, refund = self._found("refund", refund_id)
            return copy.deepcopy(refund_life.fail(step, refund, reason))

    def dispute(self, payment_intent_id: str, amount: int | None = None, reason: str = "fraudulent") -> Obj:
        """The card holder disputes a payment: `amount` minor units of it, or all that is left.

        Answers the dispute. Raises UnknownObject, or NotPossible: nothing was paid or is left, more than is
        left, disputed already, or a reason that Stripe lacks.
        """
        with self._lock:
            step, intent = self._found("payment_intent", payment_intent_id)
            return copy.deepcopy(dispute_life.of_payment(step, intent, amount, reason))

    def open_dispute(self, payment_intent_id: str) -> Obj | None:
        """The dispute of a payment that is not over yet, if there is one. Raises UnknownObject."""
        with self._lock:
            step, intent = self._found("payment_intent", payment_intent_id)
            return copy.deepcopy(dispute_life.unfinished(step, intent["latest_charge"]))

    def settle_dispute(self, dispute_id: str, *, won: bool) -> Obj:
        """The bank decides an open dispute; an inquiry that is not won becomes a dispute.

        Raises UnknownObject, or NotPossible for a dispute that is over.
        """
        with self._lock:
            step, dispute = self._found("dispute", dispute_id)
            return copy.deepcopy(dispute_life.decide(step, dispute, won=won))

    def verify(self, account_id: str) -> Obj:
        """The owner provides whatever Stripe wants, another bank account too if theirs failed.

        Again is harmless. Raises UnknownObject, or NotPossible for a rejected account.
        """
        with self._lock:
            step, account = self._connected(account_id)
            return copy.deepcopy(requirements.provide(step, account))

    def submit(self, account_id: str) -> Obj:
        """The owner provides whatever Stripe wants, and Stripe takes an hour to believe it.

        Raises UnknownObject, or NotPossible for a rejected account.
        """
        with self._lock:
            step, account = self._connected(account_id)
            return copy.deepcopy(requirements.submit(step, account))

    def require(self, account_id: str, requirement: str, deadline: int | None = None) -> Obj:
        """Stripe wants to know more, such as `individual.verification.document`.

        It is due without a deadline, or until `deadline` (epoch seconds); past due when that is now or over.
        Raises UnknownObject, or NotPossible for a rejected account.
        """
        with self._lock:
            step, account = self._connected(account_id)
            return copy.deepcopy(requirements.ask(step, account, requirement, deadline))

    def reject(self, account_id: str, reason: str) -> Obj:
        """Stripe will not have the account: fraud, listed, other, terms_of_service.

        Raises UnknownObject, or NotPossible for another reason.
        """
        with self._lock:
            step, account = self._connected(account_id)
            return copy.deepcopy(requirements.reject(step, account, reason))

    def disconnect(self, account_id: str) -> Obj:
        """The owner revokes the platform's access; from now on the account is unknown to it (403).

        Raises UnknownObject.
        """
        with self._lock:
            step, account = self._connected(account_id)
            return copy.deepcopy(accounts.disconnect(step, account))

    def change_bank(self, account_id: str, currency: str, *, instant: bool = False) -> Obj:
        """The owner of a connected account, or of the platform, names another bank account for `currency`,
        one that takes instant payouts or not.

        Answers the bank account. Raises UnknownObject, or NotPossible for what is no currency.
        """
        with self._lock:
            step, account = self._found("account", account_id)
            if account_id not in step.shelf("account"):
                return copy.deepcopy(bank_accounts.replaced(step, currency, instant=instant))
            made = requirements.bank_replaced(step.on(account_id), account, currency, instant=instant)
            return copy.deepcopy(made)

    def fail_payout(self, payout_id: str, failure_code: str) -> Obj:
        """The bank refuses or returns a payout, even a paid one.

        Raises UnknownObject, or NotPossible for a payout that failed before and for a code that Stripe lacks.
        """
        with self._lock:
            step, payout = self._found("payout", payout_id)
            return copy.deepcopy(payout_failures.fail(step, payout, failure_code))

    def _connected(self, account_id: str) -> tuple[Step, Obj]:
        """A connected account, and a step of its own."""
        step, account = self._found("account", account_id)
        if account_id not in step.shelf("account"):
            message = f"{account_id} is the platform's own account"
            raise UnknownObject(message)
        return step.on(account_id), account

    def _found(self, kind: str, object_id: str) -> tuple[Step, Obj]:
        now = self._caught_up()
        found = self._state.find(object_id)
        if found is None or found[1]["object"] != kind:
            message = f"no {kind} {object_id}"
            raise UnknownObject(message)
        account, row = found
        return Step(self._state, account, now), row
