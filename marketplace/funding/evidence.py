"""What the client says against a chargeback, on its way to the bank: given once, handed over by Stripe.

given ──(Stripe has an answer)──> submitted
└──(Stripe will not take it)──> refused; the client may give another
"""

from marketplace.funding.chargeback import Chargeback, EvidenceStatus
from marketplace.funding.chargebacks import about
from marketplace.shared.errors import NotFound
from marketplace.shared.events import EventType
from marketplace.shared.outcomes import Refused
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class GiveEvidence:
    """`text` is kept in the event, beside the head."""

    chargeback_id: str
    client_id: str
    text: str


def give_evidence(command: GiveEvidence, tx: Transaction) -> Chargeback:
    """Raises NotFound, IllegalTransition when no answer is awaited, AlreadyExists."""
    chargeback = tx.get(Chargeback, command.chargeback_id)
    if chargeback.client_id != command.client_id:
        raise NotFound
    answered = chargeback.answered(tx.cause.event_id, tx.now)
    tx.save(answered)
    tx.publish(EventType.CHARGEBACK_EVIDENCE_GIVEN, about=about(answered), text=command.text)
    return answered


def evidence_submitted(seen: Chargeback, tx: Transaction) -> None:
    """Stripe has it. Raises NotFound."""
    chargeback = tx.get(Chargeback, seen.id)
    if chargeback.evidence == seen.evidence:
        tx.save(chargeback.evidence_came_to(EvidenceStatus.SUBMITTED, tx.now))
        tx.publish(EventType.CHARGEBACK_EVIDENCE_SUBMITTED, about=about(chargeback))


def evidence_refused(seen: Chargeback, refused: Refused, tx: Transaction) -> None:
    """Stripe will not take it. Raises NotFound."""
    chargeback = tx.get(Chargeback, seen.id)
    if chargeback.evidence == seen.evidence:
        tx.save(chargeback.evidence_came_to(EvidenceStatus.REFUSED, tx.now))
        tx.publish(
            EventType.CHARGEBACK_EVIDENCE_REFUSED,
            about=about(chargeback),
            code=refused.code,
            message=refused.message,
        )


def evidence_anew(seen: Chargeback, tx: Transaction) -> None:
    """Another key: the one so far only repeats an error. Stripe takes one answer, whatever its key.
    Raises NotFound."""
    chargeback = tx.get(Chargeback, seen.id)
    if chargeback.evidence == seen.evidence:
        tx.save(chargeback.evidence_anew())
