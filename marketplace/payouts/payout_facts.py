"""What is written down of a payout, and what follows from that."""

from marketplace.payouts.clearance import UNHINDERED, Clearance
from marketplace.payouts.instant import Instant
from marketplace.payouts.reversals import Reversals
from marketplace.payouts.states import OVER, Failure, Need, PayoutStatus, Reason
from marketplace.payouts.timing import BANK_SECONDS
from marketplace.shared.leg import Leg
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class PayoutFacts:
    """`amount` goes to the bank, `recovered` of its currency to what the worker owed; `account` is the
    worker's at Stripe; `sweep_at` is when it is looked after again, `sweeps` how often that was in vain;
    instants are epoch seconds. It owns what of its money is in transit and at Stripe."""

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
    instant: Instant | None = None
    reversals: Reversals | None = None

    @property
    def left(self) -> Money:
        """What is for the bank: all but what was fetched back."""
        taken = self.reversals.taken if self.reversals else 0
        return Money(self.amount.amount - taken, self.amount.currency)

    @property
    def in_transit(self) -> int:
        """Minor units that are set aside, and not known to be at Stripe."""
        waits = self.status in (PayoutStatus.PENDING, PayoutStatus.UNKNOWN)
        return self.amount.amount if waits and self.transfer.stripe_id is None else 0

    @property
    def at_stripe(self) -> int:
        """Minor units in the worker's account there, or on the way from it to the bank."""
        away = self.transfer.stripe_id is not None and self.status != PayoutStatus.PAID
        return self.left.amount if away else 0

    @property
    def reversal(self) -> Leg | None:
        """The step that fetches money back, while there is one."""
        return self.reversals.leg if self.reversals else None

    @property
    def goes_instantly(self) -> bool:
        """Whether the bank is asked to have it within minutes."""
        return self.instant is not None and self.instant.refusal is None

    @property
    def need(self) -> Need:
        """What to do next."""
        if self.reversal is not None:
            return Need.CLEARANCE if self.reversal.parked else Need.REVERSAL
        if self.status in OVER:
            return Need.LOOK if self.at_stripe or self.status == PayoutStatus.PAID else Need.NOTHING
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
        """Whether some of its money is neither available nor at the bank."""
        return self.in_transit + self.at_stripe > 0

    def expected(self, now: int) -> int:
        """When the bank should have it; what has not gone there yet is not there sooner than a bank takes."""
        if self.status != PayoutStatus.PENDING:
            return self.expected_at
        return max(self.expected_at, now + BANK_SECONDS)

    @property
    def is_stuck(self) -> bool:
        """Whether it waits for something, has an outcome that nobody knows, or has failed and not come back
        in whole."""
        waits = self.status == PayoutStatus.PENDING and self.reason is not None
        failed = self.status == PayoutStatus.FAILED and self.left.amount > 0
        return waits or failed or self.status == PayoutStatus.UNKNOWN

    @property
    def certainly_at_stripe(self) -> bool:
        """Whether its money is in the worker's account there: nothing of it is, or can be, on its way to the
        bank."""
        parked = self.status == PayoutStatus.PENDING and self.bank.parked
        return self.at_stripe > 0 and (parked or self.status == PayoutStatus.FAILED)

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The steps at Stripe, as they stand."""
        legs = (self.transfer, self.bank, self.reversal)
        return tuple(leg for leg in legs if leg is not None)

    @property
    def waits_at_stripe(self) -> bool:
        """Whether it failed at the bank, and nobody does anything about its money there."""
        return self.status == PayoutStatus.FAILED and self.at_stripe > 0 and self.reversal is None
