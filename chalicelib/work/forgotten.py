"""What goes of a worker who is forgotten: each kind of object, which ones, and what is left of one.

Whatever storage knows stands in FORGOTTEN, AT_THE_END, KEPT or NOT_OF_WORKERS; a test holds that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.work.copies import Found, Theirs, listed, members, only, ratings
from marketplace.appeals.appeal import Appeal
from marketplace.appeals.forgetting import forget_appeal
from marketplace.bidding.bid import Bid
from marketplace.bidding.forgetting import forget_bid
from marketplace.compliance.document import Document, forget_document
from marketplace.compliance.exams import forget_attempt
from marketplace.compliance.holding import Attempt, Holding
from marketplace.compliance.qualifications import forget_holding
from marketplace.compliance.screening import Screening, forget_screening
from marketplace.payouts.schedule import PayoutSchedule, payout_schedule_id
from marketplace.payouts.scheduling import forget_schedule
from marketplace.people.pool_member import PoolMember
from marketplace.people.pool_members import forget_member
from marketplace.reputation.rating import Rating
from marketplace.reputation.use_cases import forget_rating
from marketplace.runtime import Runtime
from marketplace.shared.transaction import Transaction
from marketplace.storage import keys


@dataclass(frozen=True)
class Forgotten:
    """A kind of object of which something goes."""

    kind: type[Any]
    found: Found
    forget: Callable[[str, Transaction], None]


FORGOTTEN = (
    Forgotten(Document, listed(keys.WORKER_DOCUMENTS), forget_document),
    Forgotten(Holding, listed(keys.WORKER_HOLDINGS), forget_holding),
    Forgotten(Attempt, listed(keys.WORKER_ATTEMPTS), forget_attempt),
    Forgotten(Screening, listed(keys.WORKER_SCREENINGS), forget_screening),
    Forgotten(PoolMember, members, forget_member),
    Forgotten(Bid, listed(keys.WORKER_BIDS), forget_bid),
    Forgotten(Rating, ratings, forget_rating),
    Forgotten(Appeal, listed(keys.APPEALS_BY), forget_appeal),
    Forgotten(PayoutSchedule, only(PayoutSchedule, payout_schedule_id), forget_schedule),
)
AT_THE_END = frozenset({"Worker", "Suspension", "PayoutAccount", "Export", "ExportPart", "Identity"})
"""What is overwritten in the commit that ends it (`people.forgetting`). Of an identity a digest of the
sign-in stays, so that nobody comes in by it again; what rode on it goes."""

_IDS = "ids, figures and times, under an id that names nobody any more"
_CONTRACT = "proves what was agreed, done and paid, to the client as well: kept for claims and for tax"
KEPT: dict[str, str] = {
    "Erasure": "proves that it was done",
    "Agency": "a company of several people's, under a name of its own",
    "Membership": _IDS,
    "Invitation": _IDS,
    "Alumnus": _IDS,
    "ReferralCode": "random",
    "CodeOwner": _IDS,
    "Referral": _IDS,
    "Signature": _CONTRACT,
    "Named": "a signature is found by it",
    "Contract": _CONTRACT,
    "Session": _CONTRACT,
    "Evidence": _CONTRACT,
    "WorkerClock": _IDS,
    "Result": _CONTRACT,
    "Ballot": "digests of results",
    "Outcome": _CONTRACT,
    "Dispute": _CONTRACT,
    "Message": _CONTRACT,
    "ReadMarks": _IDS,
    "Attachment": _CONTRACT,
    "Billing": _IDS,
    "Payout": "a movement of money, kept for tax",
    "TakenHold": _IDS,
    "Standing": _IDS,
    "Delivery": "what a client was sent already; sealed, in the log of its deliveries",
}
"""Kinds that may tell of a worker and stay as they are, and why."""

NOT_OF_WORKERS = frozenset(
    {"Client", "ApiKey", "Task", "Pool", "PoolCode", "TopUp", "Refund", "Chargeback", "GoldItem"}
    | {"Endpoint", "Register", "FeeSchedule", "FeeCalendar", "Agreement", "AgreementText"}
    | {"Qualification", "Exam", "Reconciliation", "Break", "SuspenseEntry", "Books", "Period"}
    | {"Entering", "ExportFile"}
)
"""What clients, finance and operators have made."""


def forget(
    runtime: Runtime, worker_id: str, commit: Callable[[str, Callable[[Transaction], None]], None]
) -> None:
    """What is to go does, object by object; `commit` runs one use case under a name, once."""
    for forgotten, identifier in _theirs(runtime, worker_id):
        if forgotten.kind is Document:
            runtime.objects.delete(identifier)
        commit(identifier, partial(forgotten.forget, identifier))


def _theirs(runtime: Runtime, worker_id: str) -> Iterator[tuple[Forgotten, str]]:
    theirs = Theirs(runtime, worker_id)
    for forgotten in FORGOTTEN:
        for one in forgotten.found(theirs):
            yield forgotten, one.id
