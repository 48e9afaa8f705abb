"""What both sides say to a session's minutes: approval, dispute, correction."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.minute_pay import ClassName
from chalicelib.api.session_views import MinutesCode, SessionView, session_view
from chalicelib.api.sessions import on_time, session_id_of, visible_session
from chalicelib.api.workers import own_worker_id
from chalicelib.http import BOTH_SIDES, CLIENT, WORKER, Call, NoBody, Reply, Routes
from chalicelib.types import Given, Instant, Model, Prose
from marketplace.metering import corrections, reviews
from marketplace.metering.corrections import AcceptCorrection, AskCorrection, DeclineCorrection
from marketplace.metering.evidence import Evidence, evidence_id
from marketplace.metering.reviews import ApproveSession, DisputeSession
from marketplace.work.minute_terms import MinuteClass
from marketplace.work.rejection import NOT_CORRECTED_WORDS, RejectionCode

SECONDS_MAX = 366 * 86_400
REASON_MAX = 1_000

routes = Routes()

Reason = Annotated[Prose, Field(min_length=1, max_length=REASON_MAX)]


class NewSessionDispute(Model):
    """How many billable seconds, from the first one, the client accepts, fewer than there are, and why not
    more."""

    reason: Reason
    reason_code: MinutesCode = "other"
    seconds: Annotated[int, Field(ge=0, le=SECONDS_MAX)]


class NewCorrection(Model):
    """Seconds of work after the session's end that the phone could not prove in time, all of one class."""

    seconds: Annotated[int, Field(ge=1, le=SECONDS_MAX)]
    reason: Reason
    name: Annotated[ClassName | None, Given, Field(alias="class")] = None


class DecliningCorrection(Model):
    """Why the worker is told no; the worker reads both."""

    reason_code: MinutesCode = "other"
    reason: Reason = NOT_CORRECTED_WORDS


class SpanView(Model):
    """Heartbeats close enough together to prove the time between them."""

    started_at: Instant
    ended_at: Instant
    heartbeats: int


class EvidenceView(Model):
    """Heartbeats that came after the session's end."""

    session_id: str
    object: Literal["evidence"] = "evidence"
    seconds: int
    spans: list[SpanView]


@routes.add(
    "POST",
    "/v1/sessions/{session_id}/approve",
    who=CLIENT,
    scope="money",
    answer=SessionView,
    key_required=True,
)
def approve_session(call: Call[NoBody]) -> Reply:
    """Pays the minutes, or what a dispute left of them."""
    command = ApproveSession(session_id_of(call), call.principal.id)
    return on_time(call, lambda tx: reviews.approve_session(command, tx))


@routes.add(
    "POST",
    "/v1/sessions/{session_id}/dispute",
    who=CLIENT,
    scope="money",
    body=NewSessionDispute,
    answer=SessionView,
)
def dispute_session(call: Call[NewSessionDispute]) -> Reply:
    """Pays the seconds that the client accepts; the rest stays held."""
    body, code = call.body, RejectionCode(call.body.reason_code)
    command = DisputeSession(session_id_of(call), call.principal.id, body.seconds, body.reason, code)
    return on_time(call, lambda tx: reviews.dispute_session(command, tx))


@routes.add(
    "POST",
    "/v1/sessions/{session_id}/correction",
    who=WORKER,
    body=NewCorrection,
    answer=SessionView,
    open_to_suspended=True,
)
def ask_correction(call: Call[NewCorrection]) -> Reply:
    """Asks for minutes after the session's end that the phone could not prove in time."""
    body = call.body
    name = MinuteClass(body.name) if body.name else None
    command = AskCorrection(session_id_of(call), own_worker_id(call), body.seconds, body.reason, name)
    return on_time(call, lambda tx: corrections.ask_correction(command, tx))


@routes.add(
    "POST", "/v1/sessions/{session_id}/correction/accept", who=CLIENT, scope="money", answer=SessionView
)
def accept_correction(call: Call[NoBody]) -> Reply:
    """Pays the session with the minutes asked for."""
    command = AcceptCorrection(session_id_of(call), call.principal.id)
    return call.commit(lambda tx: corrections.accept_correction(command, tx), session_view)


@routes.add(
    "POST",
    "/v1/sessions/{session_id}/correction/decline",
    who=CLIENT,
    scope="work",
    body=DecliningCorrection,
    answer=SessionView,
)
def decline_correction(call: Call[DecliningCorrection]) -> Reply:
    """Leaves the session as it was, and says why."""
    code = RejectionCode(call.body.reason_code)
    command = DeclineCorrection(session_id_of(call), call.principal.id, code, call.body.reason)
    return call.commit(lambda tx: corrections.decline_correction(command, tx), session_view)


@routes.add(
    "GET", "/v1/sessions/{session_id}/evidence", who=BOTH_SIDES, answer=EvidenceView, open_to_suspended=True
)
def get_evidence(call: Call[Any]) -> Reply:
    """The heartbeats that came after the session's end."""
    session = visible_session(call)
    found = call.runtime.store.read(Evidence, evidence_id(session.id))
    return Reply(evidence_view(found[0] if found else Evidence(evidence_id(session.id), session.id)))


def evidence_view(evidence: Evidence) -> EvidenceView:
    """Kept heartbeats for an answer."""
    spans = [
        SpanView(started_at=span.started_at, ended_at=span.ended_at, heartbeats=span.heartbeats)
        for span in evidence.spans
    ]
    return EvidenceView(session_id=evidence.session_id, seconds=evidence.seconds, spans=spans)
