"""What can be played on this Stripe from outside, as paths with JSON: people, banks, bad days.

POST   /pay/{payment_intent}                        the card holder pays
POST   /payment-intents/{id}/authenticate           {succeeds}
POST   /accounts/{id}/verify                        the owner completes onboarding
POST   /accounts/{id}/require                       {requirement, deadline_seconds?}
POST   /accounts/{id}/reject                        {reason}
POST   /accounts/{id}/bank                          {currency, instant?}: the owner names another bank account
POST   /accounts/{id}/disconnect
POST   /payouts/{id}/fail                           {failure_code}
POST   /refunds/{id}/fail                           {failure_reason}
POST   /disputes                                    {payment_intent, amount?, reason?, outcome}
GET    /faults · POST {endpoint, kind, count? or probability?, seed?, seconds?, should_retry?} · DELETE
DELETE /faults/{id}
GET    /rate-limits · POST {per_second?, per_endpoint?}
GET    /webhooks · POST {duplicate?, reorder?, delay?, delay_seconds?, drop?, seed?, types?} · DELETE
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.stripe.control_fields import (
    Members,
    between,
    flag,
    number,
    one_of,
    requirement,
    text,
    texts,
    whole,
)
from sandbox.stripe.currencies import SUPPORTED
from sandbox.stripe.errors import NotPossible
from sandbox.stripe.faults import Fault, FaultKind, Planted
from sandbox.stripe.misdelivery import Misdelivery
from sandbox.stripe.objects import dispute_life, payout_failures, refund_life, requirements
from sandbox.stripe.shelf import Obj
from sandbox.stripe.simulator import StripeSimulator

AMOUNT_MAX = 999_999_999_999
DEADLINE_SECONDS_MAX = 3 * 366 * 86_400

Answer = dict[str, Any]


class UnknownControl(LookupError):
    """No control has that method and path."""


@dataclass(frozen=True)
class Control:
    """What a path takes, and what it does with it; the parts of the path that stand for ids come first."""

    play: Callable[..., Answer]
    takes: Members = field(default_factory=Members)


class StripeControls:
    """The controls of one simulator."""

    def __init__(self, simulator: StripeSimulator) -> None:
        self._simulator = simulator
        self._table = {**self._payers(), **self._accounts(), **self._bad_days()}

    def play(self, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        """Does what `path` (from its first slash on) says, with the members of a JSON object.

        Raises UnknownControl, InvalidControl, UnknownObject, NotPossible; nothing has then been done.
        """
        control, names = self._find(method, path)
        values = control.takes.read(body)
        return control.play(*names, **values)

    def add(self, method: str, path: str, control: Control) -> None:
        """One more, of whoever runs this Stripe; `*` in its path stands for an id."""
        self._table[method, path] = control

    def _find(self, method: str, path: str) -> tuple[Control, list[str]]:
        parts = path.split("/")
        for (its_method, its_path), control in self._table.items():
            wanted = its_path.split("/")
            if its_method == method and len(wanted) == len(parts):
                pairs = list(zip(wanted, parts, strict=True))
                if all(want in ("*", part) for want, part in pairs):
                    return control, [part for want, part in pairs if want == "*"]
        message = f"no control {method} {path}"
        raise UnknownControl(message)

    def _payers(self) -> dict[tuple[str, str], Control]:
        """Card holders, and their banks."""
        simulator = self._simulator
        return {
            ("POST", "/pay/*"): Control(lambda intent: _brief(simulator.pay(intent))),
            ("POST", "/payment-intents/*/authenticate"): Control(
                lambda intent, succeeds: _brief(simulator.authenticate(intent, succeeds=succeeds)),
                Members({"succeeds": flag}),
            ),
            ("POST", "/refunds/*/fail"): Control(
                lambda refund, failure_reason: _brief(simulator.fail_refund(refund, failure_reason)),
                Members({"failure_reason": one_of(*refund_life.FAILURES)}),
            ),
            ("POST", "/disputes"): Control(
                self._dispute,
                Members(
                    {"payment_intent": text, "outcome": one_of("needs_response", "won", "lost")},
                    {"amount": between(1, AMOUNT_MAX), "reason": one_of(*dispute_life.REASONS)},
                ),
            ),
        }

    def _accounts(self) -> dict[tuple[str, str], Control]:
        """Owners of connected accounts, their banks, and Stripe's own people."""
        simulator = self._simulator
        return {
            ("POST", "/accounts/*/verify"): Control(lambda account: _standing(simulator.verify(account))),
            ("POST", "/accounts/*/require"): Control(
                self._require,
                Members({"requirement": requirement}, {"deadline_seconds": between(0, DEADLINE_SECONDS_MAX)}),
            ),
            ("POST", "/accounts/*/reject"): Control(
                lambda account, reason: _standing(simulator.reject(account, reason)),
                Members({"reason": one_of(*requirements.REJECTIONS)}),
            ),
            ("POST", "/accounts/*/bank"): Control(
                lambda account, currency, instant=False: _brief(
                    simulator.change_bank(account, currency, instant=instant)
                ),
                Members({"currency": one_of(*sorted(SUPPORTED))}, {"instant": flag}),
            ),
            ("POST", "/accounts/*/disconnect"): Control(
                lambda account: _standing(simulator.disconnect(account))
            ),
            ("POST", "/payouts/*/fail"): Control(
                lambda payout, failure_code: _brief(simulator.fail_payout(payout, failure_code)),
                Members({"failure_code": one_of(*payout_failures.FAILURES)}),
            ),
        }

    def _bad_days(self) -> dict[tuple[str, str], Control]:
        """Faults, rate limits, and webhooks that go astray."""
        chances = dict.fromkeys(("duplicate", "reorder", "delay", "drop"), number)
        return {
            ("GET", "/faults"): Control(self._faults),
            ("POST", "/faults"): Control(
                self._add_fault,
                Members(
                    {"endpoint": text, "kind": one_of(*FaultKind)},
                    {
                        "count": whole,
                        "probability": number,
                        "seed": whole,
                        "seconds": number,
                        "should_retry": flag,
                    },
                ),
            ),
            ("DELETE", "/faults"): Control(self._clear_faults),
            ("DELETE", "/faults/*"): Control(self._remove_fault),
            ("GET", "/rate-limits"): Control(self._rate_limits),
            ("POST", "/rate-limits"): Control(
                self._limit_rates, Members(optional={"per_second": number, "per_endpoint": number})
            ),
            ("GET", "/webhooks"): Control(self._misdelivery),
            ("POST", "/webhooks"): Control(
                self._misdeliver,
                Members(optional={**chances, "delay_seconds": whole, "seed": whole, "types": texts}),
            ),
            ("DELETE", "/webhooks"): Control(self._deliver_well),
        }

    def _dispute(self, *, payment_intent: str, outcome: str, **opening: Any) -> Answer:
        """Opens a dispute, or settles the open one; won and lost open one first where there is none."""
        dispute = None if outcome == "needs_response" else self._simulator.open_dispute(payment_intent)
        if dispute is not None and opening:
            message = f"{dispute['id']} is open already: {' and '.join(opening)} cannot be given any more"
            raise NotPossible(message)
        dispute = dispute or self._simulator.dispute(payment_intent, **opening)
        if outcome != "needs_response":
            dispute = self._simulator.settle_dispute(dispute["id"], won=outcome == "won")
        return _brief(dispute)

    def _require(self, account: str, *, requirement: str, deadline_seconds: int | None = None) -> Answer:
        deadline = None if deadline_seconds is None else self._simulator.now() + deadline_seconds
        return _standing(self._simulator.require(account, requirement, deadline))

    def _faults(self) -> Answer:
        return {"faults": [_shown(planted) for planted in self._simulator.faults.list()]}

    def _add_fault(self, *, kind: str, **values: Any) -> Answer:
        fault_id = self._simulator.faults.add(Fault(kind=FaultKind(kind), **values))
        return next(row for row in self._faults()["faults"] if row["id"] == fault_id)

    def _clear_faults(self) -> Answer:
        self._simulator.faults.clear()
        return self._faults()

    def _remove_fault(self, fault_id: str) -> Answer:
        self._simulator.faults.remove(fault_id)
        return self._faults()

    def _rate_limits(self) -> Answer:
        per_second, per_endpoint = self._simulator.rate_limits
        return {"per_second": per_second, "per_endpoint": per_endpoint}

    def _limit_rates(self, **limits: float) -> Answer:
        self._simulator.limit_rates(**limits)
        return self._rate_limits()

    def _misdelivery(self) -> Answer:
        how = self._simulator.misdelivery
        return {"misdelivery": None if how is None else asdict(how)}

    def _misdeliver(self, **values: Any) -> Answer:
        self._simulator.misdeliver(Misdelivery(**values))
        return self._misdelivery()

    def _deliver_well(self) -> Answer:
        self._simulator.misdeliver(None)
        return self._misdelivery()


def _brief(row: Obj) -> Answer:
    return {"id": row["id"], "status": row["status"]}


def _standing(account: Obj) -> Answer:
    """What an account may do, and why not."""
    return {
        "id": account["id"],
        "charges_enabled": account["charges_enabled"],
        "payouts_enabled": account["payouts_enabled"],
        "disabled_reason": account["requirements"]["disabled_reason"],
    }


def _shown(planted: Planted) -> Answer:
    return {"id": planted.id, **asdict(planted.fault), "fired": planted.fired}
