"""Sessions for answers."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.api.contract_views import ContestView, contest_view
from chalicelib.api.minute_pay import ClassName
from chalicelib.types import Instant, Model, Sum
from marketplace.contracts.contest import lives
from marketplace.metering.claims import Correction, Dispute
from marketplace.metering.session import HEARTBEAT_SECONDS, SILENCE_SECONDS, Session
from marketplace.shared import money
from marketplace.work.minute_terms import MinuteClass

Status = Literal["running", "stopped", "approved", "disputed", "corrected"]
MinutesCode = Literal["not_worked", "quality", "incomplete", "instructions", "late", "other"]


class SessionDisputeView(Model):
    """The first seconds, which the client accepted; the rest stays held."""

    seconds: int
    reason_code: MinutesCode
    reason: str


class TurnedDownView(Model):
    """Why the client has not accepted."""

    reason_code: MinutesCode
    reason: str
    declined_at: Instant


class CorrectionView(Model):
    """What the worker asked for; `class` is null where none was said, `declined` says why the client did not
    accept."""

    model_config = ConfigDict(serialize_by_alias=True)

    seconds: int
    name: Annotated[ClassName | None, Field(serialization_alias="class")]
    reason: str
    status: Literal["asked", "accepted", "declined"]
    declined: TurnedDownView | None
    asked_at: Instant


class ClassSecondsView(Model):
    """Billable seconds of each class, and of none; what rounding up adds is of the class that was last."""

    talk: int
    hold: int
    wrap: int
    wait: int
    unclassed: int


class SessionView(Model):
    """A session; `amount` and `paid` are gross of the fee. While it runs, `billable_seconds` and `amount`
    are what is proven so far, and `limit_at` is when the hold or a cap will be used up if the class goes on.
    The first `prepaid_seconds` were billed already, as what rounding up added to the session before;
    `minimum_pay` is its floor; `classes` is null where all minutes are paid alike."""

    id: str
    object: Literal["session"] = "session"
    contract_id: str
    worker_id: str
    status: Status
    started_at: Instant
    ended_at: Instant | None
    last_proven_at: Instant
    limit_at: Instant
    billable_seconds: int
    prepaid_seconds: int
    classes: ClassSecondsView | None
    minimum_pay: Sum | None
    amount: Sum
    paid: Sum
    end_reason: Literal["worker", "silence", "hold", "cap"] | None
    review_ends_at: Instant | None
    dispute: SessionDisputeView | None
    correction: CorrectionView | None
    contest: ContestView | None
    heartbeat_seconds: int
    silence_seconds: int
    created_at: Instant


def session_view(session: Session) -> SessionView:
    """A session for an answer."""
    dispute = session.dispute
    return SessionView(
        id=session.id,
        contract_id=session.contract_id,
        worker_id=session.worker_id,
        status=session.status.value,
        started_at=session.started_at,
        ended_at=session.ended_at,
        last_proven_at=session.last_proven_at,
        limit_at=session.limit_at,
        billable_seconds=session.billable_seconds,
        prepaid_seconds=session.terms.billed_from,
        classes=_classes_view(session) if session.terms.classes else None,
        minimum_pay=_sum(session.terms.floor, session) if session.terms.floor else None,
        amount=_sum(session.gross, session),
        paid=_sum(session.paid, session),
        end_reason=session.end_reason.value if session.end_reason else None,
        review_ends_at=None if lives(session.contest) else session.review_ends_at,
        dispute=_dispute_view(dispute) if dispute else None,
        correction=_correction_view(session.correction) if session.correction else None,
        contest=contest_view(session.contest),
        heartbeat_seconds=HEARTBEAT_SECONDS,
        silence_seconds=SILENCE_SECONDS,
        created_at=session.started_at,
    )


def _dispute_view(dispute: Dispute) -> SessionDisputeView:
    code: Any = dispute.code.value if dispute.code else "other"
    return SessionDisputeView(seconds=dispute.seconds, reason_code=code, reason=dispute.reason)


def _turned_down_view(why: Any) -> TurnedDownView:
    return TurnedDownView(reason_code=why.code.value, reason=why.reason, declined_at=why.at)


def _correction_view(correction: Correction) -> CorrectionView:
    why = correction.turned_down
    return CorrectionView(
        declined=_turned_down_view(why) if why else None,
        seconds=correction.seconds,
        name=correction.name.value if correction.name else None,
        reason=correction.reason,
        status=correction.status.value,
        asked_at=correction.asked_at,
    )


def _classes_view(session: Session) -> ClassSecondsView:
    found = session.by_class
    named = {name.value: found[name] for name in MinuteClass}
    return ClassSecondsView(**named, unclassed=found[None])


def _sum(amount: int, session: Session) -> Sum:
    return Sum.of(money.Money(amount, session.currency))
