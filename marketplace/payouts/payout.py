"""A payout: one withdrawal of a worker, as one transfer and one bank payout at Stripe.

Its states, and what leads from one to the next, are in states.py; what keeps it from being sent although it
is asked for is its clearance.
"""

from marketplace.payouts.clearance import UNHINDERED, Clearance
from marketplace.payouts.instant import Instant
from marketplace.payouts.payout_facts import PayoutFacts
from marketplace.payouts.ports import BankPayout
from marketplace.payouts.reversals import Reversals
from marketplace.payouts.states import TRANSITIONS, Failure, Need, PayoutStatus, Reason, Stage
from marketplace.payouts.timing import (
    ARRIVAL_GRACE_SECONDS,
    AWAITING_FUNDS_SECONDS,
    BANK_SECONDS,
    CARDS_CLEAR_SECONDS,
    FETCHED_BACK_LOOKS_SECONDS,
    RETURNED_WITHIN_SECONDS,
    SHORT_AT_STRIPE_SECONDS,
    SWEEP_DOUBLINGS_MAX,
    SWEEP_SECONDS,
)
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.leg import Leg
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after

__all__ = ["Failure", "Need", "Payout", "PayoutStatus", "Reason", "Stage"]

BALANCE_INSUFFICIENT = "balance_insufficient"
PAYOUTS_NOT_ALLOWED = "payouts_not_allowed"
TRANSFER_REVERSED = "transfer_reversed"
"""Our own word, beside Stripe's."""


@dataclass(frozen=True)
class Payout(PayoutFacts):
    """What happens to a payout, each step on a new one."""

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
        instant: Instant | None = None,
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
            instant=instant,
        ).let_go_or_kept(at)

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
        return self._failed(Failure(Stage.TRANSFER, answer.code, answer.message), at)

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
        look_at = at + RETURNED_WITHIN_SECONDS
        return replace(self, status=paid, reason=None, paid_at=at, sweep_at=look_at, sweeps=0)

    def bank_failed(self, bank: BankPayout, at: int) -> "Payout":
        """The bank would not have it, or returns it; the money waits at Stripe. What was to go instantly goes
        the standard way from now on. Raises IllegalTransition."""
        failure = Failure(Stage.BANK, bank.failure_code or bank.state, bank.failure_message)
        return self._failed(failure, at).slowed(failure)

    def slowed(self, why: Failure) -> "Payout":
        """It goes the standard way, if it was to go instantly."""
        if self.instant is None or not self.goes_instantly:
            return self
        return replace(self, instant=replace(self.instant, refusal=why))

    def retried(self, by: str, at: int) -> "Payout":
        """To the bank again; what needed approval needs it anew, and `by` is the first who gives it. Raises
        IllegalTransition unless it failed there."""
        if not self.waits_at_stripe:
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
        if self.reversal is not None:
            return self.fetching(self.reversal.resending(at))
        if self.need == Need.TRANSFER:
            return self._lost(transfer=self.transfer.resending(at))
        return self._lost(bank=self.bank.resending(at))

    def planned_anew(self, at: int) -> "Payout":
        """The next step gets another attempt: its last one did nothing, and its key can do nothing more."""
        if self.reversals is not None and self.reversals.leg is not None:
            return self.fetching(self.reversals.next_leg(at))
        if self.need == Need.TRANSFER:
            return self._waiting(at, transfer=self.transfer.planned_again(at))
        return self._waiting(at, bank=self.bank.planned_again(at))

    def looked_after(self, at: int) -> "Payout":
        """Somebody is on it; should nothing come of that, it is looked after again. What waited for funds
        is let go for one try, what had to be kept for good."""
        if self.need == Need.LOOK:
            return replace(self, sweep_at=self._look_after(at), sweeps=0)
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
        """Free to be sent, or fetched back, from `at` on, unless something keeps it."""
        if self.reversal is not None:
            return self if self.clearance.lacks_approval else self.fetching(self.reversal.let_go(at))
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

    def fetching(self, leg: Leg) -> "Payout":
        """Its money is being fetched back under `leg`, which is looked after by its own clock."""
        look_at = leg.planned_at + SWEEP_SECONDS if leg.lost_at is None else leg.look_at
        return replace(
            self,
            reversals=(self.reversals or Reversals()).under(leg),
            reason=Reason.NEEDS_APPROVAL if leg.parked else Reason.BEING_REVERSED,
            sweep_at=None if leg.parked else look_at,
            sweeps=0,
        )

    def waiting_at_stripe(self, at: int, reversals: Reversals | None) -> "Payout":
        """Failed at the bank, with what of its money is still at Stripe."""
        stands = replace(self, reversals=reversals)
        waits = stands.at_stripe > 0
        reason = _why_it_waits(stands.failure) if waits else None
        return replace(stands, reason=reason, sweep_at=self._look_after(at) if waits else None, sweeps=0)

    def fetched_back(self, at: int) -> "Payout":
        """All that waited at Stripe to be tried again has come back. Raises IllegalTransition."""
        return self._failed(Failure(Stage.BANK, TRANSFER_REVERSED, "all of it was fetched back"), at)

    def _sent(self, bank: BankPayout) -> "Payout":
        instantly = replace(self.instant, bank=bank.id) if self.instant and self.goes_instantly else None
        return replace(
            self,
            instant=instantly or self.instant,
            status=after(TRANSITIONS, self.status, "send"),
            bank=self.bank.confirmed(bank.id),
            reason=None,
            expected_at=bank.arrives_at,
            sweep_at=bank.arrives_at + ARRIVAL_GRACE_SECONDS,
            sweeps=0,
        )

    def _bank_refused(self, answer: Refused, at: int) -> "Payout":
        failure = Failure(Stage.BANK, answer.code, answer.message)
        if self.goes_instantly:
            return self._waiting(at, bank=self.bank.planned_again(at)).slowed(failure)
        if answer.code == BALANCE_INSUFFICIENT:
            return self._awaiting_funds(at, bank=self.bank.planned_again(at, parked=True))
        return self._failed(failure, at)

    def _awaiting_funds(self, at: int, *, bank: Leg, transfer: Leg | None = None) -> "Payout":
        return replace(
            self,
            transfer=transfer or self.transfer,
            bank=bank,
            status=after(TRANSITIONS, self.status, "wait"),
            reason=Reason.AWAITING_FUNDS,
            expected_at=at + CARDS_CLEAR_SECONDS + BANK_SECONDS,
            sweep_at=at + (AWAITING_FUNDS_SECONDS if transfer else SHORT_AT_STRIPE_SECONDS),
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

    def _failed(self, failure: Failure, at: int) -> "Payout":
        failed = after(TRANSITIONS, self.status, "fail")
        stands = replace(self, status=failed, failure=failure, paid_at=None)
        return stands.waiting_at_stripe(at, self.reversals)

    def _look_after(self, at: int) -> int | None:
        """When one that seems to be over is looked at again after `at`; never any more is None."""
        if self.status == PayoutStatus.PAID:
            return None
        looks = (self.bank.planned_at + pause for pause in FETCHED_BACK_LOOKS_SECONDS)
        return next((look for look in looks if look > at), None)


def _why_it_waits(failure: Failure | None) -> Reason:
    unverified = failure is not None and failure.code == PAYOUTS_NOT_ALLOWED
    return Reason.ACCOUNT_NOT_VERIFIED if unverified else Reason.BANK_FAILED
