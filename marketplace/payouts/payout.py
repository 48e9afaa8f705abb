"""A payout: one withdrawal of a worker, as one transfer and one bank payout at Stripe.

    pending <──> unknown      an outcome at Stripe that is looked up
       └────┬───────┘
            ├──> failed       refused: the money is available again, or waits at Stripe
            └──> sent ──┬──> paid ──> failed      a bank may return what it had taken
                        └──> failed ──retry──> pending

Only what failed at the bank is tried again: its money waits at Stripe.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.payouts.leg import Leg
from marketplace.payouts.ports import BankPayout
from marketplace.shared.currencies import exponent
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown
from marketplace.shared.transitions import after

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


class PayoutStatus(StrEnum):
    """`sent` is on its way to the bank, `paid` is there; `unknown` waits for a look-up."""

    PENDING = "pending"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a payout waits."""

    AWAITING_FUNDS = "awaiting_funds"
    ACCOUNT_NOT_VERIFIED = "account_not_verified"
    BANK_FAILED = "bank_failed"


class Stage(StrEnum):
    """Where it failed: the money is back at `transfer`, and waits at Stripe at `bank`."""

    TRANSFER = "transfer"
    BANK = "bank"


class Need(StrEnum):
    """What a payout needs next of Stripe."""

    TRANSFER = "transfer"
    BANK = "bank"
    ARRIVAL = "arrival"
    NOTHING = "nothing"


_UNDER_WAY = (PayoutStatus.PENDING, PayoutStatus.UNKNOWN)

TRANSITIONS = {
    **{(status, "wait"): PayoutStatus.PENDING for status in _UNDER_WAY},
    **{(status, "lose"): PayoutStatus.UNKNOWN for status in _UNDER_WAY},
    **{(status, "send"): PayoutStatus.SENT for status in _UNDER_WAY},
    **{
        (status, "fail"): PayoutStatus.FAILED
        for status in (*_UNDER_WAY, PayoutStatus.SENT, PayoutStatus.PAID)
    },
    (PayoutStatus.SENT, "pay"): PayoutStatus.PAID,
    (PayoutStatus.FAILED, "retry"): PayoutStatus.PENDING,
}


@dataclass(frozen=True)
class Failure:
    """`code` and `message` are Stripe's."""

    stage: Stage
    code: str
    message: str


@dataclass(frozen=True)
class Payout:
    """`account` is the worker's at Stripe; `sweep_at` is when it is looked after again, `sweeps` how often
    that was in vain; instants are epoch seconds."""

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

    @classmethod
    def requested(cls, payout_id: str, worker_id: str, account: str, amount: Money, at: int) -> "Payout":
        """The first attempt of both steps is written down before anything is sent."""
        return cls(
            id=payout_id,
            worker_id=worker_id,
            account=account,
            amount=amount,
            requested_at=at,
            expected_at=at + BANK_SECONDS,
            transfer=Leg(at),
            bank=Leg(at),
            sweep_at=at + SWEEP_SECONDS,
        )

    @property
    def need(self) -> Need:
        """What to do next."""
        if self.status in (PayoutStatus.PAID, PayoutStatus.FAILED):
            return Need.NOTHING
        if self.transfer.stripe_id is None:
            return Need.TRANSFER
        return Need.BANK if self.bank.stripe_id is None else Need.ARRIVAL

    @property
    def awaits_funds(self) -> bool:
        """Whether it is sent as soon as our balance allows."""
        return self.need == Need.TRANSFER and self.reason == Reason.AWAITING_FUNDS

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
                at, transfer=self.transfer.planned_again(at), bank=replace(self.bank, planned_at=at)
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

    def retried(self, at: int) -> "Payout":
        """To the bank again. Raises IllegalTransition unless it failed there."""
        if self.failure is None or self.failure.stage != Stage.BANK:
            raise IllegalTransition("only what failed at the bank can be tried again")
        return replace(
            self,
            status=after(TRANSITIONS, self.status, "retry"),
            bank=self.bank.planned_again(at),
            failure=None,
            reason=None,
            expected_at=at + BANK_SECONDS,
            sweep_at=at + SWEEP_SECONDS,
            sweeps=0,
        )

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
        """Somebody is on it; should nothing come of that, it is looked after again."""
        pause = SWEEP_SECONDS << min(self.sweeps, SWEEP_DOUBLINGS_MAX)
        return replace(self, sweep_at=at + pause, sweeps=self.sweeps + 1)

    def postponed(self, until: int) -> "Payout":
        """There is nothing to be done before `until`."""
        return replace(self, sweep_at=until, sweeps=0)

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
