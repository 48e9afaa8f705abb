"""Where each kind of aggregate stands: the prefix of its ids, its lists, and whose clock is running."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from marketplace.access.clients import ApiKey, Client
from marketplace.access.suspension import Suspension
from marketplace.appeals.appeal import Appeal
from marketplace.bidding.bid import Bid
from marketplace.bidding.invitation import Invitation
from marketplace.closing.period import Period
from marketplace.compliance.agreement import Agreement, AgreementText, Signature
from marketplace.compliance.document import Document
from marketplace.compliance.holding import Attempt, Holding
from marketplace.compliance.naming import Named
from marketplace.compliance.qualification import Exam, Qualification
from marketplace.compliance.screening import Screening
from marketplace.contracts.billing import Billing
from marketplace.contracts.contract import Contract
from marketplace.contracts.fee_schedules import FeeCalendar, FeeSchedule
from marketplace.correspondence.attachment import Attachment
from marketplace.correspondence.counting import placed
from marketplace.correspondence.message import Message, ReadMarks
from marketplace.disputes.dispute import Dispute
from marketplace.exports.file import PREFIX as EXPORT_FILE
from marketplace.exports.file import ExportFile
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.refund import Refund
from marketplace.funding.taken_hold import TakenHold
from marketplace.funding.top_up import TopUp
from marketplace.metering.evidence import Evidence
from marketplace.metering.session import Session
from marketplace.metering.worker_clock import WorkerClock
from marketplace.notifications.delivery import Delivery
from marketplace.notifications.endpoint import Endpoint, Register
from marketplace.outcomes.outcome import Outcome
from marketplace.payouts.payout import Payout
from marketplace.payouts.schedule import PayoutSchedule
from marketplace.people.agency import Agency, Membership
from marketplace.people.payout_account import PayoutAccount
from marketplace.people.pool import Pool, PoolCode, alumni_pool_id
from marketplace.people.pool_member import Alumnus, PoolMember
from marketplace.people.privacy import Erasure, Export, ExportPart
from marketplace.people.referral import CodeOwner, Referral, ReferralCode
from marketplace.people.standing import Standing
from marketplace.people.workers import Identity, Worker
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.entering import PREFIX as ENTERING
from marketplace.reconciliation.entering import Entering
from marketplace.reconciliation.run import Reconciliation, Sighting
from marketplace.reconciliation.suspense import SuspenseEntry
from marketplace.reconciliation.watching import PREFIX as WATCH
from marketplace.reconciliation.watching import Watch
from marketplace.reputation.rating import Rating
from marketplace.results.agreement import Ballot
from marketplace.results.gold import GoldItem
from marketplace.results.result import Result
from marketplace.shared.books import Books
from marketplace.shared.records import dataclass
from marketplace.storage import keys
from marketplace.storage.keys import Listing
from marketplace.work.task import Task

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Shelf(Generic[Kind]):
    """Where one kind of aggregate stands. `position` orders it in lists, `due_at` is epoch seconds."""

    kind: type[Kind]
    prefix: str
    lists: tuple[Listing[Kind], ...] = ()
    due_at: Callable[[Kind], int | None] = lambda _: None
    position: Callable[[Any], str] = lambda aggregate: str(aggregate.id)


def in_time(at: int, identifier: str) -> str:
    """The position of what has a derived id: by `at`, epoch seconds."""
    return f"{at:011d}#{identifier}"


SHELVES: tuple[Shelf[Any], ...] = (
    Shelf(Client, "cli"),
    Shelf(ApiKey, "key", (keys.CLIENT_KEYS,)),
    Shelf(Suspension, "spn"),
    Shelf(Worker, "wrk"),
    Shelf(Identity, "idn"),
    Shelf(Export, "exp", due_at=lambda export: export.ends_at),
    Shelf(ExportPart, "exq"),
    Shelf(Erasure, "ers", due_at=lambda erasure: erasure.due_at),
    Shelf(Agency, "agn"),
    Shelf(Membership, "mem", (keys.WORKER_AGENCIES,)),
    Shelf(Task, "task", (keys.CLIENT_TASKS,)),
    Shelf(
        Invitation,
        "inv",
        (keys.TASK_INVITATIONS, keys.WORKER_INVITATIONS, keys.INVITED_TO),
        position=lambda row: f"{row.task_id}#{row.position}",
    ),
    Shelf(Pool, "pool", (keys.CLIENT_POOLS, keys.SHOWN_POOLS)),
    Shelf(PoolCode, "pcd"),
    Shelf(
        PoolMember,
        "pmb",
        (keys.POOL_MEMBERS, keys.MEMBER_AUDIENCES, keys.WORKER_POOLS),
        position=lambda row: f"{row.position}#{row.pool_id}",
    ),
    Shelf(
        Alumnus,
        "alm",
        (keys.CLIENT_ALUMNI, keys.ALUMNUS_AUDIENCES, keys.WORKER_ALUMNI),
        position=lambda row: f"{row.position}#{alumni_pool_id(row.client_id)}",
    ),
    Shelf(ReferralCode, "rfc"),
    Shelf(CodeOwner, "rfo"),
    Shelf(Referral, "rfl", (keys.REFERRED,), position=lambda row: str(row.position)),
    Shelf(
        Bid,
        "bid",
        (keys.TASK_BIDS, keys.WORKER_BIDS, keys.CLIENT_BIDS),
        due_at=lambda bid: bid.due_at,
        position=lambda bid: str(bid.position),
    ),
    Shelf(
        Contract,
        "con",
        (
            keys.CLIENT_CONTRACTS,
            keys.WORKER_CONTRACTS,
            keys.HOLDING_CONTRACTS,
            keys.CONTRACTS_IN_REVIEW,
            keys.AGENCY_CONTRACTS,
        ),
        due_at=lambda contract: contract.due_at,
    ),
    Shelf(FeeSchedule, "fee", (keys.FEE_SCHEDULES,)),
    Shelf(FeeCalendar, "fcl"),
    Shelf(Billing, "bil"),
    Shelf(TopUp, "top", (keys.CLIENT_TOP_UPS,), due_at=lambda top_up: top_up.due_at),
    Shelf(Refund, "ref", (keys.CLIENT_REFUNDS,), due_at=lambda refund: refund.looks_at),
    Shelf(
        Chargeback,
        "chb",
        (keys.CLIENT_CHARGEBACKS, keys.CONTESTING_CHARGEBACKS, keys.CHARGEBACKS),
        due_at=lambda row: row.looks_at,
        position=lambda row: str(row.position),
    ),
    Shelf(TakenHold, "tkn", (keys.TAKEN_HOLDS,)),
    Shelf(PayoutAccount, "poa", due_at=lambda account: account.look_at),
    Shelf(
        Payout,
        "pay",
        (
            keys.WORKER_PAYOUTS,
            keys.AWAITING_FUNDS,
            keys.STUCK_PAYOUTS,
            keys.PAYOUTS_UNDER_WAY,
            keys.WORKER_MONEY_AWAY,
        ),
        due_at=lambda payout: payout.sweep_at,
    ),
    Shelf(PayoutSchedule, "psc", (keys.SCHEDULED_WORKERS,), due_at=lambda schedule: schedule.due_at),
    Shelf(
        Session,
        "ses",
        (keys.CONTRACT_SESSIONS, keys.WORKER_SESSIONS, keys.CLIENT_SESSIONS, keys.UNPAID_SESSIONS),
        due_at=lambda session: session.due_at,
    ),
    Shelf(
        Result,
        "res",
        (keys.CONTRACT_RESULTS, keys.RESULTS_IN_REVIEW),
        due_at=lambda result: result.due_at,
        position=lambda result: str(result.position),
    ),
    Shelf(
        Dispute,
        "dis",
        (keys.CONTRACT_DISPUTES, keys.DISPUTES_TO_DECIDE),
        due_at=lambda dispute: dispute.clock_at,
        position=lambda dispute: str(dispute.position),
    ),
    Shelf(
        Outcome,
        "out",
        (keys.CONTRACT_OUTCOMES,),
        due_at=lambda outcome: outcome.due_at,
        position=lambda outcome: str(outcome.position),
    ),
    Shelf(GoldItem, "gld", (keys.TASK_GOLD,), position=lambda item: str(item.position)),
    Shelf(Ballot, "blt"),
    Shelf(WorkerClock, "clk"),
    Shelf(Evidence, "evi"),
    Shelf(
        Rating,
        "rat",
        (keys.RATINGS_ABOUT,),
        due_at=lambda rating: rating.due_at,
        position=lambda rating: str(rating.position),
    ),
    Shelf(
        Appeal,
        "apl",
        (keys.APPEALS_BY, keys.OPEN_APPEALS, keys.APPEALS_AGAINST),
        position=lambda row: str(row.position),
    ),
    Shelf(Agreement, "agr", (keys.AGREEMENTS,)),
    Shelf(
        AgreementText,
        "agt",
        (keys.AGREEMENT_VERSIONS,),
        position=lambda text: f"{text.version:04d}#{text.id}",
    ),
    Shelf(
        Signature,
        "sig",
        (keys.WORKER_SIGNATURES, keys.AGREEMENT_SIGNATURES),
        position=lambda signature: in_time(signature.signed_at, signature.id),
    ),
    Shelf(Named, "nam"),
    Shelf(Qualification, "qua", (keys.QUALIFICATIONS,)),
    Shelf(Exam, "exm"),
    Shelf(
        Holding,
        "hol",
        (keys.WORKER_HOLDINGS, keys.QUALIFICATION_HOLDINGS),
        due_at=lambda holding: holding.due_at,
        position=lambda holding: in_time(holding.created_at, holding.id),
    ),
    Shelf(
        Attempt,
        "att",
        (keys.WORKER_ATTEMPTS,),
        due_at=lambda attempt: attempt.due_at,
        position=lambda attempt: in_time(attempt.started_at, attempt.id),
    ),
    Shelf(
        Document,
        "doc",
        (keys.WORKER_DOCUMENTS, keys.DOCUMENTS_TO_REVIEW),
        due_at=lambda document: document.due_at,
    ),
    Shelf(
        Screening,
        "scr",
        (keys.WORKER_SCREENINGS,),
        due_at=lambda screening: screening.due_at,
        position=lambda screening: in_time(screening.created_at, screening.id),
    ),
    Shelf(Standing, "rep"),
    Shelf(Reconciliation, "rec", (keys.RECONCILIATIONS,)),
    Shelf(
        Break,
        "brk",
        (keys.RECONCILIATION_BREAKS, keys.OPEN_BREAKS, keys.FAR_PAIRS_FROM, keys.FAR_PAIRS_TO),
    ),
    Shelf(Sighting, "sgt", (keys.RECONCILIATION_SIGHTINGS,)),
    Shelf(Watch, WATCH),
    Shelf(Entering, ENTERING),
    Shelf(Books, "bks"),
    Shelf(ExportFile, EXPORT_FILE, (keys.EXPORT_FILES,), due_at=lambda file: file.due_at),
    Shelf(Period, "prd", (keys.PERIODS,), due_at=lambda period: period.sum_up_at),
    Shelf(SuspenseEntry, "sus"),
    Shelf(Message, "msg", (keys.CONTRACT_MESSAGES,), position=lambda row: placed(row.id, row.number)),
    Shelf(ReadMarks, "rdm"),
    Shelf(Attachment, "file", (keys.CONTRACT_ATTACHMENTS,), position=lambda row: placed(row.id, row.number)),
    Shelf(Endpoint, "whk", (keys.CLIENT_ENDPOINTS,)),
    Shelf(Register, "whr"),
    Shelf(
        Delivery,
        "dlv",
        (keys.ENDPOINT_DELIVERIES,),
        due_at=lambda delivery: delivery.looks_at,
        position=lambda delivery: str(delivery.position),
    ),
)
