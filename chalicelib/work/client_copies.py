"""A client's copy of what is kept of it: each kind of object, how its are found, and how one is shown.

It carries what the API shows the client of its own, and of workers no more than that. Whatever storage knows
stands in COPIED or in NOT_COPIED; a test holds that.
"""

from typing import Any

from chalicelib.api.agreements import agreement_view
from chalicelib.api.appeals import appeal_view
from chalicelib.api.bids import bid_view
from chalicelib.api.chargebacks import chargeback_view
from chalicelib.api.clients import ApiKeyView, ClientView, client_fields, key_fields
from chalicelib.api.contract_views import contract_view
from chalicelib.api.dispute_views import dispute_view
from chalicelib.api.grants import holding_view
from chalicelib.api.invitations import invitation_view
from chalicelib.api.message_views import attachment_view, message_view
from chalicelib.api.outcomes import outcome_view
from chalicelib.api.pool_members import pool_member_view
from chalicelib.api.pools import own_pool_view
from chalicelib.api.qualifications import ExamView, exam_view, qualification_view
from chalicelib.api.ratings import rating_view, reputation_view
from chalicelib.api.refunds import refund_view
from chalicelib.api.result_reviews import gold_item_view
from chalicelib.api.results import result_view
from chalicelib.api.session_reviews import evidence_view
from chalicelib.api.session_views import session_view
from chalicelib.api.signatures import signature_view
from chalicelib.api.statements import WalletEntry, entries_of
from chalicelib.api.suspensions import suspension_view
from chalicelib.api.task_views import task_view
from chalicelib.api.wallet import top_up_view
from chalicelib.api.webhook_views import delivery_view, endpoint_view
from chalicelib.work.copies import evidence, submissions
from chalicelib.work.copying import Copied, Leg, at_this_time, plainly
from chalicelib.work.walks import PAGE, Seen, Theirs, chained, listed, lists_of, turned, with_id
from marketplace.access.clients import ApiKey, Client
from marketplace.access.suspension import Suspension, suspension_id
from marketplace.appeals.appeal import Appeal
from marketplace.bidding.bid import Bid
from marketplace.bidding.invitation import Invitation
from marketplace.compliance.agreement import AgreementText, Signature
from marketplace.compliance.holding import Holding
from marketplace.compliance.qualification import Exam, Qualification, exam_id
from marketplace.contracts.contract import Contract
from marketplace.correspondence.attachment import Attachment
from marketplace.correspondence.message import Message
from marketplace.disputes.dispute import Dispute
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.refund import Refund
from marketplace.funding.top_up import TopUp
from marketplace.metering.evidence import Evidence
from marketplace.metering.session import Session
from marketplace.notifications.delivery import Delivery
from marketplace.notifications.endpoint import Endpoint
from marketplace.outcomes.outcome import Outcome
from marketplace.people.pool import Pool
from marketplace.people.pool_member import PoolMember, PoolMemberStatus
from marketplace.people.standing import Standing, standing_id
from marketplace.reputation.rating import Rating, rating_id
from marketplace.results.gold import GoldItem
from marketplace.results.result import Result
from marketplace.runtime import Runtime
from marketplace.shared.accounts import wallet
from marketplace.storage import keys
from marketplace.work.task import Task

CLIENTS_SIDE = "client"
CONTRACTS = listed(keys.CLIENT_CONTRACTS)
TASKS = listed(keys.CLIENT_TASKS)
POOLS = listed(keys.CLIENT_POOLS)
QUALIFICATIONS = listed(keys.QUALIFICATIONS)
AGREEMENTS = listed(keys.AGREEMENTS)
ENDPOINTS = listed(keys.CLIENT_ENDPOINTS)
SESSIONS = listed(keys.CLIENT_SESSIONS)


def _client_view(client: Client) -> ClientView:
    return ClientView(**client_fields(client))


def _key_view(key: ApiKey, runtime: Runtime) -> ApiKeyView:
    return ApiKeyView(**key_fields(key, runtime.clock.now()))


def _exam(theirs: Theirs, qualification: Qualification) -> tuple[Qualification, Exam] | None:
    terms = qualification.exam
    exam = theirs.there(Exam, exam_id(qualification.id, terms.version)) if terms else None
    return (qualification, exam) if exam else None


def _exam_view(found: tuple[Qualification, Exam]) -> ExamView:
    qualification, exam = found
    assert qualification.exam is not None
    return exam_view(qualification.id, qualification.exam, exam)


def _rated_by_client(theirs: Theirs, contract: Contract) -> Any:
    """The client's own rating of it, if there is one."""
    given = CLIENTS_SIDE in contract.rated_by
    return theirs.there(Rating, rating_id(contract.id, CLIENTS_SIDE)) if given else None


def _wallet(theirs: Theirs, after: str) -> Seen:
    """The statement of its wallet, line by line."""
    account, before = wallet(theirs.id), after or None
    while True:
        lines, before = theirs.runtime.reads.statement(account, limit=PAGE, before=before)
        entries = entries_of(account, lines, from_the_beginning=False)
        yield from ((line.position, entry) for line, entry in zip(lines, entries, strict=True))
        if before is None:
            return


def _as_it_is(entry: WalletEntry) -> WalletEntry:
    return entry


COPIED = (
    Copied(Client, with_id(Client, str), plainly(_client_view)),
    Copied(Suspension, with_id(Suspension, suspension_id), plainly(suspension_view)),
    Copied(ApiKey, listed(keys.CLIENT_KEYS), _key_view),
    Copied(Task, TASKS, plainly(task_view)),
    Copied(Invitation, lists_of(TASKS, keys.TASK_INVITATIONS), plainly(invitation_view)),
    Copied(GoldItem, lists_of(TASKS, keys.TASK_GOLD), plainly(gold_item_view)),
    Copied(Bid, listed(keys.CLIENT_BIDS), plainly(bid_view)),
    Copied(Pool, POOLS, plainly(own_pool_view)),
    Copied(
        PoolMember,
        chained(*(lists_of(POOLS, keys.POOL_MEMBERS, f"#{status}") for status in PoolMemberStatus)),
        plainly(pool_member_view),
    ),
    Copied(AgreementText, lists_of(AGREEMENTS, keys.AGREEMENT_VERSIONS), plainly(agreement_view)),
    Copied(Signature, lists_of(AGREEMENTS, keys.AGREEMENT_SIGNATURES), plainly(signature_view)),
    Copied(Qualification, QUALIFICATIONS, plainly(qualification_view)),
    Copied(Exam, turned(QUALIFICATIONS, _exam), plainly(_exam_view)),
    Copied(Holding, lists_of(QUALIFICATIONS, keys.QUALIFICATION_HOLDINGS), plainly(holding_view)),
    Copied(Contract, CONTRACTS, plainly(contract_view)),
    Copied(Session, SESSIONS, plainly(session_view)),
    Copied(Evidence, turned(SESSIONS, evidence), plainly(evidence_view)),
    Copied(Result, lists_of(CONTRACTS, keys.CONTRACT_RESULTS), plainly(result_view)),
    Copied(Outcome, lists_of(CONTRACTS, keys.CONTRACT_OUTCOMES), plainly(outcome_view)),
    Copied(Dispute, lists_of(CONTRACTS, keys.CONTRACT_DISPUTES), plainly(dispute_view)),
    Copied(Message, lists_of(CONTRACTS, keys.CONTRACT_MESSAGES), plainly(message_view)),
    Copied(Attachment, lists_of(CONTRACTS, keys.CONTRACT_ATTACHMENTS), plainly(attachment_view)),
    Copied(
        Rating,
        chained(listed(keys.RATINGS_ABOUT), turned(CONTRACTS, _rated_by_client)),
        plainly(rating_view),
    ),
    Copied(Standing, with_id(Standing, standing_id), at_this_time(reputation_view)),
    Copied(Appeal, chained(listed(keys.APPEALS_BY), listed(keys.APPEALS_AGAINST)), plainly(appeal_view)),
    Copied(TopUp, listed(keys.CLIENT_TOP_UPS), plainly(top_up_view)),
    Copied(Refund, listed(keys.CLIENT_REFUNDS), plainly(refund_view)),
    Copied(Chargeback, listed(keys.CLIENT_CHARGEBACKS), plainly(chargeback_view)),
    Copied(Endpoint, ENDPOINTS, plainly(endpoint_view)),
    Copied(Delivery, lists_of(ENDPOINTS, keys.ENDPOINT_DELIVERIES), plainly(delivery_view)),
)

_WORKERS = "a worker's, and the API shows the client nothing of it"
_PLATFORMS = "the platform's; the same for everybody"
_WITHIN = "tells nothing beyond what the copy carries already"
NOT_COPIED: dict[str, str] = {
    "Worker": "somebody else's: the profile is for anyone signed in to see, and for the worker to have",
    "Identity": _WORKERS,
    "Document": _WORKERS,
    "Screening": _WORKERS,
    "Attempt": _WORKERS,
    "Agency": _WORKERS,
    "Membership": _WORKERS,
    "ReferralCode": _WORKERS,
    "CodeOwner": _WORKERS,
    "Referral": _WORKERS,
    "PayoutAccount": _WORKERS,
    "PayoutSchedule": _WORKERS,
    "Payout": _WORKERS,
    "WorkerClock": _WORKERS,
    "Agreement": "each of its versions is there",
    "PoolCode": "the pool shows it",
    "Alumnus": "that a contract was completed, which is there",
    "TakenHold": "what a chargeback took of a contract, which shows it",
    "Register": _WITHIN,
    "Named": _WITHIN,
    "Billing": "sums of contracts",
    "Ballot": "digests of results",
    "ReadMarks": "how far messages were read, by ids",
    "FeeSchedule": _PLATFORMS,
    "FeeCalendar": _PLATFORMS,
    "Export": "is the copy",
    "ExportPart": "is the copy",
    "Erasure": "a wish that comes after the copy",
    "Reconciliation": _PLATFORMS,
    "Break": _PLATFORMS,
    "SuspenseEntry": _PLATFORMS,
    "Books": _PLATFORMS,
    "Sighting": _PLATFORMS,
    "Watch": _PLATFORMS,
    "Entering": _PLATFORMS,
    "ExportFile": _PLATFORMS,
    "Period": _PLATFORMS,
}
"""Kinds that the copy leaves out, and why."""

LEGS = (*COPIED, *submissions(CONTRACTS), Leg(_wallet, plainly(_as_it_is)))
"""All that the copy is made of, in its order."""
