"""What goes of a worker or a client who is forgotten: each kind of object, which ones, and what is
left of one.

Whatever storage knows stands in FORGOTTEN, AT_ONCE, KEPT or NOT_OF_WORKERS; a test holds that.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from chalicelib.work.copies import MEMBERSHIPS, RATINGS
from chalicelib.work.walks import Found, Seen, Theirs, listed, walk, with_id
from marketplace.appeals.appeal import Appeal
from marketplace.appeals.forgetting import forget_appeal
from marketplace.bidding.bid import Bid
from marketplace.bidding.forgetting import forget_bid
from marketplace.compliance.document import Document, forget_document
from marketplace.compliance.exams import forget_attempt
from marketplace.compliance.holding import Attempt, Holding
from marketplace.compliance.qualifications import forget_holding
from marketplace.compliance.screening import Screening, forget_screening
from marketplace.notifications.endpoint import Endpoint, EndpointStatus, Register, register_id
from marketplace.notifications.use_cases import OwnEndpoint, delete_endpoint
from marketplace.payouts.schedule import PayoutSchedule, payout_schedule_id
from marketplace.payouts.scheduling import forget_schedule
from marketplace.people.forgetting import forget_part
from marketplace.people.pool_member import PoolMember
from marketplace.people.pool_members import forget_member
from marketplace.people.privacy import Export, ExportPart, export_id, part_id
from marketplace.reputation.rating import Rating
from marketplace.reputation.use_cases import forget_rating
from marketplace.runtime import Runtime
from marketplace.shared.ids import prefix_of
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction
from marketplace.storage import keys
from marketplace.work.task import Task, TaskStatus
from marketplace.work.use_cases import withdraw_task

WORKER_PREFIX = "wrk"
PLACES_PER_STEP_MAX = 50
"""Each costs a read and a write."""

Commit = Callable[[str, Callable[[Transaction], object]], None]
"""Runs a use case under a name, once."""


@dataclass(frozen=True)
class Forgotten:
    """A kind of object of which something goes: for each, a use case. It may be done again."""

    kind: type[Any]
    found: Found
    forget: Callable[[str, Transaction], object]


@dataclass(frozen=True)
class Step:
    """How many objects it has worked off, and where the next goes on; None when this was all."""

    forgotten: int
    after: str | None


@dataclass(frozen=True)
class ById:
    """An object of which the id is enough."""

    id: str


def _parts(theirs: Theirs, after: str) -> Seen:
    """Those of a copy, by their ids alone; once it has expired no more come."""
    export = theirs.there(Export, export_id(theirs.id))
    for number in range(int(after or 0), export.held if export else 0):
        yield str(number + 1), ById(part_id(export.id, number))


def _endpoints(theirs: Theirs, _: str) -> Seen:
    """Those that are left: who is deleted leaves the register."""
    register = theirs.there(Register, register_id(theirs.id))
    for endpoint_id in register.endpoints if register else ():
        yield endpoint_id, ById(endpoint_id)


def _send_nothing_more(endpoint_id: str, tx: Transaction) -> None:
    """Nobody is there to whom a client's systems could tell anything."""
    endpoint = tx.find(Endpoint, endpoint_id)
    if endpoint is not None and endpoint.status != EndpointStatus.DELETED:
        delete_endpoint(OwnEndpoint(endpoint_id, endpoint.client_id), tx)


def _offered(theirs: Theirs, after: str) -> Seen:
    """Tasks that somebody might still bid on, or wait for."""
    for place, task in theirs.listed(keys.CLIENT_TASKS, theirs.id, after):
        yield place, None if task.status == TaskStatus.CLOSED else task


PARTS = Forgotten(ExportPart, _parts, forget_part)
FORGOTTEN = (
    Forgotten(Document, listed(keys.WORKER_DOCUMENTS), forget_document),
    Forgotten(Holding, listed(keys.WORKER_HOLDINGS), forget_holding),
    Forgotten(Attempt, listed(keys.WORKER_ATTEMPTS), forget_attempt),
    Forgotten(Screening, listed(keys.WORKER_SCREENINGS), forget_screening),
    Forgotten(PoolMember, MEMBERSHIPS, forget_member),
    Forgotten(Bid, listed(keys.WORKER_BIDS), forget_bid),
    Forgotten(Rating, RATINGS, forget_rating),
    Forgotten(Appeal, listed(keys.APPEALS_BY), forget_appeal),
    Forgotten(PayoutSchedule, with_id(PayoutSchedule, payout_schedule_id), forget_schedule),
    PARTS,
)
OF_CLIENTS = (
    Forgotten(Endpoint, _endpoints, _send_nothing_more),
    Forgotten(Task, _offered, withdraw_task),
    PARTS,
)
"""Of a client who is forgotten: what goes, or ends, beside its head and its suspension. Each is a step of the
walk; another kind is another line."""
AT_ONCE = frozenset({"Worker", "Suspension", "PayoutAccount", "Export", "Identity"})
"""What is overwritten in the commit that begins it (`people.forgetting`). Of an identity a digest of the
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
    | {"Sighting", "Watch", "Entering", "ExportFile"}
)
"""What clients, finance and operators have made."""


def forget(runtime: Runtime, subject_id: str, after: str, commit: Commit) -> Step:
    """One step: what is to go behind `after` does, object by object."""
    legs = FORGOTTEN if prefix_of(subject_id) == WORKER_PREFIX else OF_CLIENTS
    forgotten = 0
    found = walk(Theirs(runtime, subject_id), [leg.found for leg in legs], after)
    for looked, (number, place, one) in enumerate(found, start=1):
        if one is not None:
            forgotten += 1
            _forget(legs[number], one.id, runtime, commit)
        if looked == PLACES_PER_STEP_MAX:
            return Step(forgotten, place)
    return Step(forgotten, None)


def _forget(leg: Forgotten, identifier: str, runtime: Runtime, commit: Commit) -> None:
    """A file goes before what tells that it was there: should this end between the two, it is done again."""
    if leg.kind is Document:
        runtime.objects.delete(identifier)
    commit(identifier, partial(leg.forget, identifier))
