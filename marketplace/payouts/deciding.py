"""Who decides about a payout: anybody of finance but its own worker, who may work there as well."""

from marketplace.payouts.payout import Payout
from marketplace.people.workers import Identity
from marketplace.shared.errors import Forbidden
from marketplace.shared.transaction import Transaction


def payout_for(identity_id: str, payout_id: str, tx: Transaction) -> Payout:
    """The payout that this person decides about. Raises NotFound, Forbidden for its own worker."""
    payout = tx.get(Payout, payout_id)
    person = tx.find(Identity, identity_id)
    if person is not None and person.worker_id == payout.worker_id:
        raise Forbidden("nobody decides about their own payout")
    return payout
