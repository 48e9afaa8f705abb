"""Every list in one place: what it is called, and in whose list an aggregate stands.

A list whose key is None leaves the aggregate out of the index: the indexes are sparse, and cost a write
only when an aggregate enters, leaves or moves.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from marketplace.access.clients import ApiKey
from marketplace.appeals.appeal import Appeal
from marketplace.bidding.bid import Bid
from marketplace.bidding.invitation import Invitation
from marketplace.closing.period import Period
from marketplace.compliance.agreement import Agreement, AgreementText, Signature
from marketplace.compliance.document import Document
from marketplace.compliance.holding import Attempt, Holding, HoldingStatus
from marketplace.compliance.qualification import Qualification
from marketplace.compliance.screening import Screening
from marketplace.contracts.contract import Contract
from marketplace.contracts.fee_schedules import FeeSchedule
from marketplace.correspondence.attachment import Attachment
from marketplace.correspondence.message import Message
from marketplace.disputes.dispute import Dispute
from marketplace.exports.file import ExportFile
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.refund import Refund
from marketplace.funding.taken_hold import TakenHold
from marketplace.funding.top_up import TopUp
from marketplace.metering.session import Session
from marketplace.notifications.delivery import Delivery
from marketplace.notifications.endpoint import Endpoint, EndpointStatus
from marketplace.outcomes.outcome import Outcome
from marketplace.payouts.payout import Payout
from marketplace.payouts.schedule import PayoutSchedule
from marketplace.people.agency import Membership
from marketplace.people.pool import Pool
from marketplace.people.pool_member import Alumnus, PoolMember
from marketplace.people.referral import Referral
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.run import Reconciliation, Sighting
from marketplace.reputation.rating import Rating
from marketplace.results.gold import GoldItem
from marketplace.results.result import Result, ResultStatus
from marketplace.shared.records import dataclass
from marketplace.work.task import Task

Kind = TypeVar("Kind")

ALL = "all"
"""The key of a list that has no owner."""


@dataclass(frozen=True)
class Listing(Generic[Kind]):
    """A list of one kind: `index` is the attribute it is kept under, `key_of` says in whose list an
    aggregate stands."""

    kind: type[Kind]
    index: str
    name: str
    key_of: Callable[[Kind], str | None]

    def partition(self, key: str) -> str:
        """The index partition of `key`'s list."""
        return f"{self.name}#{key}"


CLIENT_KEYS = Listing(ApiKey, "list1", "client_keys", lambda key: key.client_id)
CLIENT_TASKS = Listing(Task, "list1", "client_tasks", lambda task: task.client_id)
TASK_INVITATIONS = Listing(Invitation, "list1", "task_invitations", lambda row: row.task_id)
WORKER_INVITATIONS = Listing(Invitation, "list2", "worker_invitations", lambda row: row.worker_id)
INVITED_TO = Listing(Invitation, "list3", "invited_to", lambda row: row.worker_id if row.is_pending else None)
"""The tasks that a worker is invited to, in the order of tasks: positions begin with their ids."""
CLIENT_POOLS = Listing(Pool, "list1", "client_pools", lambda pool: pool.client_id)
SHOWN_POOLS = Listing(Pool, "list2", "shown_pools", lambda pool: ALL if pool.is_shown else None)
POOL_MEMBERS = Listing(PoolMember, "list1", "pool_members", lambda row: f"{row.pool_id}#{row.status}")
WORKER_POOLS = Listing(PoolMember, "list3", "worker_pools", lambda row: f"{row.worker_id}#{row.status}")
CLIENT_ALUMNI = Listing(Alumnus, "list1", "client_alumni", lambda row: row.client_id)
WORKER_ALUMNI = Listing(Alumnus, "list3", "worker_alumni", lambda row: row.worker_id)
AUDIENCES = "audiences"
"""The one list of two kinds, members of pools and alumni, so that one query finds the pools that a worker
belongs to: its positions are read, and end with a pool's id."""
MEMBER_AUDIENCES = Listing(
    PoolMember, "list2", AUDIENCES, lambda row: row.worker_id if row.is_member else None
)
ALUMNUS_AUDIENCES = Listing(Alumnus, "list2", AUDIENCES, lambda row: row.worker_id)
REFERRED = Listing(Referral, "list1", "referred", lambda row: row.referrer_id)
TASK_BIDS = Listing(Bid, "list1", "task_bids", lambda bid: bid.task_id)
CLIENT_BIDS = Listing(Bid, "list3", "client_bids", lambda bid: bid.client_id)
WORKER_BIDS = Listing(Bid, "list2", "worker_bids", lambda bid: bid.worker_id)
CLIENT_CONTRACTS = Listing(Contract, "list1", "client_contracts", lambda contract: contract.client_id)
WORKER_CONTRACTS = Listing(Contract, "list2", "worker_contracts", lambda contract: contract.worker_id)
HOLDING_CONTRACTS = Listing(
    Contract, "list3", "holding", lambda contract: contract.client_id if contract.held else None
)
AGENCY_CONTRACTS = Listing(
    Contract, "list5", "agency_contracts", lambda row: row.agency.agency_id if row.agency else None
)
CONTRACTS_IN_REVIEW = Listing(
    Contract, "list4", "in_review", lambda contract: contract.payee_id if contract.in_review else None
)
CONTRACT_SESSIONS = Listing(Session, "list1", "contract_sessions", lambda session: session.contract_id)
WORKER_SESSIONS = Listing(Session, "list2", "worker_sessions", lambda session: session.worker_id)
CLIENT_SESSIONS = Listing(Session, "list3", "client_sessions", lambda session: session.client_id)
UNPAID_SESSIONS = Listing(Session, "list4", "sessions_in_review", lambda session: session.earns_for)
FEE_SCHEDULES = Listing(FeeSchedule, "list1", "fee_schedules", lambda _: ALL)
WORKER_AGENCIES = Listing(Membership, "list1", "worker_agencies", lambda membership: membership.worker_id)
CONTRACT_RESULTS = Listing(Result, "list1", "contract_results", lambda result: result.contract_id)
RESULTS_IN_REVIEW = Listing(
    Result,
    "list2",
    "results_in_review",
    lambda result: result.contract_id if result.status == ResultStatus.SUBMITTED else None,
)
TASK_GOLD = Listing(GoldItem, "list1", "task_gold", lambda item: item.task_id)
CONTRACT_DISPUTES = Listing(Dispute, "list1", "contract_disputes", lambda dispute: dispute.contract_id)
DISPUTES_TO_DECIDE = Listing(
    Dispute, "list2", "disputes_to_decide", lambda dispute: ALL if dispute.awaits_decision else None
)
CONTRACT_OUTCOMES = Listing(Outcome, "list1", "contract_outcomes", lambda outcome: outcome.contract_id)
CLIENT_TOP_UPS = Listing(TopUp, "list1", "client_top_ups", lambda top_up: top_up.client_id)
CLIENT_REFUNDS = Listing(Refund, "list1", "client_refunds", lambda refund: refund.client_id)
CLIENT_CHARGEBACKS = Listing(Chargeback, "list1", "client_chargebacks", lambda row: row.client_id)
CONTESTING_CHARGEBACKS = Listing(
    Chargeback,
    "list2",
    "contesting_chargebacks",
    lambda row: row.client_id if row.withdrawal and row.withdrawal.contracts else None,
)
CHARGEBACKS = Listing(Chargeback, "list3", "chargebacks", lambda _: ALL)
TAKEN_HOLDS = Listing(
    TakenHold, "list1", "taken_holds", lambda taken: None if taken.is_over else taken.chargeback_id
)
WORKER_PAYOUTS = Listing(Payout, "list1", "worker_payouts", lambda payout: payout.worker_id)
STUCK_PAYOUTS = Listing(Payout, "list3", "stuck_payouts", lambda payout: ALL if payout.is_stuck else None)
AWAITING_FUNDS = Listing(
    Payout, "list2", "awaiting_funds", lambda payout: payout.amount.currency if payout.awaits_funds else None
)
PAYOUTS_UNDER_WAY = Listing(
    Payout, "list4", "payouts_under_way", lambda payout: ALL if payout.is_under_way else None
)
WORKER_MONEY_AWAY = Listing(
    Payout, "list5", "worker_money_away", lambda payout: payout.worker_id if payout.is_under_way else None
)
SCHEDULED_WORKERS = Listing(
    PayoutSchedule, "list1", "scheduled_workers", lambda schedule: ALL if schedule.is_on else None
)
RATINGS_ABOUT = Listing(
    Rating, "list1", "ratings_about", lambda rating: rating.about if rating.is_public else None
)
APPEALS_BY = Listing(Appeal, "list1", "appeals_by", lambda appeal: appeal.by)
OPEN_APPEALS = Listing(Appeal, "list2", "open_appeals", lambda appeal: ALL if appeal.is_open else None)
APPEALS_AGAINST = Listing(Appeal, "list3", "appeals_against", lambda appeal: appeal.decision.respondent)
AGREEMENTS = Listing(Agreement, "list1", "agreements", lambda agreement: agreement.client_id or ALL)
AGREEMENT_VERSIONS = Listing(AgreementText, "list1", "agreement_versions", lambda text: text.agreement_id)
WORKER_SIGNATURES = Listing(Signature, "list1", "worker_signatures", lambda signature: signature.worker_id)
AGREEMENT_SIGNATURES = Listing(
    Signature, "list2", "agreement_signatures", lambda signature: signature.agreement_id
)
QUALIFICATIONS = Listing(Qualification, "list1", "qualifications", lambda row: row.client_id or ALL)
WORKER_HOLDINGS = Listing(Holding, "list1", "worker_holdings", lambda holding: holding.worker_id)
QUALIFICATION_HOLDINGS = Listing(
    Holding,
    "list2",
    "qualification_holdings",
    lambda holding: None if holding.status == HoldingStatus.NONE else holding.qualification_id,
)
WORKER_ATTEMPTS = Listing(Attempt, "list1", "worker_attempts", lambda attempt: attempt.worker_id)
WORKER_DOCUMENTS = Listing(Document, "list1", "worker_documents", lambda document: document.worker_id)
DOCUMENTS_TO_REVIEW = Listing(
    Document,
    "list2",
    "documents_to_review",
    lambda document: ALL if document.awaits_review else None,
)
WORKER_SCREENINGS = Listing(Screening, "list1", "worker_screenings", lambda screening: screening.worker_id)
RECONCILIATIONS = Listing(Reconciliation, "list1", "reconciliations", lambda _: ALL)
RECONCILIATION_BREAKS = Listing(
    Break, "list1", "reconciliation_breaks", lambda found: found.reconciliation_id
)
RECONCILIATION_SIGHTINGS = Listing(
    Sighting, "list1", "reconciliation_sightings", lambda row: row.reconciliation_id
)
OPEN_BREAKS = Listing(Break, "list2", "open_breaks", lambda found: found.open_in)
FAR_PAIRS_FROM = Listing(Break, "list3", "far_pairs_from", lambda found: found.far_from)
FAR_PAIRS_TO = Listing(Break, "list4", "far_pairs_to", lambda found: found.far_to)
EXPORT_FILES = Listing(ExportFile, "list1", "export_files", lambda _: ALL)
PERIODS = Listing(Period, "list1", "periods", lambda _: ALL)
CONTRACT_MESSAGES = Listing(Message, "list1", "contract_messages", lambda message: message.contract_id)
CONTRACT_ATTACHMENTS = Listing(Attachment, "list1", "contract_attachments", lambda row: row.contract_id)
CLIENT_ENDPOINTS = Listing(
    Endpoint,
    "list1",
    "client_endpoints",
    lambda row: None if row.status == EndpointStatus.DELETED else row.client_id,
)
ENDPOINT_DELIVERIES = Listing(Delivery, "list1", "endpoint_deliveries", lambda row: row.endpoint_id)
