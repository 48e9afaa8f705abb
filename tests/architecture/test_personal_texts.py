"""Whatever can hold what somebody wrote is marked as personal, or says why it is not."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from marketplace.shared.private import PERSONAL
from marketplace.storage.shelves import SHELVES

CODES = frozenset(
    {"id", "by", "respondent", "about", "position"}
    | {"currency", "country", "countries", "per", "code", "reason_code", "parameter", "kind", "side"}
    | {"content_type", "text_hash", "sha256", "secret_hash", "salt", "time_zone", "visibility", "type"}
    | {
        "client",
        "worker",
        "running",
        "last_session",
        "last_contract",
        "submission",
        "changes",
        "journal",
        "suspense",
    }
)
"""Names of fields that hold ids, codes and digests wherever they stand."""
POSTED = "a company publishes it, for anybody signed in"
FOUND_BY = "a public profile's; workers are found by it"
STRIPES = "Stripe's word or id"
OURS = "the product's own word"
IDS = "ids"
COMPANY = "a company's name"

PLAIN: dict[str, dict[str, str]] = {
    "ApiKey": {"scopes": OURS},
    "Client": {"name": COMPANY},
    "Worker": {"languages": FOUND_BY, "skills.name": FOUND_BY},
    "Erasure": {"reasons": OURS, "after": IDS},
    "Export": {"after": IDS},
    "Task": {
        "title": POSTED,
        "description": POSTED,
        "category": POSTED,
        "skills": POSTED,
        "languages": POSTED,
        "pay.review.field": POSTED,
        "requirements.agreements": IDS,
        "requirements.qualifications": IDS,
        "requirements.trainings": IDS,
        "requirements.checks": OURS,
        "outcomes.criteria.name": POSTED,
    },
    "Pool": {"name": POSTED, "description": POSTED},
    "Contract": {
        "title": POSTED,
        "pay.review.field": POSTED,
        "agreements": IDS,
        "outcomes.criteria.name": POSTED,
        "signs.asked_as": IDS,
        "trainings.asked_as": IDS,
        "labels": "a task's skills and languages",
    },
    "TopUp": {"payment_intent": STRIPES, "charge": STRIPES, "refusal.message": STRIPES},
    "Refund": {"payment_intent": STRIPES, "failure.message": STRIPES},
    "Chargeback": {"dispute": STRIPES, "charge": STRIPES, "payment_intent": STRIPES, "reason": STRIPES},
    "PayoutAccount": {"stripe_account": STRIPES, "requirements": STRIPES, "instant_currencies": STRIPES},
    "Payout": {"account": STRIPES, "instant.bank": STRIPES},
    "Result": {"external_id": "names a piece of work in the client's own system"},
    "Outcome": {
        "rows.name": POSTED,
        "external_id": "names a score in the client's own system",
    },
    "GoldItem": {
        "external_id": "names a piece of work in the client's own system",
        "expected": "a client's own solution to a piece of work",
    },
    "Ballot": {"votes.answer": "a digest"},
    "Rating": {"dimensions.name": OURS},
    "Standing": {"dimensions.name": OURS},
    "Session": {"marks": "which class a minute is of"},
    "Appeal": {"decision.key": IDS},
    "Agreement": {"title": POSTED},
    "AgreementText": {"title": POSTED, "text": POSTED},
    "Qualification": {"name": POSTED, "description": POSTED},
    "Exam": {"questions.prompt": POSTED, "questions.choices": POSTED},
    "Holding": {"name": "a qualification's"},
    "Screening": {"reference": "random", "last.reference": "random"},
    "Reconciliation": {"counts": OURS},
    "Break": {
        "owner": OURS,
        "reason": OURS,
        "ledger": IDS,
        "stripe": STRIPES,
        "lines.keys": STRIPES,
        "resolved_in": IDS,
    },
    "ExportFile": {"failure": OURS},
    "Entering": {"before": "a position in a list"},
    "Period": {"month": OURS, "event": IDS, "fingerprint": "a digest"},
    "Message": {"attachments": IDS},
    "Endpoint": {"events": OURS, "disabled_reason": OURS},
    "Register": {"endpoints": IDS, "subscriptions.events": OURS},
    "Delivery": {"error": "what went wrong between two servers"},
}
"""Each text that is not marked `Private[...]`, and why."""


def test_each_text_that_is_kept_is_marked_as_personal_or_says_why_not() -> None:
    found = {shelf.kind.__name__: set(_texts(shelf.kind, (), ())) for shelf in SHELVES}
    assert {kind: texts for kind, texts in found.items() if texts} == {
        kind: set(reasons) for kind, reasons in PLAIN.items()
    }


def _texts(kind: Any, path: tuple[str, ...], seen: tuple[Any, ...]) -> Iterator[str]:
    """Where within a kind there may be a text that is neither marked nor called like a code."""
    if get_origin(kind) is Annotated:
        kind, *marks = get_args(kind)
        if PERSONAL in marks:
            return
    if is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        for field in fields(kind) if kind not in seen else ():
            yield from _texts(hints[field.name], (*path, field.name), (*seen, kind))
    elif get_args(kind):
        for part in get_args(kind):
            yield from _texts(part, path, seen)
    elif _may_be_text(kind) and not _is_code(path[-1]):
        yield ".".join(path)


def _may_be_text(kind: Any) -> bool:
    """Whatever is not known to be something else."""
    if not isinstance(kind, type):
        return kind is not Ellipsis and not isinstance(kind, str)
    return not issubclass(kind, int | float | NoneType | Decimal | Enum)


def _is_code(name: str) -> bool:
    return name in CODES or (name.endswith(("_id", "_by")) and name != "external_id")
