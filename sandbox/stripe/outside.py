"""What people and banks do to this Stripe: the card holder pays, the owner onboards, the bank returns."""

import copy
from contextlib import AbstractContextManager
from typing import Any

from sandbox.stripe.errors import NotPossible, UnknownObject
from sandbox.stripe.objects import accounts, confirmation, payouts
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

    def verify(self, account_id: str) -> Obj:
        """The owner completes onboarding; again is harmless. Raises UnknownObject."""
        with self._lock:
            step, account = self._found("account", account_id)
            return copy.deepcopy(accounts.verify(step.on(account_id), account))

    def fail_payout(self, payout_id: str, failure_code: str) -> Obj:
        """The bank refuses or returns a payout, even a paid one.

        Raises UnknownObject, or NotPossible for a payout that failed before and for a code that Stripe lacks.
        """
        with self._lock:
            step, payout = self._found("payout", payout_id)
            return copy.deepcopy(payouts.fail(step, payout, failure_code))

    def _found(self, kind: str, object_id: str) -> tuple[Step, Obj]:
        now = self._caught_up()
        found = self._state.find(object_id)
        if found is None or found[1]["object"] != kind:
            message = f"no {kind} {object_id}"
            raise UnknownObject(message)
        account, row = found
        return Step(self._state, account, now), row
