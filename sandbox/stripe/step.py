"""One change as it happens: in which account, at which instant, on whose request."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sandbox.stripe.agenda import Due
from sandbox.stripe.errors import missing
from sandbox.stripe.shelf import Obj, Shelf
from sandbox.stripe.state import State

API_VERSION = "2026-05-27.dahlia"


class Action(StrEnum):
    """What can fall due by itself."""

    AUTHORIZATION_EXPIRED = "authorization_expired"
    BALANCE_RECOVERED = "balance_recovered"
    CHARGE_BOOKED = "charge_booked"
    CHARGE_DISPUTED = "charge_disputed"
    DISPUTE_DECIDED = "dispute_decided"
    DISPUTE_LAPSED = "dispute_lapsed"
    FUNDS_AVAILABLE = "funds_available"
    PAYOUT_ARRIVED = "payout_arrived"
    PAYOUT_SCHEDULED = "payout_scheduled"
    PAYOUT_SUBMITTED = "payout_submitted"
    REFUND_SETTLED = "refund_settled"
    REFUND_TRACEABLE = "refund_traceable"
    REQUIREMENTS_DUE = "requirements_due"
    REQUIREMENTS_VERIFIED = "requirements_verified"
    RESERVE_CHANGED = "reserve_changed"


@dataclass(frozen=True)
class Step:
    """What an endpoint or a due action works with. `at` is epoch seconds; due actions have no request."""

    state: State
    account: str
    at: int
    request_id: str | None = None
    idempotency_key: str | None = None

    def on(self, account: str) -> "Step":
        """The same step, seen from another account."""
        return replace(self, account=account)

    def new_id(self, prefix: str) -> str:
        """An id that no object has."""
        return self.state.new_id(prefix, self.at)

    def shelf(self, kind: str) -> Shelf:
        """The account's objects of `kind`."""
        return self.state.shelf(self.account, kind)

    def keep(self, row: Obj) -> Obj:
        """Puts a new object into this account, and gives it back."""
        self.state.keep(self.account, row)
        return row

    def find(
        self, kind: str, object_id: str, *, param: str, noun: str | None = None, status: int = 404
    ) -> Obj:
        """The account's live object; raises StripeError resource_missing (give 400 for a body parameter)."""
        row = self.shelf(kind).get(object_id)
        if row is None:
            raise missing(noun or kind, object_id, param, status=status)
        return row

    def later(self, at: int, action: Action, subject: str) -> None:
        """Lets `action` happen to `subject` in this account at that instant."""
        self.state.agenda.add(Due(at, self.state.next_sequence(), action, self.account, subject))
