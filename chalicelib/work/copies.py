"""A worker's copy of what is kept of them: each kind of object, how theirs are found, and how one is shown.

Whatever storage knows stands in COPIED or in NOT_COPIED; a test holds that.
"""

from typing import Any, Literal

from chalicelib.api.agencies import agency_view
from chalicelib.api.appeals import appeal_view
from chalicelib.api.attempts import attempt_line
from chalicelib.api.bids import bid_view
from chalicelib.api.contract_views import contract_view
from chalicelib.api.dispute_views import dispute_view
from chalicelib.api.documents import document_view
from chalicelib.api.grants import holding_view
from chalicelib.api.invitations import invitation_view
from chalicelib.api.message_views import attachment_view, message_view
from chalicelib.api.outcomes import outcome_view
from chalicelib.api.payout_accounts import payout_account_view
from chalicelib.api.payout_schedules import payout_schedule_view
from chalicelib.api.payouts import payout_view
from chalicelib.api.pool_members import pool_member_view
from chalicelib.api.ratings import rating_view, reputation_view
from chalicelib.api.referrals import referral_code_view, referral_view
from chalicelib.api.results import result_view
from chalicelib.api.screenings import screening_view
from chalicelib.api.session_reviews import evidence_view
from chalicelib.api.session_views import session_view
from chalicelib.api.signatures import signature_view
from chalicelib.api.suspensions import suspension_view
from chalicelib.api.workers import worker_view
from chalicelib.types import Instant, Model
from chalicelib.work.copying import Copied, Leg, at_this_time, plainly
from chalicelib.work.walks import (
    Found,
    Seen,
    Theirs,
    chained,
    counted,
    listed,
    lists_of,
    only,
    turned,
    with_id,
    within,
)
from marketplace.access.suspension import Suspension, suspension_id
from marketplace.appeals.appeal import Appeal
from marketplace.bidding.bid import Bid
from marketplace.bidding.invitation import Invitation
from marketplace.compliance.agreement import Signature
from marketplace.compliance.document import Document
from marketplace.compliance.holding import Attempt, Holding
from marketplace.compliance.screening import Screening
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import Milestone
from marketplace.correspondence.attachment import Attachment
from marketplace.correspondence.message import Message
from marketplace.disputes.dispute import Dispute
from marketplace.matching.track import NO_TRACK, Track
from marketplace.metering.evidence import Evidence, evidence_id
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.payouts.payout import Payout
from marketplace.payouts.schedule import PayoutSchedule, payout_schedule_id
from marketplace.people.agency import Agency, Belonging, Membership
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.people.pool_member import Alumnus, PoolMember, PoolMemberStatus
from marketplace.people.referral import Referral, ReferralCode, referral_code_id, referral_id
from marketplace.people.standing import Standing, standing_id
from marketplace.people.workers import Worker
from marketplace.reputation.rating import Rating, rating_id
from marketplace.results.result import Result
from marketplace.runtime import Runtime
from marketplace.storage import keys

Row = dict[str, Any]
WORKERS_SIDE = "worker"


class AlumnusView(Model):
    """That the worker has completed a contract of that client's."""

    id: str
    object: Literal["alumnus"] = "alumnus"
    client_id: str
    created_at: Instant


class TrackEntry(Model):
    """A contract, and how it went; `asked_basis_points` is the worker's price in parts of what was
    offered."""

    contract_id: str
    at: Instant
    asked_basis_points: int
    course: Literal["open", "ended", "completed", "left"]
    dispute_lost: bool


class TrackView(Model):
    """What matching goes by beside the profile."""

    object: Literal["track"] = "track"
    seen_at: Instant
    entries: list[TrackEntry]


class SubmissionView(Model):
    """What was handed in for a milestone or as a result."""

    id: str
    object: Literal["submission"] = "submission"
    created_at: Instant
    content: Row


CONTRACTS = listed(keys.WORKER_CONTRACTS)


def _rated_by_worker(theirs: Theirs, contract: Contract) -> Any:
    """The worker's own rating of it, if there is one."""
    given = WORKERS_SIDE in contract.rated_by
    return theirs.there(Rating, rating_id(contract.id, WORKERS_SIDE)) if given else None


RATINGS = chained(listed(keys.RATINGS_ABOUT), turned(CONTRACTS, _rated_by_worker))
"""Those about the worker that are public, and the worker's own."""
MEMBERSHIPS = chained(*(listed(keys.WORKER_POOLS, f"#{status}") for status in PoolMemberStatus))
"""Whatever the worker is, or was, in pools."""


def _agency(theirs: Theirs, membership: Membership) -> Any:
    if membership.belonging == Belonging.GONE:
        return None
    return theirs.there(Agency, membership.agency_id)


def evidence(theirs: Theirs, session: Session) -> Any:
    """What a session's phone has said, if it is kept."""
    return theirs.there(Evidence, evidence_id(session.id))


def _alumnus_view(row: Alumnus) -> AlumnusView:
    return AlumnusView(id=row.id, client_id=row.client_id, created_at=row.since)


COPIED = (
    Copied(Worker, with_id(Worker, str), plainly(worker_view)),
    Copied(Suspension, with_id(Suspension, suspension_id), plainly(suspension_view)),
    Copied(Document, listed(keys.WORKER_DOCUMENTS), plainly(document_view)),
    Copied(Signature, listed(keys.WORKER_SIGNATURES), plainly(signature_view)),
    Copied(Screening, listed(keys.WORKER_SCREENINGS), screening_view),
    Copied(Holding, listed(keys.WORKER_HOLDINGS), plainly(holding_view)),
    Copied(Attempt, listed(keys.WORKER_ATTEMPTS), plainly(attempt_line)),
    Copied(Agency, turned(listed(keys.WORKER_AGENCIES), _agency), plainly(agency_view)),
    Copied(PoolMember, MEMBERSHIPS, plainly(pool_member_view)),
    Copied(Alumnus, listed(keys.WORKER_ALUMNI), plainly(_alumnus_view)),
    Copied(ReferralCode, with_id(ReferralCode, referral_code_id), plainly(referral_code_view)),
    Copied(Referral, chained(with_id(Referral, referral_id), listed(keys.REFERRED)), plainly(referral_view)),
    Copied(Invitation, listed(keys.WORKER_INVITATIONS), plainly(invitation_view)),
    Copied(Bid, listed(keys.WORKER_BIDS), plainly(bid_view)),
    Copied(Contract, listed(keys.WORKER_CONTRACTS), plainly(contract_view)),
    Copied(Session, listed(keys.WORKER_SESSIONS), plainly(session_view)),
    Copied(Evidence, turned(listed(keys.WORKER_SESSIONS), evidence), plainly(evidence_view)),
    Copied(Result, lists_of(CONTRACTS, keys.CONTRACT_RESULTS), plainly(result_view)),
    Copied(Outcome, lists_of(CONTRACTS, keys.CONTRACT_OUTCOMES), plainly(outcome_view)),
    Copied(Dispute, lists_of(CONTRACTS, keys.CONTRACT_DISPUTES), plainly(dispute_view)),
    Copied(Message, lists_of(CONTRACTS, keys.CONTRACT_MESSAGES), plainly(message_view)),
    Copied(Attachment, lists_of(CONTRACTS, keys.CONTRACT_ATTACHMENTS), plainly(attachment_view)),
    Copied(Rating, RATINGS, plainly(rating_view)),
    Copied(Standing, with_id(Standing, standing_id), at_this_time(reputation_view)),
    Copied(Appeal, listed(keys.APPEALS_BY), plainly(appeal_view)),
    Copied(PayoutAccount, with_id(PayoutAccount, payout_account_id), at_this_time(payout_account_view)),
    Copied(PayoutSchedule, with_id(PayoutSchedule, payout_schedule_id), plainly(payout_schedule_view)),
    Copied(Payout, listed(keys.WORKER_PAYOUTS), at_this_time(payout_view)),
)

_CLIENTS = "a client's"
_MARKETS = "what a company or the market publishes; the same for everybody"
_WITHIN = "tells nothing beyond what the copy carries already"
_FINANCE = "of our account at Stripe"
NOT_COPIED: dict[str, str] = {
    "Client": _CLIENTS,
    "ApiKey": _CLIENTS,
    "Task": _CLIENTS,
    "Pool": _CLIENTS,
    "PoolCode": _CLIENTS,
    "TopUp": _CLIENTS,
    "Refund": _CLIENTS,
    "Chargeback": _CLIENTS,
    "TakenHold": "what a chargeback took of a contract, which shows it",
    "GoldItem": _CLIENTS,
    "Endpoint": _CLIENTS,
    "Register": _CLIENTS,
    "Delivery": "what a client was told of objects that the copy carries",
    "FeeSchedule": _MARKETS,
    "FeeCalendar": _MARKETS,
    "Agreement": _MARKETS,
    "AgreementText": _MARKETS,
    "Qualification": _MARKETS,
    "Exam": "its questions stay secret",
    "Identity": "a digest of the sign-in",
    "Named": _WITHIN,
    "Membership": _WITHIN,
    "CodeOwner": _WITHIN,
    "Billing": "sums of contracts",
    "WorkerClock": _WITHIN,
    "Ballot": "digests of results",
    "ReadMarks": "how far messages were read, by ids",
    "Export": "is the copy",
    "ExportPart": "is the copy",
    "Erasure": "a wish that comes after the copy, and has a page of its own",
    "Reconciliation": _FINANCE,
    "Break": _FINANCE,
    "SuspenseEntry": _FINANCE,
    "Books": "closed months",
    "Sighting": _FINANCE,
    "Watch": _FINANCE,
    "Entering": _FINANCE,
    "ExportFile": _FINANCE,
    "Period": "closed months",
}
"""Kinds that the copy leaves out, and why."""


def _track(theirs: Theirs) -> Track | None:
    track = theirs.runtime.reads.track(theirs.id)
    return None if track == NO_TRACK else track


def _track_view(track: Track) -> TrackView:
    told = [
        TrackEntry(
            contract_id=entry.contract_id,
            at=entry.at,
            asked_basis_points=entry.asked,
            course=entry.course.name.lower(),  # type: ignore[arg-type]  # the names are those
            dispute_lost=entry.lost,
        )
        for entry in track.entries
    ]
    return TrackView(seen_at=track.seen_at, entries=told)


def submissions(contracts: Found) -> tuple[Leg, ...]:
    """The texts that lie with events, beside the milestones and results of these contracts."""
    results = lists_of(contracts, keys.CONTRACT_RESULTS)
    return Leg(within(contracts, _milestones), _submission), Leg(results, _submission)


def _milestones(_: Theirs, contract: Contract, after: str) -> Seen:
    return counted(contract.milestones, after)


def _submission(row: Milestone | Result, runtime: Runtime) -> SubmissionView | None:
    event = runtime.store.event(row.submission) if row.submission else None
    if event is None:
        return None
    content = {name: value for name, value in event.details.items() if name != "ballot"}
    return SubmissionView(id=row.id, created_at=event.at, content=content)


LEGS = (*COPIED, *submissions(CONTRACTS), Leg(only(_track), plainly(_track_view)))
"""All that the copy is made of, in its order."""
