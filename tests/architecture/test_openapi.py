"""The contract's document is valid, and is the one that is served."""

import json
from pathlib import Path

import httpx
import pytest
from openapi_spec_validator import validate

from chalicelib.openapi import FILE
from tests.openapi_answers import DOCUMENT, AnswerDiffers, hold_to_document
from tests.people import World

HEALTH = httpx.Request("GET", "http://127.0.0.1/health")


def test_it_is_openapi_3_1() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


def test_what_is_served_is_what_is_committed(world: World) -> None:
    assert world.http.get("/openapi.json").json() == json.loads(Path(FILE).read_text())


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
