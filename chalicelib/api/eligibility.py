"""Whether the calling worker may bid on a task, and why not."""

from typing import Any, Literal

from chalicelib.api.workers import own_worker_id
from chalicelib.candidacy import Candidacy
from chalicelib.http import WORKER, Call, Reply, Routes
from chalicelib.types import Model
from marketplace.access.suspension import Suspension, suspension_id
from marketplace.shared.errors import NotFound
from marketplace.work.eligibility import Reason, is_hidden, why_not, why_not_now
from marketplace.work.task import Task

routes = Routes()


class ReasonView(Model):
    """`code` is for programs and stays as it is, `detail` is for people."""

    code: str
    detail: str


class EligibilityView(Model):
    """`why_not` is empty for who may bid now. Agreements are signed with the offer, and trainings
    acknowledged before work begins: neither keeps anybody from bidding."""

    object: Literal["eligibility"] = "eligibility"
    task_id: str
    worker_id: str
    eligible: bool
    why_not: list[ReasonView]


@routes.add("GET", "/v1/tasks/{task_id}/eligibility", who=WORKER, answer=EligibilityView)
def get_eligibility(call: Call[Any]) -> Reply:
    """Whether the caller may bid on a task, and what is missing."""
    found = call.runtime.store.read(Task, call.id("task_id", "task"))
    candidacy = Candidacy(call)
    reasons = why_not(found[0], candidacy.candidate(found[0])) if found else ()
    if found is None or is_hidden(reasons):
        raise NotFound
    task = found[0]
    suspended = call.runtime.reads.of_kinds({suspension_id(task.client_id): Suspension})
    reasons = (*reasons, *why_not_now(task, lambda _, identifier: suspended.get(identifier)))
    if not task.takes_bids(call.now):
        reasons = (*reasons, Reason("bidding_closed", "the task takes no bids any more"))
    return Reply(
        EligibilityView(
            task_id=task.id,
            worker_id=own_worker_id(call),
            eligible=not reasons,
            why_not=[ReasonView(code=reason.code, detail=reason.detail) for reason in reasons],
        )
    )
