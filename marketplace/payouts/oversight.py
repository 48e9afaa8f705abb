"""What finance decides about payouts: two people approve a large one, and one that waits can be cancelled."""

from marketplace.payouts.deciding import payout_for
from marketplace.payouts.payout import Payout
from marketplace.payouts.reversing import drop_reversal
from marketplace.payouts.withdrawal import undo
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class ApprovePayout:
    """`identity_id` is that of the approving person, who may work here as well."""

    payout_id: str
    identity_id: str


@dataclass(frozen=True)
class RetryPayout:
    """`identity_id` is that of the person who wants it."""

    payout_id: str
    identity_id: str


@dataclass(frozen=True)
class CancelPayout:
    """`identity_id` is that of the person who wants it."""

    payout_id: str
    identity_id: str


def approve_payout(command: ApprovePayout, tx: Transaction) -> Payout:
    """The acting person approves; with the last approval it goes on.

    Raises NotFound, IllegalTransition unless it waits for that, AlreadyApproved, Forbidden for the payout's
    own worker.
    """
    payout = payout_for(command.identity_id, command.payout_id, tx)
    approved = payout.approved(tx.cause.actor, tx.now)
    tx.save(approved)
    tx.publish(EventType.PAYOUT_APPROVED, about=_about(approved), approvals=len(approved.clearance.approvals))
    return approved


def retry_payout(command: RetryPayout, tx: Transaction) -> Payout:
    """To the bank once more, as the acting person wants; a large one when somebody else approves it too.
    Raises NotFound, IllegalTransition unless it failed there, Forbidden for the payout's own worker."""
    payout = payout_for(command.identity_id, command.payout_id, tx)
    retried = payout.retried(tx.cause.actor, tx.now)
    tx.save(retried)
    stripe_ids = (retried.transfer.stripe_id or "",)
    tx.publish(EventType.PAYOUT_DUE, about=(*_about(retried), *stripe_ids))
    return retried


def cancel_payout(command: CancelPayout, tx: Transaction) -> Payout:
    """All is as before it was asked for.

    Only while its transfer is parked. Whoever lets it go and whoever cancels it change the same version of
    it, so one of them comes first: after a cancel nothing is ever sent, and what may be under way is not
    cancelled. What is to be fetched back, and waits for an approval, stays where it is instead. Raises
    NotFound, IllegalTransition, Forbidden for the payout's own worker.
    """
    payout = payout_for(command.identity_id, command.payout_id, tx)
    if payout.reversal is not None:
        return drop_reversal(payout.id, tx)
    cancelled = payout.cancelled()
    tx.save(cancelled)
    undo(payout, "payout cancelled", tx)
    tx.publish(EventType.PAYOUT_CANCELLED, about=_about(cancelled))
    return cancelled


def _about(payout: Payout) -> tuple[str, ...]:
    return payout.id, payout.worker_id
