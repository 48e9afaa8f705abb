"""Examples for the API's document: what tests sent and got, made uniform.

`python -m tests.examples` runs tests and writes chalicelib/examples.json; `python -m chalicelib.openapi` then
puts them into the document. With files, it runs only these and adds what had no example,
or none that fits any more.
Ids, times and secrets are no one's, the clock begins on one morning, and ids are numbered: the same tests
write the same file.
"""

import itertools
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from chalicelib.api import OPERATIONS
from chalicelib.http import JSON
from chalicelib.openapi_operations import EXAMPLES, examples
from marketplace.shared import ids
from sandbox.system import System
from tests import openapi_answers
from tests.openapi_answers import DOCUMENT

PLAYED = (
    "tests/api/test_isolation_matrix.py",
    "tests/journey/test_hiring.py",
    "tests/journey/test_milestones.py",
    "tests/journey/test_results.py",
    "tests/journey/test_result_reviews.py",
    "tests/journey/test_sessions.py",
    "tests/journey/test_minute_terms.py",
    "tests/journey/test_disputes.py",
    "tests/journey/test_fees_and_agencies.py",
    "tests/journey/test_chargebacks.py",
    "tests/journey/test_payout_policies.py",
    "tests/journey/test_payout_returns.py",
    "tests/journey/test_suspense.py",
    "tests/journey/test_finance_exports.py",
    "tests/journey/test_stripe_intake.py",
    "tests/journey/test_onboarding.py",
    "tests/journey/test_suspensions.py",
    "tests/journey/test_pools.py",
    "tests/journey/test_appeals.py",
    "tests/journey/test_messages.py",
    "tests/journey/test_webhooks.py",
    "tests/journey/test_privacy.py",
    "tests/journey/test_matches.py",
    "tests/journey/test_audit_events.py",
    "tests/journey/test_doors.py",
    "tests/journey/test_other_ways.py",
    "tests/journey/test_money_in_and_out.py",
    "tests/integration/test_client.py",
    "tests/architecture/test_openapi.py::test_what_is_served_is_what_is_committed",
)
"""One file more where an operation has no example yet."""
FIRST_INSTANT = datetime(2026, 11, 23, 9, tzinfo=UTC)
MORNING = datetime(2040, 1, 2, 9, tzinfo=UTC)
"""When the tests begin, long after today: what is far from FIRST_INSTANT stays as far from it in each run."""
ADDRESS_SECONDS = timedelta(seconds=300)
ROWS_MAX = 2
ANSWER_CHARACTERS_MAX = 6_000
SECRET_FIELDS = frozenset({"api_key", "client_secret", "secret", "token", "next_cursor", "cursor"})
DOCUMENT_ITSELF = "openapi_document"

_ID = re.compile(r"(?<![A-Za-z0-9])([a-z]{2,5})_[0-9a-hjkmnp-tv-z]{26}\b")
_CODE = re.compile(r"[0-9a-hjkmnp-tv-z]{12}")
"""That one joins by: of a pool, or a referrer's."""
_STRIPE_ID = re.compile(
    r"\b(pi|acct|ch|tr|trr|po|re|txn|dp|du|evt|py|pyr|cus|ba|card|pm)_(?!01kaq5r0)[A-Za-z0-9]{6,}\b"
)
_RANDOM = re.compile(r"\b(?:[0-9a-f]{32}|[0-9A-F]{32})\b")
_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FILE = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]+-filesbucket-\w+/([^?\s]+)\?\S+")
_RECEIVER = re.compile(r"http://127\.0\.0\.1:\d+/hook\S*")
_ONBOARDING = re.compile(r"http://127\.0\.0\.1:\d+/connect/setup/\w+")
_SCREENING = re.compile(r"http://127\.0\.0\.1:\d+/sandbox/screenings\?\S+")


@dataclass
class Example:
    """One call and its answer, as they were."""

    parameters: dict[str, str]
    body: Any
    answer: Any

    @property
    def merit(self) -> tuple[bool, bool, bool]:
        """What makes one a better example than another."""
        rows = self.answer.get("data", [True]) if isinstance(self.answer, dict) else [True]
        brief = len(json.dumps(self.answer)) <= ANSWER_CHARACTERS_MAX
        return brief, bool(rows), bool(self.body)


@dataclass
class Recorder:
    """Keeps the best example of each operation, and of equals the first."""

    kept: dict[str, Example] = field(default_factory=dict)

    def watch(self, name: str, response: httpx.Response) -> None:
        """Looks at one answer."""
        kind = response.headers["Content-Type"].partition(";")[0]
        if not response.is_success or kind != JSON:
            return
        request = response.request
        body = json.loads(request.content) if request.content else None
        answer = response.json()
        if name == DOCUMENT_ITSELF:
            answer = {"openapi": answer["openapi"], "info": {"title": answer["info"]["title"]}}
        found = Example(_parameters(name, request.url), body, answer)
        if name not in self.kept or found.merit > self.kept[name].merit:
            self.kept[name] = found

    def uniform(self) -> dict[str, Any]:
        """By operationId, without anything that another run would make otherwise."""
        return {name: Uniform().example(self.kept[name]) for name in sorted(self.kept)}


@dataclass
class Uniform:
    """Renames within one example: what was the same stays the same."""

    names: dict[str, str] = field(default_factory=dict)
    shift: timedelta = timedelta()

    def example(self, found: Example) -> dict[str, Any]:
        """Its parts, as far as there are any."""
        whole = {"parameters": found.parameters, "body": found.body, "answer": found.answer}
        parts = {name: part for name, part in whole.items() if part or (name == "body" and part == {})}
        instants = sorted(_INSTANT.findall(json.dumps([found.answer, found.body])))
        if instants:
            self.shift = FIRST_INSTANT - datetime.fromisoformat(instants[0])
        uniform: dict[str, Any] = self.value(parts)
        return uniform

    def value(self, value: Any, name: str = "") -> Any:
        """A JSON value; `name` is that of the field which holds it."""
        if isinstance(value, dict):
            named = (
                {**value, "expires_at": self._address_ends()}
                if {"url", "expires_at"} <= value.keys()
                else value
            )
            return {self.text(key): self.value(each, key) for key, each in named.items()}
        if isinstance(value, list):
            return [self.value(each) for each in value[: ROWS_MAX if name == "data" else None]]
        if isinstance(value, str):
            drawn = name in SECRET_FIELDS or (name == "code" and _CODE.fullmatch(value))
            return "..." if drawn else self.text(value)
        return value

    def text(self, text: str) -> str:
        """Ids numbered as they come, instants moved to one morning, addresses that are nobody's."""
        text = _ID.sub(lambda found: self._named(found[0], f"{found[1]}_01kaq5r0", 18), text)
        text = _STRIPE_ID.sub(lambda found: self._named(found[0], f"{found[1]}_Example", 0), text)
        text = _FILE.sub(r"https://files.example.com/\1?X-Amz-Signature=...", text)
        text = _RECEIVER.sub("https://hooks.acme.example/marketplace", text)
        text = _RANDOM.sub(lambda found: self._named(found[0], "example", 0), text)
        text = _ONBOARDING.sub("https://connect.stripe.com/setup/example", text)
        text = _SCREENING.sub("https://screening.example.com/begin?reference-id=example", text)
        text = text.replace("127.0.0.1", "203.0.113.7")
        return _INSTANT.sub(lambda found: self._moved(found[0]), text)

    def _named(self, original: str, beginning: str, digits: int) -> str:
        number = sum(known.startswith(beginning) for known in self.names.values()) + 1
        return self.names.setdefault(original, f"{beginning}{number:0{digits}d}")

    def _address_ends(self) -> str:
        """Addresses end by real time, which is not that of the other instants."""
        return (FIRST_INSTANT + ADDRESS_SECONDS - self.shift).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _moved(self, instant: str) -> str:
        moved = datetime.fromisoformat(instant) + self.shift
        return moved.strftime("%Y-%m-%dT%H:%M:%SZ")


def _parameters(name: str, url: httpx.URL) -> dict[str, str]:
    """Of the path and the query, by name."""
    (path,) = [operation.path for operation in OPERATIONS if operation.run.__name__ == name]
    found = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path), url.path)
    return {**(found.groupdict() if found else {}), **dict(url.params)}


def misfits(operation: dict[str, Any], example: dict[str, Any]) -> Iterator[str]:
    """What of an example is not as the document describes the operation."""
    good = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    parts = {"answer": good, "body": operation.get("requestBody", {})}
    for part, described in parts.items():
        content = described.get("content", {}).get(JSON)
        if content and part in example:
            whole = {**content["schema"], "components": DOCUMENT["components"]}
            yield from (error.message for error in Draft202012Validator(whole).iter_errors(example[part]))


class Numbered:
    """Stands in for the ULID, and sorts as it does: whatever is drawn by ids is drawn alike in each run."""

    _count = itertools.count(1)

    def __str__(self) -> str:
        number = f"{next(self._count):010d}"
        return number + ids.derived_id("", number)[-16:]  # codes are made of an id's end


class OneMorning:
    """Lets the tests begin there."""

    @pytest.fixture(scope="session", autouse=True)
    def _begin(self, system: System) -> None:
        system.clock.move_to(int(MORNING.timestamp()))


def main() -> int:
    """Runs the tests, writes the file, names what it lacks."""
    recorder = Recorder()
    openapi_answers.watchers.append(recorder.watch)
    files = sys.argv[1:]
    vars(ids)["ULID"] = Numbered
    ran = pytest.main(["-n", "0", "-q", "-m", "not deep", *(files or PLAYED)], plugins=[OneMorning()])
    found = recorder.uniform()
    asked_for = {each["operationId"]: each for path in DOCUMENT["paths"].values() for each in path.values()}
    for name, known in (examples() if files else {}).items():
        richer = "body" in known or "body" not in found.get(name, {})
        if name in asked_for and richer and not [*misfits(asked_for[name], known)]:
            found[name] = known
    text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False)
    EXAMPLES.write_text(text + "\n", encoding="utf-8")
    wanted = {each.run.__name__ for each in OPERATIONS if each.media == (JSON,)}
    if missing := sorted(wanted - set(found)):
        sys.stderr.write(f"no test got a good answer of: {', '.join(missing)}\n")
    return int(ran) or bool(missing)


if __name__ == "__main__":
    sys.exit(main())
