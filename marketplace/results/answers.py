"""What a payload answers, in a form that can be compared.

Two answers are the same when they are the same JSON: names of an object in any order, numbers by their
value (1 and 1.0), texts letter by letter.
"""

import hashlib
import json
from typing import Any

from marketplace.shared.errors import Fault, InvalidRequest
from marketplace.work.terms import Review

DIGEST_LENGTH = 32


def canonical(value: Any) -> str:
    """The one text of a JSON value. Raises ValueError for what JSON does not have."""
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(answer: str) -> str:
    """A short stand-in for a canonical answer."""
    return hashlib.sha256(answer.encode()).hexdigest()[:DIGEST_LENGTH]


def answer_of(payload: dict[str, Any], external_id: str | None, review: Review) -> str:
    """The canonical value of the field that the review compares.

    Raises InvalidRequest when the field is missing, or nothing names the item that it answers.
    """
    faults = []
    if external_id is None:
        faults.append(Fault("/external_id", "is required: it names the item that the result answers"))
    if review.field not in payload:
        pointer = review.field.replace("~", "~0").replace("/", "~1")
        faults.append(Fault(f"/payload/{pointer}", "is required: results are compared by it"))
    if faults:
        raise InvalidRequest(faults)
    return canonical(payload[review.field])


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value
