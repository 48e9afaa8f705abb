"""A contract's milestones."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.attachments import require_referable
from chalicelib.api.contract_access import visible_contract
from chalicelib.api.contract_views import MilestoneView, milestone_view
from chalicelib.api.workers import own_worker_id
from chalicelib.http import BOTH_SIDES, CLIENT, WORKER, Call, NoBody, Reply, Routes
from chalicelib.types import LIST_MAX, Instant, Line, Model, Money, Prose
from marketplace.contracts import funding, milestones
from marketplace.contracts.contract import Contract
from marketplace.contracts.funding import FundMilestone
from marketplace.contracts.milestone import Milestone
from marketplace.contracts.milestones import OwnMilestone, PlanMilestone, RequestChanges, SubmitMilestone
from marketplace.shared.transaction import Transaction
from marketplace.work.rejection import RejectionCode

PATH = "/v1/contracts/{contract_id}/milestones/{milestone_id}"

routes = Routes()


class NewMilestone(Model):
    """A further piece of the contract."""

    title: Line
    amount: Money
    due_at: Instant | None = None


class Submission(Model):
    """What the worker hands in."""

    note: Prose = ""
    attachments: Annotated[list[Line], Field(max_length=LIST_MAX)] = []


class SubmissionView(Model):
    """What was handed in last."""

    note: str
    attachments: list[str]
    submitted_at: Instant


ChangesCode = Literal["quality", "incomplete", "instructions", "late", "other"]


class ChangesView(Model):
    """What the client missed when it sent the milestone back last."""

    reason_code: ChangesCode
    reason: str
    requested_at: Instant


class MilestoneDetail(MilestoneView):
    """A milestone with its last submission, and the last request for changes, as far as there were any."""

    submission: SubmissionView | None
    changes: ChangesView | None


class ChangeRequest(Model):
    """What is missing."""

    reason: Annotated[Prose, Field(min_length=1)]
    reason_code: ChangesCode = "other"


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/milestones",
    who=CLIENT,
    scope="work",
    body=NewMilestone,
    answer=MilestoneView,
    status=201,
)
def plan_milestone(call: Call[NewMilestone]) -> Reply:
    """Plans a further milestone; it is not funded yet."""
    command = PlanMilestone(
        call.id("contract_id", "con"),
        call.principal.id,
        call.runtime.new_id("mil"),
        call.body.title,
        call.body.amount.to_domain(),
        call.body.due_at,
    )
    return call.commit(
        lambda tx: milestones.plan_milestone(command, tx),
        lambda contract: milestone_view(contract.milestones[-1], contract),
    )


@routes.add("GET", PATH, who=BOTH_SIDES, answer=MilestoneDetail, open_to_suspended=True)
def get_milestone(call: Call[Any]) -> Reply:
    """One milestone, with what was handed in last."""
    contract = visible_contract(call)
    milestone = contract.milestone(call.id("milestone_id", "mil"))
    handed_in = milestone.submission
    event = call.runtime.store.event(handed_in, near=contract.id) if handed_in else None
    submission = None
    if event is not None:
        submission = SubmissionView(
            note=event.details["note"], attachments=event.details["attachments"], submitted_at=event.at
        )
    view = milestone_view(milestone, contract)
    return Reply(
        MilestoneDetail(**dict(view), submission=submission, changes=_changes(call, contract, milestone))
    )


@routes.add("POST", f"{PATH}/fund", who=CLIENT, scope="money", answer=MilestoneView, key_required=True)
def fund_milestone(call: Call[NoBody]) -> Reply:
    """Reserves wallet money for one milestone."""
    command = FundMilestone(call.id("contract_id", "con"), call.id("milestone_id", "mil"), call.principal.id)
    return _changed(call, lambda tx: funding.fund_milestone(command, tx))


@routes.add("POST", f"{PATH}/submit", who=WORKER, body=Submission, answer=MilestoneView)
def submit_milestone(call: Call[Submission]) -> Reply:
    """Hands a funded milestone in; silence for `review_seconds` approves it. What is named by an attachment's
    id is a confirmed one of this contract; other words stand for themselves."""
    require_referable(call, call.body.attachments)
    command = SubmitMilestone(
        call.id("contract_id", "con"),
        call.id("milestone_id", "mil"),
        own_worker_id(call),
        call.body.note,
        tuple(call.body.attachments),
    )
    return _changed(call, lambda tx: milestones.submit_milestone(command, tx))


@routes.add(
    "POST", f"{PATH}/request-changes", who=CLIENT, scope="work", body=ChangeRequest, answer=MilestoneView
)
def request_changes(call: Call[ChangeRequest]) -> Reply:
    """Sends a submitted milestone back; its review clock stops."""
    command = RequestChanges(
        contract_id=call.id("contract_id", "con"),
        milestone_id=call.id("milestone_id", "mil"),
        client_id=call.principal.id,
        reason=call.body.reason,
        reason_code=RejectionCode(call.body.reason_code),
    )
    return _changed(call, lambda tx: milestones.request_changes(command, tx))


@routes.add("POST", f"{PATH}/approve", who=CLIENT, scope="money", answer=MilestoneView, key_required=True)
def approve_milestone(call: Call[NoBody]) -> Reply:
    """Pays a submitted milestone out of the hold."""
    command = OwnMilestone(call.id("contract_id", "con"), call.id("milestone_id", "mil"), call.principal.id)
    return _changed(call, lambda tx: milestones.approve_milestone(command, tx))


@routes.add("POST", f"{PATH}/cancel", who=CLIENT, scope="money", answer=MilestoneView, key_required=True)
def cancel_milestone(call: Call[NoBody]) -> Reply:
    """Drops a milestone that is not submitted; what it held goes back to the wallet."""
    command = OwnMilestone(call.id("contract_id", "con"), call.id("milestone_id", "mil"), call.principal.id)
    return _changed(call, lambda tx: milestones.cancel_milestone(command, tx))


def _changes(call: Call[Any], contract: Contract, milestone: Milestone) -> ChangesView | None:
    event = call.runtime.store.event(milestone.changes, near=contract.id) if milestone.changes else None
    if event is None:
        return None
    why = event.details
    return ChangesView(reason_code=why["reason_code"], reason=why["reason"], requested_at=event.at)


def _changed(call: Call[Any], work: Callable[[Transaction], Contract]) -> Reply:
    def view(contract: Contract) -> MilestoneView:
        return milestone_view(contract.milestone(call.path["milestone_id"]), contract)

    return call.commit(work, view)
