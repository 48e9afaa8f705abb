"""Disputes, as the API shows them: answered once with evidence, or accepted.

Source: https://docs.stripe.com/api/disputes, https://docs.stripe.com/disputes/api
"""

from sandbox.stripe.changes import told
from sandbox.stripe.errors import invalid
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import dispute_evidence, dispute_life
from sandbox.stripe.params import Boolean, MetadataUpdate, Range, Text, body, listing, with_metadata
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Action, Step

DECIDED_AFTER_SECONDS = 5

UNDER_REVIEW = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}

CLOSED = "This dispute is already closed"
ANSWERED = "Evidence for this dispute has already been submitted. You can only submit evidence once."
NOT_CLOSABLE = (
    "You can only close a dispute with a status of needs_response. To resolve an inquiry, submit evidence or "
    "refund the charge."
)


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("dispute", params["dispute"], param="dispute")


def update(step: Step, params: Obj) -> Obj:
    """Stages evidence, and hands it to the bank unless `submit` is false.

    Raises StripeError (400): the dispute is closed, has its answer, or the evidence is too long.
    """
    dispute = retrieve(step, params)
    _check_open(dispute)
    answers = "evidence" in params or "submit" in params
    if answers and dispute["status"] not in UNDER_REVIEW:
        raise invalid(ANSWERED)
    evidence = dispute_evidence.merged(dispute["evidence"], params.get("evidence", {}))
    with told(step, "charge.dispute.updated", dispute):
        if "metadata" in params:
            dispute["metadata"] = with_metadata(dispute["metadata"], params["metadata"])
        if answers:
            _stage(dispute, evidence)
        if answers and params.get("submit", True):
            _submit(step, dispute)
    return dispute


def _check_open(dispute: Obj) -> None:
    if dispute["status"] not in dispute_life.OPEN:
        raise invalid(CLOSED)


def _stage(dispute: Obj, evidence: Obj) -> None:
    has_evidence = any(isinstance(text, str) for text in evidence.values())
    dispute["evidence"] = evidence
    dispute["evidence_details"] = {**dispute["evidence_details"], "has_evidence": has_evidence}


def _submit(step: Step, dispute: Obj) -> None:
    if dispute["evidence"]["uncategorized_text"] in dispute_evidence.DECIDING[dispute["status"]]:
        step.later(step.at + DECIDED_AFTER_SECONDS, Action.DISPUTE_DECIDED, dispute["id"])
    details = dispute["evidence_details"]
    dispute |= {
        "evidence_details": {
            **details,
            "past_due": step.at > details["due_by"],
            "submission_count": details["submission_count"] + 1,
        },
        "status": UNDER_REVIEW[dispute["status"]],
    }


def close(step: Step, params: Obj) -> Obj:
    """Accepts a dispute, which is then lost. Raises StripeError (400) unless it awaits an answer."""
    dispute = retrieve(step, params)
    _check_open(dispute)
    if dispute["status"] != "needs_response":
        raise invalid(NOT_CLOSABLE)
    return dispute_life.close(step, dispute, "lost")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `charge`, `created`, `payment_intent`."""
    keep = matching(params, "charge", "payment_intent")
    return page(step.shelf("dispute"), params, url="/v1/disputes", noun="dispute", keep=keep)


ROUTES = [
    Route("GET", "/v1/disputes/{dispute}", retrieve, body(), "dispute"),
    Route(
        "POST",
        "/v1/disputes/{dispute}",
        update,
        body(evidence=dispute_evidence.TEXTS, metadata=MetadataUpdate(), submit=Boolean()),
        "dispute",
    ),
    Route("POST", "/v1/disputes/{dispute}/close", close, body(), "dispute"),
    Route(
        "GET",
        "/v1/disputes",
        list_,
        listing(charge=Text(), created=Range(), payment_intent=Text()),
        "list of dispute",
    ),
]
