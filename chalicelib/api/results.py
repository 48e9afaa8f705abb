"""Results: what a worker hands in and what the client says to it."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue

from chalicelib.api.attachments import AttachmentId, require_referable
from chalicelib.api.contract_access import visible_contract, visible_part
from chalicelib.api.contract_views import ContestView, contest_view
from chalicelib.api.workers import own_worker_id
from chalicelib.http import BOTH_SIDES, CLIENT, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Line, Model, Money, Prose
from marketplace.correspondence.message import ATTACHMENTS_MAX
from marketplace.results import reversal, use_cases
from marketplace.results.answers import canonical
from marketplace.results.result import Result, ResultStatus
from marketplace.results.reversal import ReverseResult
from marketplace.results.use_cases import AcceptResult, RejectResult, SubmitResult
from marketplace.storage.keys import CONTRACT_RESULTS, RESULTS_IN_REVIEW
from marketplace.work.rejection import RejectionCode

PAYLOAD_BYTES_MAX = 16 * 1024
REASON_MAX = 1_000

routes = Routes()

ReasonCode = Literal["quality", "incomplete", "instructions", "duplicate", "late", "other"]

Status = Literal["submitted", "accepted", "rejected", "reversed"]


def _bounded(payload: dict[str, Any]) -> dict[str, Any]:
    if len(canonical(payload).encode()) > PAYLOAD_BYTES_MAX:
        raise ValueError(f"must have at most {PAYLOAD_BYTES_MAX} bytes as JSON")
    return payload


Payload = Annotated[dict[str, JsonValue], AfterValidator(_bounded)]


class NewResult(Model):
    """A piece of work; `external_id` is the client's name of the item it answers, `attachments` are ids of
    confirmed files of the contract."""

    payload: Payload
    external_id: Line | None = None
    attachments: Annotated[list[AttachmentId], Field(max_length=ATTACHMENTS_MAX)] = []


class ResultReason(Model):
    """Why the result is not paid, or not any more: a word for counting, and words for the worker."""

    reason_code: ReasonCode = "other"
    reason: Annotated[Prose, Field(min_length=1, max_length=REASON_MAX)]


class ResultView(Model):
    """A result; `amount` is gross of the fee. Silence accepts it at `review_ends_at`, unless a contest
    decides; an acceptance can be reversed before `reversible_until`."""

    id: str
    object: Literal["result"] = "result"
    contract_id: str
    task_id: str
    external_id: str | None
    status: Status
    reason: str | None
    reason_code: ReasonCode | Literal["gold_mismatch", "no_agreement", "contract_cancelled"] | None
    amount: Money
    submitted_at: Instant
    review_ends_at: Instant
    answered_at: Instant | None
    reversible_until: Instant | None
    reversed_at: Instant | None
    contest: ContestView | None
    created_at: Instant


class ResultDetail(ResultView):
    """A result with what was handed in."""

    payload: dict[str, JsonValue]
    attachments: list[str]


class ResultQuery(PageQuery):
    """Filter of the result list."""

    status: Status | None = None

    def keeps(self, result: Result) -> bool:
        """Whether the result passes the filter."""
        return self.status in (None, result.status)


def result_view(result: Result) -> ResultView:
    """A result for an answer."""
    return ResultView(
        id=result.id,
        contract_id=result.contract_id,
        task_id=result.task_id,
        external_id=result.external_id,
        status=result.status.value,
        reason=result.reason,
        reason_code=_code(result),
        amount=Money.of(result.price),
        submitted_at=result.submitted_at,
        review_ends_at=result.review_ends_at,
        answered_at=result.answered_at,
        reversible_until=result.reversible_until,
        reversed_at=result.reversed_at,
        contest=contest_view(result.contest),
        created_at=result.submitted_at,
    )


@routes.add(
    "POST", "/v1/contracts/{contract_id}/results", who=WORKER, body=NewResult, answer=ResultView, status=201
)
def submit_result(call: Call[NewResult]) -> Reply:
    """Hands a result in; its price is set aside until it is accepted or rejected."""
    require_referable(call, call.body.attachments)
    command = SubmitResult(
        contract_id=call.id("contract_id", "con"),
        worker_id=own_worker_id(call),
        position=call.runtime.new_id("res"),
        payload=call.body.payload,
        external_id=call.body.external_id,
        attachments=tuple(call.body.attachments),
    )
    return call.commit(lambda tx: use_cases.submit_result(command, tx), result_view)


@routes.add(
    "GET",
    "/v1/contracts/{contract_id}/results",
    who=BOTH_SIDES,
    query=ResultQuery,
    answer=Page,
    row=ResultView,
    open_to_suspended=True,
)
def list_contract_results(call: Call[Any]) -> Reply:
    """The results of one contract of the caller's; `status=submitted` are those that wait for the client."""
    waiting = call.query.status == ResultStatus.SUBMITTED
    listing = RESULTS_IN_REVIEW if waiting else CONTRACT_RESULTS
    return call.page(listing, visible_contract(call).id, result_view, call.query.keeps)


@routes.add("GET", "/v1/results/{result_id}", who=BOTH_SIDES, answer=ResultDetail, open_to_suspended=True)
def get_result(call: Call[Any]) -> Reply:
    """One result of the caller's, with what was handed in."""
    result = visible_part(call, call.get(Result, _result_id(call)))
    event = call.runtime.store.event(result.submission)
    if event is None:
        raise LookupError(f"{result.submission}, which handed in {result.id}")
    handed_in = event.details
    files = handed_in.get("attachments", [])
    return Reply(ResultDetail(**dict(result_view(result)), payload=handed_in["payload"], attachments=files))


@routes.add(
    "POST",
    "/v1/results/{result_id}/accept",
    who=CLIENT,
    scope="money",
    answer=ResultView,
    key_required=True,
)
def accept_result(call: Call[NoBody]) -> Reply:
    """Pays the result out of the hold."""
    command = AcceptResult(_result_id(call), call.principal.id)
    return call.commit(lambda tx: use_cases.accept_result(command, tx), result_view)


@routes.add(
    "POST", "/v1/results/{result_id}/reject", who=CLIENT, scope="work", body=ResultReason, answer=ResultView
)
def reject_result(call: Call[ResultReason]) -> Reply:
    """Does not pay the result; its price is free for another."""
    body = call.body
    command = RejectResult(_result_id(call), call.principal.id, body.reason, RejectionCode(body.reason_code))
    return call.commit(lambda tx: use_cases.reject_result(command, tx), result_view)


@routes.add(
    "POST",
    "/v1/results/{result_id}/reverse",
    who=CLIENT,
    scope="money",
    body=ResultReason,
    answer=ResultView,
    key_required=True,
)
def reverse_result(call: Call[ResultReason]) -> Reply:
    """Takes an accepted result's pay back, within 30 days; what is withdrawn already, the worker owes."""
    body = call.body
    command = ReverseResult(_result_id(call), call.principal.id, body.reason, RejectionCode(body.reason_code))
    return call.commit(lambda tx: reversal.reverse_result(command, tx), result_view)


def _code(result: Result) -> Any:
    code = result.rejection_code
    return None if code is None else code.value


def _result_id(call: Call[Any]) -> str:
    """The path's result. Raises NotFound when the id is malformed."""
    return call.id("result_id", "res")
