"""A worker's copy of what is kept of them: each kind of object, how theirs are found, and how one is shown.

Whatever storage knows stands in COPIED or in NOT_COPIED; a test holds that.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Literal

from pydantic import BaseModel

from chalicelib.api.agencies import agency_view
from chalicelib.api.appeals import appeal_view
from chalicelib.api.attempts import attempt_line
from chalicelib.api.bids import bid_view
from chalicelib.api.contract_views import contract_view
from chalicelib.api.disputes import dispute_view
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
from marketplace.access.suspension import Suspension, suspension_id
from marketplace.appeals.appeal import Appeal
from marketplace.bidding.bid import Bid
from marketplace.bidding.invitation import Invitation
from marketplace.compliance.agreement import Signature
from marketplace.compliance.document import Document
from marketplace.compliance.holding import Attempt, Holding
from marketplace.compliance.screening import Screening
from marketplace.contracts.contract import Contract
from marketplace.correspondence.attachment import Attachment
from marketplace.correspondence.message import Message
from marketplace.disputes.dispute import Dispute
from marketplace.matching.track import NO_TRACK, Track
from marketplace.metering.evidence import Evidence, evidence_id
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.payouts.payout import Payout
from marketplace.payouts.schedule import PayoutSchedule, payout_schedule_id
from marketplace.people.agency import Agency, Belonging
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.people.pool_member import Alumnus, PoolMember, PoolMemberStatus
from marketplace.people.referral import Referral, ReferralCode, referral_code_id, referral_id
from marketplace.people.standing import Standing, standing_id
from marketplace.people.workers import Worker
from marketplace.reputation.rating import Rating, rating_id
from marketplace.results.result import Result
from marketplace.runtime import Runtime
from marketplace.storage import keys
from marketplace.storage.keys import Listing

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


@dataclass(frozen=True)
class Theirs:
    """Where what is a worker's is found."""

    runtime: Runtime
    worker_id: str

    @cached_property
    def contracts(self) -> list[Contract]:
        """All of theirs; much else is found by them."""
        return list(self.runtime.reads.every(keys.WORKER_CONTRACTS, self.worker_id))

    def every(self, listing: Listing[Any], key: str = "") -> Iterator[Any]:
        """Those in the worker's list, or in that of another key."""
        return self.runtime.reads.every(listing, key or self.worker_id)

    def there(self, kind: type[Any], identifier: str) -> list[Any]:
        """The one of that id, if there is one."""
        found = self.runtime.store.read(kind, identifier)
        return [] if found is None else [found[0]]


Found = Callable[[Theirs], Iterable[Any]]
"""A worker's objects of one kind."""


@dataclass(frozen=True)
class Copied:
    """A kind of object that the copy carries."""

    kind: type[Any]
    found: Found
    shown: Callable[[Any, Runtime], BaseModel]


def listed(listing: Listing[Any]) -> Found:
    """Those in the worker's list."""
    return lambda theirs: theirs.every(listing)


def only(kind: type[Any], id_of: Callable[[str], str]) -> Found:
    """The one whose id derives from the worker's, if it is there."""
    return lambda theirs: theirs.there(kind, id_of(theirs.worker_id))


def of_contracts(listing: Listing[Any]) -> Found:
    """Those in the lists of the worker's contracts."""
    return lambda theirs: chain.from_iterable(theirs.every(listing, one.id) for one in theirs.contracts)


def ratings(theirs: Theirs) -> Iterator[Rating]:
    """Those about the worker that are public, and the worker's own."""
    yield from theirs.every(keys.RATINGS_ABOUT)
    for contract in theirs.contracts:
        if WORKERS_SIDE in contract.rated_by:
            yield from theirs.there(Rating, rating_id(contract.id, WORKERS_SIDE))


def members(theirs: Theirs) -> Iterator[PoolMember]:
    """Whatever the worker is, or was, in pools."""
    for status in PoolMemberStatus:
        yield from theirs.every(keys.WORKER_POOLS, f"{theirs.worker_id}#{status}")


def _agencies(theirs: Theirs) -> Iterator[Agency]:
    for membership in theirs.every(keys.WORKER_AGENCIES):
        if membership.belonging != Belonging.GONE:
            yield from theirs.there(Agency, membership.agency_id)


def _evidence(theirs: Theirs) -> Iterator[Evidence]:
    for session_id in theirs.runtime.reads.ids(keys.WORKER_SESSIONS, theirs.worker_id):
        yield from theirs.there(Evidence, evidence_id(session_id))


def _referrals(theirs: Theirs) -> Iterable[Referral]:
    own = theirs.there(Referral, referral_id(theirs.worker_id))
    return chain(own, theirs.every(keys.REFERRED))


def _plainly(view: Callable[[Any], BaseModel]) -> Callable[[Any, Runtime], BaseModel]:
    return lambda one, _: view(one)


def _at_this_time(view: Callable[[Any, int], BaseModel]) -> Callable[[Any, Runtime], BaseModel]:
    return lambda one, runtime: view(one, runtime.clock.now())


def _alumnus_view(row: Alumnus) -> AlumnusView:
    return AlumnusView(id=row.id, client_id=row.client_id, created_at=row.since)


COPIED = (
    Copied(Worker, only(Worker, str), _plainly(worker_view)),
    Copied(Suspension, only(Suspension, suspension_id), _plainly(suspension_view)),
    Copied(Document, listed(keys.WORKER_DOCUMENTS), _plainly(document_view)),
    Copied(Signature, listed(keys.WORKER_SIGNATURES), _plainly(signature_view)),
    Copied(Screening, listed(keys.WORKER_SCREENINGS), screening_view),
    Copied(Holding, listed(keys.WORKER_HOLDINGS), _plainly(holding_view)),
    Copied(Attempt, listed(keys.WORKER_ATTEMPTS), _plainly(attempt_line)),
    Copied(Agency, _agencies, _plainly(agency_view)),
    Copied(PoolMember, members, _plainly(pool_member_view)),
    Copied(Alumnus, listed(keys.WORKER_ALUMNI), _plainly(_alumnus_view)),
    Copied(ReferralCode, only(ReferralCode, referral_code_id), _plainly(referral_code_view)),
    Copied(Referral, _referrals, _plainly(referral_view)),
    Copied(Invitation, listed(keys.WORKER_INVITATIONS), _plainly(invitation_view)),
    Copied(Bid, listed(keys.WORKER_BIDS), _plainly(bid_view)),
    Copied(Contract, listed(keys.WORKER_CONTRACTS), _plainly(contract_view)),
    Copied(Session, listed(keys.WORKER_SESSIONS), _plainly(session_view)),
    Copied(Evidence, _evidence, _plainly(evidence_view)),
    Copied(Result, of_contracts(keys.CONTRACT_RESULTS), _plainly(result_view)),
    Copied(Outcome, of_contracts(keys.CONTRACT_OUTCOMES), _plainly(outcome_view)),
    Copied(Dispute, of_contracts(keys.CONTRACT_DISPUTES), _plainly(dispute_view)),
    Copied(Message, of_contracts(keys.CONTRACT_MESSAGES), _plainly(message_view)),
    Copied(Attachment, of_contracts(keys.CONTRACT_ATTACHMENTS), _plainly(attachment_view)),
    Copied(Rating, ratings, _plainly(rating_view)),
    Copied(Standing, only(Standing, standing_id), _at_this_time(reputation_view)),
    Copied(Appeal, listed(keys.APPEALS_BY), _plainly(appeal_view)),
    Copied(PayoutAccount, only(PayoutAccount, payout_account_id), _at_this_time(payout_account_view)),
    Copied(PayoutSchedule, only(PayoutSchedule, payout_schedule_id), _plainly(payout_schedule_view)),
    Copied(Payout, listed(keys.WORKER_PAYOUTS), _at_this_time(payout_view)),
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
    "Entering": _FINANCE,
    "ExportFile": _FINANCE,
    "Period": "closed months",
}
"""Kinds that the copy leaves out, and why."""


def rows(runtime: Runtime, worker_id: str) -> Iterator[Row]:
    """Everything that is kept of the worker, as the API shows it."""
    theirs = Theirs(runtime, worker_id)
    for copied in COPIED:
        for one in copied.found(theirs):
            yield copied.shown(one, runtime).model_dump(mode="json", by_alias=True)
    for contract in theirs.contracts:
        yield from (view.model_dump(mode="json") for view in _submissions(theirs, contract))
    track = runtime.reads.track(worker_id)
    if track != NO_TRACK:
        yield _track_view(track).model_dump(mode="json")


def _submissions(theirs: Theirs, contract: Contract) -> Iterator[SubmissionView]:
    """The texts that lie with events, beside milestones and results."""
    handed_in = {row.id: row.submission for row in contract.milestones if row.submission}
    if contract.results is not None:
        handed_in |= {row.id: row.submission for row in theirs.every(keys.CONTRACT_RESULTS, contract.id)}
    for identifier, event_id in handed_in.items():
        event = theirs.runtime.store.event(event_id)
        if event is not None:
            content = {name: value for name, value in event.details.items() if name != "ballot"}
            yield SubmissionView(id=identifier, created_at=event.at, content=content)


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


def parts(runtime: Runtime, worker_id: str, *, characters: int, rows_max: int) -> Iterator[str]:
    """The rows as JSON texts of at most so many characters and rows each; an oversize row is alone."""
    part: list[str] = []
    size = 0
    for row in rows(runtime, worker_id):
        text = json.dumps(row)
        if part and (size + len(text) > characters or len(part) == rows_max):
            yield f"[{', '.join(part)}]"
            part, size = [], 0
        part.append(text)
        size += len(text)
    yield f"[{', '.join(part)}]"
