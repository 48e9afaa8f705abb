"""Events: what happened, once. One event is the outbox, the journal's carrier, the audit log and the
record that makes a repeated call harmless."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marketplace.shared.journal import Journal


class EventType(StrEnum):
    """`<object>.<the state it came to>`, or what happened to it where its state stayed."""

    CLIENT_CREATED = "client.created"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    API_KEY_ROTATED = "api_key.rotated"
    EXPORT_REQUESTED = "export.preparing"
    EXPORT_READY = "export.ready"
    EXPORT_EXPIRED = "export.expired"
    ERASURE_REQUESTED = "erasure.asked"
    ERASURE_REFUSED = "erasure.refused"
    PERSON_ERASED = "erasure.erased"
    PERSONAL_DATA_READ = "personal_data.read"
    FINANCE_EXPORTED = "finance.exported"
    CLIENT_SUSPENDED = "client.suspended"
    CLIENT_REINSTATED = "client.reinstated"
    WORKER_DEACTIVATED = "worker.deactivated"
    WORKER_REINSTATED = "worker.reinstated"
    WORKER_CREATED = "worker.created"
    WORKER_UPDATED = "worker.updated"
    PAYOUT_ACCOUNT_REQUESTED = "payout_account.requested"
    PAYOUT_ACCOUNT_OPENED = "payout_account.opened"
    PAYOUT_ACCOUNT_UPDATED = "payout_account.updated"
    PAYOUT_ACCOUNT_DUE = "payout_account.due"
    TOP_UP_REQUESTED = "top_up.requested"
    TOP_UP_ATTACHED = "top_up.requires_payment"
    TOP_UP_SUCCEEDED = "top_up.succeeded"
    TOP_UP_EXPIRED = "top_up.expired"
    TOP_UP_FAILED = "top_up.failed"
    TOP_UP_DUE = "top_up.due"
    REFUND_REQUESTED = "refund.requested"
    REFUND_UNKNOWN = "refund.unknown"
    REFUND_PENDING = "refund.pending"
    REFUND_REQUIRES_ACTION = "refund.requires_action"
    REFUND_SUCCEEDED = "refund.succeeded"
    REFUND_FAILED = "refund.failed"
    REFUND_CANCELED = "refund.canceled"
    REFUND_DUE = "refund.due"
    CHARGEBACK_OPENED = "chargeback.opened"
    CHARGEBACK_UPDATED = "chargeback.updated"
    CHARGEBACK_CLOSED = "chargeback.closed"
    CHARGEBACK_WITHDRAWN = "chargeback.funds_withdrawn"
    CHARGEBACK_REINSTATED = "chargeback.funds_reinstated"
    CHARGEBACK_DUE = "chargeback.due"
    CHARGEBACK_COLLECTING = "chargeback.collecting"
    CHARGEBACK_RELEASING = "chargeback.releasing"
    CHARGEBACK_EVIDENCE_GIVEN = "chargeback.evidence_given"
    CHARGEBACK_EVIDENCE_SUBMITTED = "chargeback.evidence_submitted"
    CHARGEBACK_EVIDENCE_REFUSED = "chargeback.evidence_refused"
    CHARGEBACK_WRITTEN_OFF = "chargeback.written_off"
    CONTRACT_CHARGED_BACK = "contract.charged_back"
    CONTRACT_UNFROZEN = "contract.unfrozen"
    RECEIVABLE_SETTLED = "receivable.settled"
    STRIPE_FEE_POSTED = "stripe_fee.posted"
    TASK_DRAFTED = "task.draft"
    TASK_UPDATED = "task.updated"
    TASK_OPENED = "task.open"
    TASK_CLOSED = "task.closed"
    TASK_BIDS_LEFT = "task.bids_left"
    BID_SUBMITTED = "bid.submitted"
    BID_SHORTLISTED = "bid.shortlisted"
    BID_DECLINED = "bid.declined"
    BID_WITHDRAWN = "bid.withdrawn"
    BID_EXPIRED = "bid.expired"
    BID_AWARDED = "bid.awarded"
    FEE_SCHEDULE_PUBLISHED = "fee_schedule.published"
    AGENCY_CREATED = "agency.created"
    AGENCY_MEMBER_INVITED = "agency.member_invited"
    AGENCY_MEMBER_JOINED = "agency.member_joined"
    AGENCY_MEMBER_DECLINED = "agency.member_declined"
    AGENCY_MEMBER_LEFT = "agency.member_left"
    AGENCY_MEMBER_REMOVED = "agency.member_removed"
    POOL_CREATED = "pool.created"
    POOL_UPDATED = "pool.updated"
    POOL_MEMBERS_ADDED = "pool.members_added"
    POOL_MEMBER_APPLIED = "pool_member.applied"
    POOL_MEMBER_INVITED = "pool_member.invited"
    POOL_MEMBER_JOINED = "pool_member.joined"
    POOL_MEMBER_DECLINED = "pool_member.declined"
    POOL_MEMBER_REMOVED = "pool_member.removed"
    POOL_MEMBER_LEFT = "pool_member.left"
    TASK_INVITED = "task.invited"
    INVITATION_DECLINED = "invitation.declined"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    REFERRAL_CODE_CREATED = "referral_code.created"
    WORKER_REFERRED = "worker.referred"
    CONTRACT_ACTIVE = "contract.active"
    CONTRACT_FUNDED = "contract.funded"
    CONTRACT_PAUSED = "contract.paused"
    CONTRACT_RESUMED = "contract.resumed"
    CONTRACT_COMPLETED = "contract.completed"
    CONTRACT_CANCELLED = "contract.cancelled"
    MILESTONE_PLANNED = "milestone.planned"
    MILESTONE_SUBMITTED = "milestone.submitted"
    MILESTONE_CHANGES_REQUESTED = "milestone.changes_requested"
    MILESTONE_APPROVED = "milestone.approved"
    MILESTONE_CANCELLED = "milestone.cancelled"
    BONUS_PAID = "bonus.paid"
    SESSION_STARTED = "session.running"
    SESSION_STOPPED = "session.stopped"
    SESSION_APPROVED = "session.approved"
    SESSION_DISPUTED = "session.disputed"
    SESSION_CORRECTION_ASKED = "session.correction_asked"
    SESSION_CORRECTED = "session.corrected"
    SESSION_CORRECTION_DECLINED = "session.correction_declined"
    GOLD_REGISTERED = "gold_item.registered"
    RESULT_SUBMITTED = "result.submitted"
    RESULT_ACCEPTED = "result.accepted"
    RESULT_REJECTED = "result.rejected"
    RESULT_REVERSED = "result.reversed"
    DISPUTE_OPENED = "dispute.open"
    DISPUTE_OFFERED = "dispute.offered"
    DISPUTE_SETTLED = "dispute.settled"
    DISPUTE_ESCALATED = "dispute.escalated"
    DISPUTE_OVERDUE = "dispute.overdue"
    DISPUTE_DECIDED = "dispute.decided"
    DISPUTE_WITHDRAWN = "dispute.withdrawn"
    OUTCOME_APPLIED = "outcome.applied"
    OUTCOME_RETURNED = "outcome.returned"
    RATING_GIVEN = "rating.given"
    RATING_REVEALED = "rating.revealed"
    RATING_REMOVED = "rating.removed"
    RATING_UPHELD = "rating.upheld"
    RATING_RESTORED = "rating.restored"
    REPUTATION_CHANGED = "reputation.changed"
    PAYOUT_REQUESTED = "payout.pending"
    PAYOUT_DUE = "payout.due"
    PAYOUT_WAITING = "payout.waiting"
    PAYOUT_SENT = "payout.sent"
    PAYOUT_UNKNOWN = "payout.unknown"
    PAYOUT_PAID = "payout.paid"
    PAYOUT_FAILED = "payout.failed"
    PAYOUT_APPROVED = "payout.approved"
    PAYOUT_CANCELLED = "payout.cancelled"
    PAYOUT_REVERSAL_ASKED = "payout.reversal_asked"
    PAYOUT_REVERSAL_DROPPED = "payout.reversal_dropped"
    PAYOUT_REVERSAL_UNKNOWN = "payout.reversal_unknown"
    PAYOUT_REVERSAL_REFUSED = "payout.reversal_refused"
    PAYOUT_REVERSED = "payout.reversed"
    PAYOUT_SCHEDULE_UPDATED = "payout_schedule.updated"
    PAYOUT_SCHEDULE_DUE = "payout_schedule.due"
    PAYOUT_SCHEDULE_PASSED = "payout_schedule.passed"
    CALL_ANSWERED = "call.answered"
    STRIPE_EVENT_RECEIVED = "stripe_event.received"
    RECONCILIATION_STARTED = "reconciliation.running"
    RECONCILIATION_FINISHED = "reconciliation.finished"
    AGREEMENT_PUBLISHED = "agreement.published"
    AGREEMENT_SIGNED = "agreement.signed"
    QUALIFICATION_DEFINED = "qualification.defined"
    QUALIFICATION_GRANTED = "qualification.granted"
    QUALIFICATION_REVOKED = "qualification.revoked"
    QUALIFICATION_EXPIRED = "qualification.expired"
    ATTEMPT_STARTED = "attempt.running"
    ATTEMPT_PASSED = "attempt.passed"
    ATTEMPT_FAILED = "attempt.failed"
    ATTEMPT_EXPIRED = "attempt.expired"
    DOCUMENT_ADDED = "document.pending"
    DOCUMENT_FILE_READY = "document.file_ready"
    DOCUMENT_PASSED = "document.passed"
    DOCUMENT_FAILED = "document.failed"
    DOCUMENT_EXPIRED = "document.expired"
    SCREENING_OPENED = "screening.opened"
    SCREENING_PENDING = "screening.pending"
    SCREENING_PASSED = "screening.passed"
    SCREENING_FAILED = "screening.failed"
    SCREENING_EXPIRED = "screening.expired"
    SCREENING_DUE = "screening.due"
    SCREENING_EVENT_RECEIVED = "screening_event.received"
    BREAK_RESOLVED = "exception.resolved"
    PERIOD_CLOSED = "period.closed"
    PERIOD_SUMMED_UP = "period.summed_up"
    APPEAL_OPENED = "appeal.open"
    APPEAL_ANSWERED = "appeal.answered"
    APPEAL_GRANTED = "appeal.granted"
    APPEAL_DENIED = "appeal.denied"
    SUSPENSE_POSTED = "suspense.posted"
    SUSPENSE_REVERSED = "suspense.reversed"
    MESSAGE_SENT = "message.sent"
    MESSAGES_READ = "message.read"
    ATTACHMENT_PENDING = "attachment.pending"
    ATTACHMENT_READY = "attachment.ready"
    ATTACHMENT_REFUSED = "attachment.refused"
    WEBHOOK_ENDPOINT_CREATED = "webhook_endpoint.created"
    WEBHOOK_ENDPOINT_UPDATED = "webhook_endpoint.updated"
    WEBHOOK_ENDPOINT_ENABLED = "webhook_endpoint.enabled"
    WEBHOOK_ENDPOINT_DISABLED = "webhook_endpoint.disabled"
    WEBHOOK_ENDPOINT_DELETED = "webhook_endpoint.deleted"
    WEBHOOK_ENDPOINT_ROTATED = "webhook_endpoint.secret_rotated"
    WEBHOOK_DELIVERY_PENDING = "webhook_delivery.pending"
    WEBHOOK_DELIVERY_DUE = "webhook_delivery.due"


@dataclass(frozen=True)
class Answer:
    """What a call was answered: `body` is the JSON text, byte for byte, with secrets left out. One that tells
    of a person is theirs: once it lies with its event, it opens only with the person's `salt`."""

    status: int
    body: str
    person: str = ""
    salt: str = field(default="", repr=False)


@dataclass(frozen=True)
class Cause:
    """Why a commit happens. `event_id` derives from an idempotency key or a business cause where
    `repeatable` is true; then whoever repeats the call finds the first event again. `call` is the name of
    the HTTP call's operation, such as `create_payout`."""

    event_id: str
    actor: str
    request_id: str
    at: int
    repeatable: bool = True
    input_hash: str = ""
    caused_by: str = ""
    call: str = ""


@dataclass(frozen=True)
class Event:
    """`about` names every object that this event belongs to the history of; `at` is business time,
    epoch seconds; `details` is small and JSON-shaped. `written_ms` is the machine's time of the commit,
    epoch milliseconds, known once it was read again: it orders what happened within a second."""

    id: str
    type: EventType
    at: int
    actor: str
    request_id: str
    about: tuple[str, ...]
    input_hash: str = ""
    caused_by: str = ""
    call: str = ""
    journal: Journal | None = None
    answer: Answer | None = None
    details: dict[str, Any] = field(default_factory=dict)
    written_ms: int = field(default=0, compare=False)
