"""What is left of a bid once its worker is forgotten."""

from marketplace.bidding.bid import Bid
from marketplace.shared.private import ERASED
from marketplace.shared.records import replace
from marketplace.shared.transaction import Transaction


def forget_bid(identifier: str, tx: Transaction) -> None:
    """Figures stay, words go: the worker's own and what the client said of them. Raises NotFound."""
    bid = tx.get(Bid, identifier)
    tx.forget(
        replace(
            bid,
            message="",
            milestones=tuple(replace(row, title=ERASED) for row in bid.milestones),
            declined=bid.declined and replace(bid.declined, reason=ERASED),
        )
    )
