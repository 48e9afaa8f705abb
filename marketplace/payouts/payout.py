"""A payout: one withdrawal of a worker, as one transfer and one bank payout at Stripe.

Its states, and what leads from one to the next, are in states.py; what keeps it from being sent although it
is asked for is its clearance.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from marketplace.payouts.clearance import UNHINDERED, Clearance
from marketplace.payouts.ports import BankPayout
from marketplace.payouts.states import OVER, TRANSITIONS, Failure, Need, PayoutStatus, Reason, Stage
from marketplace.shared.currencies import exponent
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.leg import Leg
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown
from marketplace.shared.transitions import after

__all__ = ["Failure", "Need", "Payout", "PayoutStatus", "Reason", "Stage", "affordable", "minimum"]

BANK_SECONDS = 2 * 86_400
"""How long a bank takes until Stripe names the day."""
CARDS_CLEAR_SECONDS = 2 * 86_400
"""How long card money takes to become available (Stripe: /payouts#standard-payout-timing)."""
SWEEP_SECONDS = 600
"""When a payout is looked after, should its message be lost; doubled each time nothing came of it."""
SWEEP_DOUBLINGS_MAX = 8
AWAITING_FUNDS_SECONDS = 6 * 3_600
ARRIVAL_GRACE_SECONDS = 86_400

BALANCE_INSUFFICIENT = "balance_insufficient"
PAYOUTS_NOT_ALLOWED = "payouts_not_allowed"


@dataclass(frozen=True)
class Payout:
    """`amount` goes to the bank, `recovered` of its currency to what the worker owed; `account` is the
    worker's at Stripe; `sweep_at` is when it is looked after again, `sweeps` how often that was in vain;
    instants are epoch seconds."""

    id: str
    worker_id: str
    account: str
    amount: Money
    requested_at: int
    expected_at: int
    transfer: Leg
    bank: Leg
    sweep_at: int | None = None
    status: PayoutStatus = PayoutStatus.PENDING
    reason: Reason | None = None
    failure: Failure | None = None
    paid_at: int | None = None
    sweeps: int = 0
    recovered: int = 0
    clearance: Clearance = UNHINDERED

    @classmethod
    def requested(
        cls,
        payout_id: str,
        worker_id: str,
        account: str,
        amount: Money,
        at: int,
        *,
        recovered: int = 0,
        clearance: Clearance = UNHINDERED,
    ) -> "Payout":
        """The first attempt of both steps is written down before anything is sent."""
        return cls(
            id=payout_id,
            worker_id=worker_id,
            account=account,
            amount=amount,
            requested_at=at,
            expected_at=at + BANK_SECONDS,
            transfer=Leg(at, parked=True),
            bank=Leg(at, parked=True),
            recovered=recovered,
            clearance=clearance,
        ).let_go_or_kept(at)

    @property
    def need(self) -> Need:
        """What to do next."""
        if self.status in OVER:
            return Need.NOTHING
        leg, need = (self.bank, Need.BANK) if self.transfer.stripe_id else (self.transfer, Need.TRANSFER)
        if leg.parked:
            return Need.CLEARANCE
        return Need.ARRIVAL if self.bank.stripe_id else need

    @property
    def awaits_funds(self) -> bool:
        """Whether it is sent as soon as our balance allows."""
        return self.transfer.stripe_id is None and self.reason == Reason.AWAITING_FUNDS

    @property
    def is_under_way(self) -> bool:
        """Whether it has still to come to an end."""
        return self.status not in OVER

    def expected(self, now: int) -> int:
        """When the bank should have it; what has not gone there yet is not there sooner than a bank takes."""
        if self.status != PayoutStatus.PENDING:
            return self.expected_at
        return max(self.expected_at, now + BANK_SECONDS)

    @property
    def is_stuck(self) -> bool:
        """Whether it waits for something, has an outcome that nobody knows, or has failed."""
        waits = self.status == PayoutStatus.PENDING and self.reason is not None
        return waits or self.status in (PayoutStatus.UNKNOWN, PayoutStatus.FAILED)

    def transfer_answered(self, answer: Outcome[str], at: int) -> "Payout":
        """What came of the transfer. Raises IllegalTransition."""
        if isinstance(answer, Done):
            return replace(self, transfer=self.transfer.confirmed(answer.value), reason=None, sweeps=0)
        if isinstance(answer, Unknown):
            return self._lost(transfer=self.transfer.lost(at, spent=answer.replayed))
        if answer.code == BALANCE_INSUFFICIENT:
            return self._awaiting_funds(
                at, transfer=self.transfer.planned_again(at, parked=True), bank=self.bank.put_off(at)
            )
        return self._failed(Failure(Stage.TRANSFER, answer.code, answer.message))

    def bank_answered(self, answer: Outcome[BankPayout], at: int) -> "Payout":
        """What came of the bank payout. Raises IllegalTransition."""
        if isinstance(answer, Done):
            return self._sent(answer.value)
        if isinstance(answer, Unknown):
            return self._lost(bank=self.bank.lost(at, spent=answer.replayed))
        return self._bank_refused(answer, at)

    def paid(self, at: int) -> "Payout":
        """The bank has it. Raises IllegalTransition."""
        paid = after(TRANSITIONS, self.status, "pay")
        return replace(self, status=paid, reason=None, paid_at=at, sweep_at=None, sweeps=0)

    def bank_failed(self, bank: BankPayout) -> "Payout":
        """The bank would not have it, or returns it; the money waits at Stripe. Raises IllegalTransition."""
        return self._failed(Failure(Stage.BANK, bank.failure_code or bank.state, bank.failure_message))

    def retried(self, by: str, at: int) -> "Payout":
        """To the bank again; what needed approval needs it anew, and `by` is the first who gives it. Raises
        IllegalTransition unless it failed there."""
        if self.failure is None or self.failure.stage != Stage.BANK:
            raise IllegalTransition("only what failed at the bank can be tried again")
        return replace(
            self,
            status=after(TRANSITIONS, self.status, "retry"),
            bank=self.bank.planned_again(at, parked=True),
            failure=None,
            clearance=self.clearance.asked_anew(by, at),
        ).let_go_or_kept(at)

    def approved(self, by: str, at: int) -> "Payout":
        """One person more agrees. Raises IllegalTransition unless it waits for that, AlreadyApproved."""
        if self.reason != Reason.NEEDS_APPROVAL:
            raise IllegalTransition("it does not wait for an approval")
        return replace(self, clearance=self.clearance.approved(by, at)).let_go_or_kept(at)

    def cancelled(self) -> "Payout":
        """It is never sent. Raises IllegalTransition when it may have been, or may be at this moment."""
        status = after(TRANSITIONS, self.status, "cancel")
        if not self.transfer.parked:
            raise IllegalTransition("its transfer may be under way")
        return replace(self, status=status, reason=None, sweep_at=None, sweeps=0)

    def resending(self, at: int) -> "Payout":
        """The next step is about to be sent again under its key."""
        if self.need == Need.TRANSFER:
            return self._lost(transfer=self.transfer.resending(at))
        return self._lost(bank=self.bank.resending(at))

    def planned_anew(self, at: int) -> "Payout":
        """The next step gets another attempt: its last one did nothing, and its key can do nothing more."""
        if self.need == Need.TRANSFER:
            return self._waiting(at, transfer=self.transfer.planned_again(at))
        return self._waiting(at, bank=self.bank.planned_again(at))

    def looked_after(self, at: int) -> "Payout":
        """Somebody is on it; should nothing come of that, it is looked after again. What waited for funds
        is let go for one try, what had to be kept for good."""
        if self.need == Need.CLEARANCE and not self.awaits_funds:
            return self.let_go_or_kept(at)
        pause = SWEEP_SECONDS << min(self.sweeps, SWEEP_DOUBLINGS_MAX)
        return replace(
            self,
            transfer=self.transfer.let_go(at),
            bank=self.bank.let_go(at),
            sweep_at=at + pause,
            sweeps=self.sweeps + 1,
        )

    def postponed(self, until: int) -> "Payout":
        """There is nothing to be done before `until`."""
        return replace(self, sweep_at=until, sweeps=0)

    def let_go_or_kept(self, at: int) -> "Payout":
        """Free to be sent from `at` on, unless something keeps it."""
        expected_at = self.clearance.opens_at(at) + BANK_SECONDS
        if self.clearance.is_given(at):
            freed = replace(self, transfer=self.transfer.let_go(at), bank=self.bank.let_go(at))
            return replace(freed, reason=None, expected_at=expected_at, sweep_at=at + SWEEP_SECONDS, sweeps=0)
        lacking = self.clearance.lacks_approval
        return replace(
            self,
            reason=Reason.NEEDS_APPROVAL if lacking else Reason.HELD_NEW_ACCOUNT,
            expected_at=expected_at,
            sweep_at=None if lacking else self.clearance.held_until,
            sweeps=0,
        )

    def _sent(self, bank: BankPayout) -> "Payout":
        return replace(
            self,
            status=after(TRANSITIONS, self.status, "send"),
            bank=self.bank.confirmed(bank.id),
            reason=None,
            expected_at=bank.arrives_at,
            sweep_at=bank.arrives_at + ARRIVAL_GRACE_SECONDS,
            sweeps=0,
        )

    def _bank_refused(self, answer: Refused, at: int) -> "Payout":
        if answer.code == BALANCE_INSUFFICIENT:
            return self._awaiting_funds(at, bank=self.bank.planned_again(at))
        return self._failed(Failure(Stage.BANK, answer.code, answer.message))

    def _awaiting_funds(self, at: int, *, bank: Leg, transfer: Leg | None = None) -> "Payout":
        return replace(
            self,
            transfer=transfer or self.transfer,
            bank=bank,
            status=after(TRANSITIONS, self.status, "wait"),
            reason=Reason.AWAITING_FUNDS,
            expected_at=at + CARDS_CLEAR_SECONDS + BANK_SECONDS,
            sweep_at=at + AWAITING_FUNDS_SECONDS,
            sweeps=0,
        )

    def _waiting(self, at: int, *, transfer: Leg | None = None, bank: Leg | None = None) -> "Payout":
        return replace(
            self,
            status=after(TRANSITIONS, self.status, "wait"),
            transfer=transfer or self.transfer,
            bank=bank or self.bank,
            reason=None,
            sweep_at=at + SWEEP_SECONDS,
            sweeps=0,
        )

    def _lost(self, *, transfer: Leg | None = None, bank: Leg | None = None) -> "Payout":
        return replace(
            self,
            status=after(TRANSITIONS, self.status, "lose"),
            transfer=transfer or self.transfer,
            bank=bank or self.bank,
            reason=None,
            sweep_at=(transfer or bank or self.bank).look_at,
            sweeps=0,
        )

    def _failed(self, failure: Failure) -> "Payout":
        reason = None
        if failure.stage == Stage.BANK:
            unverified = failure.code == PAYOUTS_NOT_ALLOWED
            reason = Reason.ACCOUNT_NOT_VERIFIED if unverified else Reason.BANK_FAILED
        return replace(
            self,
            status=after(TRANSITIONS, self.status, "fail"),
            failure=failure,
            reason=reason,
            paid_at=None,
            sweep_at=None,
            sweeps=0,
        )


def minimum(currency: str) -> int:
    """The smallest payout: one major unit, in minor units."""
    return int(10 ** exponent(currency))


def affordable(waiting: Iterable[Payout], available: int) -> Iterator[Payout]:
    """Those that `available` minor units pay for, the oldest first; none overtakes an older one."""
    for payout in sorted(waiting, key=lambda payout: payout.id):
        available -= payout.amount.amount
        if available < 0:
            return
        yield payout
