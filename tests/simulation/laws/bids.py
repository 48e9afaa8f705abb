"""Which bids their task's end could not meet: they came to stand when it had ended."""

from dataclasses import dataclass, field

from marketplace.bidding.bid import Bid
from marketplace.work.task import Task


@dataclass
class BidLaws:
    """`ended` are the tasks that take no bids, `late` the live bids without an end that came after that."""

    ended: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)

    def copy(self) -> "BidLaws":
        """The same."""
        return BidLaws(set(self.ended), set(self.late))

    def task(self, new: Task) -> None:
        """After a commit of a task."""
        if new.status == "open":
            self.ended.discard(new.id)
        else:
            self.ended.add(new.id)

    def bid(self, new: Bid, old: Bid | None) -> None:
        """After a commit of a bid; one that stood already is late or not, as it was."""
        if not _stands(new):
            self.late.discard(new.id)
        elif (old is None or not _stands(old)) and new.task_id in self.ended:
            self.late.add(new.id)


def _stands(bid: Bid) -> bool:
    return bid.is_live and bid.expires_at is None
