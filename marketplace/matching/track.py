"""What a worker's last contracts tell of them: a record by contract, so that it comes to the same however
often and in whatever order it is told.

What is held against a worker is only what the worker did: an offer declined, a contract that the client
cancelled, or one that was never funded or whose money a chargeback contests, is not.
"""

from enum import IntEnum

from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.disputes.dispute import Dispute, DisputeStatus
from marketplace.matching.search import price_of
from marketplace.shared.money import BASIS_POINTS_WHOLE
from marketplace.shared.records import dataclass, replace
from marketplace.work.terms import Pay

CONTRACTS_MAX = 40
"""So many contracts are kept, the last accepted."""
NEWCOMER_CONTRACTS = 3
"""Who has ended fewer is a newcomer."""


class Course(IntEnum):
    """How a contract went. Whatever is later in this list was known later: it stands."""

    OPEN = 0
    ENDED = 1
    COMPLETED = 2
    LEFT = 3


@dataclass(frozen=True)
class Entry:
    """One contract, accepted at `at`, epoch seconds. `asked` is its price in basis points of what the task
    offered, `lost` whether an operator gave the worker less than half of what was disputed."""

    contract_id: str
    at: int
    asked: int
    course: Course = Course.OPEN
    lost: bool = False

    def merged(self, other: "Entry") -> "Entry":
        """What both tell of the same contract."""
        return replace(self, course=max(self.course, other.course), lost=self.lost or other.lost)


@dataclass(frozen=True)
class Track:
    """The last accepted contracts, the newest first; `seen_at` is when the worker last did something, epoch
    seconds."""

    seen_at: int = 0
    entries: tuple[Entry, ...] = ()

    def seen(self, at: int) -> "Track":
        """The worker did something at `at`."""
        return replace(self, seen_at=max(self.seen_at, at))

    def told(self, entry: Entry) -> "Track":
        """With what is told of one contract."""
        others = [row for row in self.entries if row.contract_id != entry.contract_id]
        same = next((row for row in self.entries if row.contract_id == entry.contract_id), entry)
        rows = sorted((*others, same.merged(entry)), key=lambda row: (row.at, row.contract_id), reverse=True)
        return replace(self, entries=tuple(rows[:CONTRACTS_MAX]))

    @property
    def completed(self) -> int:
        """Contracts completed without a dispute lost."""
        return sum(row.course == Course.COMPLETED and not row.lost for row in self.entries)

    @property
    def failed(self) -> int:
        """Contracts that the worker left, or lost a dispute about."""
        return sum(row.course == Course.LEFT or row.lost for row in self.entries)

    @property
    def under_way(self) -> int:
        """Contracts that are not over."""
        return sum(row.course == Course.OPEN for row in self.entries)

    @property
    def asked(self) -> int | None:
        """What the worker usually agreed to, in basis points of what tasks offered: the lower median."""
        prices = sorted(row.asked for row in self.entries)
        return prices[(len(prices) - 1) // 2] if prices else None

    @property
    def is_newcomer(self) -> bool:
        """Whether little is known yet."""
        return self.completed + self.failed < NEWCOMER_CONTRACTS


NO_TRACK = Track()

_COURSES = {ContractStatus.COMPLETED: Course.COMPLETED, ContractStatus.CANCELLED: Course.ENDED}


def entry_of(
    contract: Contract, offered: Pay | None, *, left: bool = False, lost: bool = False
) -> Entry | None:
    """What the contract tells as it is now, None where it was never accepted; `offered` is the pay of its
    task."""
    if contract.accepted_at is None:
        return None
    asked = BASIS_POINTS_WHOLE
    if offered is not None and price_of(offered):
        asked = int(price_of(contract.pay) * BASIS_POINTS_WHOLE / price_of(offered))
    course = Course.LEFT if left else _COURSES.get(contract.status, Course.OPEN)
    return Entry(contract.id, contract.accepted_at, asked, course, lost)


def was_left(contract: Contract, by: str) -> bool:
    """Whether it was the worker (`by` is who cancelled) who gave up work that was paid for."""
    contested = contract.chargebacks.charged_back or contract.chargebacks.frozen_by
    return by == contract.worker_id and contract.funded > 0 and not contested


def was_lost(dispute: Dispute) -> bool:
    """Whether an operator decided, and less than half of what was disputed became the worker's."""
    ending = dispute.ending
    if dispute.status != DisputeStatus.DECIDED or ending is None or ending.to_worker is None:
        return False
    return 2 * ending.to_worker < dispute.amount.amount
