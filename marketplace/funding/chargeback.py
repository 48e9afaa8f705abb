"""A chargeback: money of a top-up that the card's bank takes back, and what is said and done about it.

    inquiry_needs_response ──> inquiry_under_review ──> inquiry_closed         nothing is taken
              │ the bank takes the money after all
              v
    needs_response ──evidence──> under_review ──> won     the amount comes back; a fee for it does not
              └────────────────────┴───────────> lost     nothing more happens to the money

Stripe decides the state; what is read later and stands earlier in this order is older news. The money moves
by the lines of Stripe's books alone: one that withdraws, and perhaps one that reinstates.

    amount = wallet + holds + written_off + uncovered       where it was taken from; uncovered is receivable

Source: https://docs.stripe.com/disputes/how-disputes-work, https://docs.stripe.com/api/disputes/object
"""

from enum import StrEnum

from marketplace.funding.ports import CardDispute
from marketplace.shared.errors import AlreadyExists, IllegalTransition
from marketplace.shared.ids import derived_within
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass, replace

PREFIX = "chb"
LOOK_EVERY_SECONDS = 7 * 86_400
LOOKS_MAX = 30
"""An open one is looked at every week, should its webhooks be lost; banks decide within months."""
EVIDENCE_LOOK_SECONDS = 600
EVIDENCE_LOOKS_MAX = 200


class ChargebackStatus(StrEnum):
    """In the order in which they can follow."""

    INQUIRY_NEEDS_RESPONSE = "inquiry_needs_response"
    INQUIRY_UNDER_REVIEW = "inquiry_under_review"
    INQUIRY_CLOSED = "inquiry_closed"
    PREVENTED = "prevented"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    LOST = "lost"
    WON = "won"


STATUS_OF = {
    "warning_needs_response": ChargebackStatus.INQUIRY_NEEDS_RESPONSE,
    "warning_under_review": ChargebackStatus.INQUIRY_UNDER_REVIEW,
    "warning_closed": ChargebackStatus.INQUIRY_CLOSED,
    "prevented": ChargebackStatus.PREVENTED,
    "needs_response": ChargebackStatus.NEEDS_RESPONSE,
    "under_review": ChargebackStatus.UNDER_REVIEW,
    "lost": ChargebackStatus.LOST,
    "won": ChargebackStatus.WON,
}
"""By Stripe's word. (Stripe: /api/disputes/object#dispute_object-status)"""

OVER = (
    ChargebackStatus.INQUIRY_CLOSED,
    ChargebackStatus.PREVENTED,
    ChargebackStatus.LOST,
    ChargebackStatus.WON,
)
ANSWERABLE = (ChargebackStatus.INQUIRY_NEEDS_RESPONSE, ChargebackStatus.NEEDS_RESPONSE)

_RANK = {status: rank for rank, status in enumerate(ChargebackStatus)}


class EvidenceStatus(StrEnum):
    """How far the client's answer has come."""

    GIVEN = "given"
    SUBMITTED = "submitted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Evidence:
    """The client's answer: its text is in the event `event_id`; `attempt` numbers the keys under which Stripe
    is given it. `for_status` is what it answers: an inquiry that goes on may be answered once more."""

    event_id: str
    given_at: int
    for_status: ChargebackStatus
    status: EvidenceStatus = EvidenceStatus.GIVEN
    attempt: int = 1


@dataclass(frozen=True)
class Withdrawal:
    """What the bank took at `at`: minor units by where it came from; `contracts` is how many contracts'
    holds are still contested, and `contested` what was taken from them. `to_give_back` of a reinstated amount
    is on its way to them."""

    at: int
    amount: int
    wallet: int
    holds: int = 0
    contracts: int = 0
    contested: int = 0
    written_off: int = 0
    reinstated_at: int | None = None
    to_give_back: int = 0

    @property
    def uncovered(self) -> int:
        """What neither wallet nor holds had: the client owed it, and may have paid since."""
        return self.amount - self.wallet - self.holds - self.written_off


@dataclass(frozen=True)
class Chargeback:
    """`dispute` is its id at Stripe, `position` a fresh id that orders it in lists; `looks_at` is when it is
    looked at again; instants are epoch seconds."""

    id: str
    client_id: str
    top_up_id: str
    dispute: str
    charge: str
    payment_intent: str
    amount: Money
    reason: str
    status: ChargebackStatus
    opened_at: int
    position: str
    due_by: int | None = None
    withdrawal: Withdrawal | None = None
    evidence: Evidence | None = None
    closed_at: int | None = None
    looks: int = 0
    looks_at: int | None = None

    @classmethod
    def opened(cls, seen: CardDispute, *, client_id: str, position: str, at: int) -> "Chargeback":
        """As Stripe tells of it first."""
        opened = cls(
            id=chargeback_id(seen),
            client_id=client_id,
            top_up_id=seen.top_up_id,
            dispute=seen.id,
            charge=seen.charge,
            payment_intent=seen.payment_intent,
            amount=seen.amount,
            reason=seen.reason,
            status=STATUS_OF[seen.state],
            opened_at=seen.created,
            position=position,
            due_by=seen.due_by,
        )
        return replace(opened, closed_at=at if opened.status in OVER else None).rearmed(at)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come from Stripe."""
        won = self.withdrawal is not None and self.withdrawal.reinstated_at is not None
        return self.status in OVER and (won or self.status != ChargebackStatus.WON)

    @property
    def is_contested(self) -> bool:
        """Whether money was withdrawn and has not come back."""
        return self.withdrawal is not None and self.withdrawal.reinstated_at is None

    @property
    def may_settle(self) -> int:
        """How much of what its client owes is settled should its money come back; minor units."""
        lost = self.status == ChargebackStatus.LOST
        return 0 if lost or self.withdrawal is None or not self.is_contested else self.withdrawal.uncovered

    @property
    def evidence_key(self) -> str:
        """The idempotency key under which Stripe is given the evidence."""
        return f"{self.id}:evidence:{self.evidence.attempt if self.evidence else 0}"

    @property
    def has_evidence_to_give(self) -> bool:
        """Whether the client has answered and Stripe is not known to have it."""
        return self.evidence is not None and self.evidence.status == EvidenceStatus.GIVEN

    def seen(self, dispute: CardDispute, at: int) -> "Chargeback":
        """As Stripe has it now; the same where that is nothing new."""
        status = STATUS_OF[dispute.state]
        if _RANK[status] < _RANK[self.status]:
            return self
        told = replace(
            self, status=status, amount=dispute.amount, reason=dispute.reason, due_by=dispute.due_by
        )
        if told == self:
            return self
        return replace(told, closed_at=at if status in OVER else None).rearmed(at)

    def withdrawn(self, amount: int, *, wallet: int, at: int) -> "Chargeback":
        """The bank took `amount`, `wallet` of it was there. Raises IllegalTransition the second time."""
        if self.withdrawal is not None:
            raise IllegalTransition("the money was withdrawn before")
        return replace(self, withdrawal=Withdrawal(at, amount, wallet)).rearmed(at)

    def hold_taken(self, amount: int) -> "Chargeback":
        """A contract's hold pays `amount` of it. Raises IllegalTransition when nothing is contested."""
        now = self._withdrawal
        return self._with(
            replace(
                now,
                holds=now.holds + amount,
                contracts=now.contracts + 1,
                contested=now.contested + amount,
            )
        )

    def reinstated(self, *, holds: int, at: int) -> "Chargeback":
        """The bank gave the money back, `holds` of it to contracts. Raises IllegalTransition when nothing is
        withdrawn."""
        if not self.is_contested:
            raise IllegalTransition("nothing of it is withdrawn")
        return self._with(replace(self._withdrawal, reinstated_at=at, to_give_back=holds)).rearmed(at)

    def released(self, taken: int, given_back: int) -> "Chargeback":
        """A contract of which `taken` had been taken is not contested any more."""
        now = self._withdrawal
        return self._with(
            replace(
                now,
                contracts=now.contracts - 1,
                contested=now.contested - taken,
                to_give_back=now.to_give_back - given_back,
            )
        )

    def written_off(self, amount: int) -> "Chargeback":
        """The client will not pay `amount` of it. Raises IllegalTransition unless it is lost."""
        if self.status != ChargebackStatus.LOST or not self.is_contested:
            raise IllegalTransition(f"the chargeback is {self.status}")
        return self._with(replace(self._withdrawal, written_off=self._withdrawal.written_off + amount))

    def answered(self, event_id: str, at: int) -> "Chargeback":
        """The client says something to it. Raises IllegalTransition, AlreadyExists."""
        if self.status not in ANSWERABLE or (self.due_by is not None and at > self.due_by):
            raise IllegalTransition(f"the chargeback is {self.status}, or its time is over")
        earlier = self.evidence
        if earlier and earlier.for_status == self.status and earlier.status != EvidenceStatus.REFUSED:
            raise AlreadyExists("an answer was given; the bank takes one")
        attempt = earlier.attempt + 1 if earlier else 1
        evidence = Evidence(event_id, at, self.status, attempt=attempt)
        return replace(self, evidence=evidence, looks=0, looks_at=at + EVIDENCE_LOOK_SECONDS)

    def evidence_came_to(self, status: EvidenceStatus, at: int) -> "Chargeback":
        """Stripe has it, or will not take it."""
        if self.evidence is None:
            return self
        return replace(self, evidence=replace(self.evidence, status=status), looks=0).rearmed(at)

    def evidence_anew(self) -> "Chargeback":
        """Under another key: the one so far only repeats an error."""
        if self.evidence is None:
            return self
        return replace(self, evidence=replace(self.evidence, attempt=self.evidence.attempt + 1))

    def looked_at(self, at: int) -> "Chargeback":
        """A look is under way; the next one comes in a week, while there is evidence to give sooner."""
        looked = replace(self, looks=self.looks + 1)
        if looked.has_evidence_to_give and looked.looks < EVIDENCE_LOOKS_MAX:
            return replace(looked, looks_at=at + EVIDENCE_LOOK_SECONDS)
        return looked.rearmed(at)

    def rearmed(self, at: int) -> "Chargeback":
        """Looked at again in a week, unless nothing more is to come."""
        over = self.is_over or self.looks >= LOOKS_MAX
        return replace(self, looks_at=None if over else at + LOOK_EVERY_SECONDS)

    @property
    def _withdrawal(self) -> Withdrawal:
        if self.withdrawal is None:
            raise IllegalTransition("nothing was withdrawn")
        return self.withdrawal

    def _with(self, withdrawal: Withdrawal) -> "Chargeback":
        return replace(self, withdrawal=withdrawal)


def chargeback_id(seen: CardDispute) -> str:
    """Derives from the top-up and the dispute, so that whoever hears of it first gives it the same."""
    return derived_within(PREFIX, seen.top_up_id, seen.id)
