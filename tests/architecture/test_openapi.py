"""The contract's document is valid, and is the one that is served."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from chalicelib.http import JSON
from chalicelib.openapi import FILE
from chalicelib.openapi_operations import EXAMPLES, examples
from tests.examples import Example, Uniform, misfits
from tests.openapi_answers import DOCUMENT, AnswerDiffers, hold_to_document, resolved
from tests.people import World

HEALTH = httpx.Request("GET", "http://127.0.0.1/health")


def test_it_is_openapi_3_1() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


def test_what_is_served_is_what_is_committed(world: World) -> None:
    assert world.http.get("/openapi.json").json() == json.loads(Path(FILE).read_text())


OPERATIONS = [
    pytest.param(operation, id=operation["operationId"])
    for methods in DOCUMENT["paths"].values()
    for operation in methods.values()
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_says_what_there_is_to_know(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}, "a row in api_words.TAGS"
    for parameter in operation["parameters"]:
        assert parameter.get("description"), f"{parameter['name']}: a row in api_words.PARAMETERS"
    for response in operation["responses"].values():
        assert resolved(response)["description"]
        assert "Request-Id" in resolved(response)["headers"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_has_an_example_that_fits(operation: dict[str, Any]) -> None:
    good = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    contents = [good["content"].get(JSON), operation.get("requestBody", {}).get("content", {}).get(JSON)]
    for content in filter(None, contents):
        assert "examples" in content, (
            "a test that gets a good answer in tests.examples.PLAYED, and a run of it"
        )
    assert list(misfits(operation, examples().get(operation["operationId"], {}))) == []


def test_no_example_tells_a_secret() -> None:
    text = EXAMPLES.read_text()
    for secret in (
        r"gm_(test|live)_",
        r"pi_\w+_secret_\w",
        r"\b[0-9a-f]{32}\b",
        r"eyJ",
        r"127\.0\.0\.1",
        r"://[^/]+:\d",
    ):
        assert not re.search(secret, text), secret


def test_examples_of_another_run_are_the_same() -> None:
    def seen(unique: str, minute: int, stripe: str) -> dict[str, Any]:
        contract, at = f"con_{unique * 26}", f"2027-01-01T00:{minute:02}:00Z"
        answer = {"id": contract, "at": at, "until": f"2027-01-01T01:{minute:02}:00Z", "pi": f"pi_{stripe}"}
        return Uniform().example(Example({"contract_id": contract}, {"key": unique * 32}, answer))

    assert seen("1", 4, "abcdef12") == seen("2", 5, "ghijkl34")
    assert seen("1", 4, "abcdef12")["answer"]["until"] == "2026-11-23T10:00:00Z"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"status": "ok"}, request=HEALTH),
        httpx.Response(200, json={"status": "ok", "version": 1}, request=HEALTH),
        httpx.Response(200, json={"status": "ok", "version": "1", "more": 1}, request=HEALTH),
        httpx.Response(201, json={"status": "ok", "version": "1"}, request=HEALTH),
        httpx.Response(404, json={"detail": "no"}, request=HEALTH),
    ],
)
def test_an_answer_that_differs_from_it_is_noticed(answer: httpx.Response) -> None:
    answer.headers["Content-Type"] = "application/json"
    with pytest.raises(AnswerDiffers):
        hold_to_document(answer)
