"""The model of the tables answers as the local cloud does, request by request.

Where they differ, DynamoDB's documentation decides, and the local cloud is known to be wrong:

    digits       it adds exactly to 28 digits only; here numbers stay below that
    last key     where a limit ends exactly with what there is, either may give a last key: not compared
    conflicts    it never has any, nor throttling, nor an index that is behind: those are injected
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.system import System
from tests.simulation.faults import Outside
from tests.simulation.wire.connection import the_wire
from tests.simulation.wire.expressions import Invalid, UnknownExpression, condition, number, plain
from tests.simulation.wire.models import MODELS, SCHEMAS
from tests.simulation.wire.requests import Refused, Request
from tests.simulation.wire.tables import ITEM_BYTES_MAX, Tables

Asked = tuple[str, Request]

WHO = st.sampled_from(("a", "b", "c"))
WHEN = st.sampled_from(("000000000001", "000000000002", "000000000003"))
AMOUNT = st.integers(-5, 5)


def text(value: str) -> dict[str, str]:
    return {"S": value}


def head(who: str, version: int, listed: str, position: str) -> Request:
    """A head in a list and with a clock, or in none."""
    item: Request = {"id": text(f"RUN{who}"), "version": {"N": str(version)}, "body": {"B": b"body"}}
    if listed:
        item |= {"list1": text(f"RUN{listed}"), "position": text(position)}
        item |= {"due_partition": text(f"RUN{listed}"), "due_key": text(f"{position}#{who}")}
    return item


@st.composite
def puts(draw: Any) -> Request:
    """A head that must be new, or of that version, or whatever."""
    version = draw(st.integers(1, 3))
    item = head(draw(WHO), version, draw(st.sampled_from(("", "x", "y"))), draw(WHEN))
    request: Request = {"TableName": "heads", "Item": item}
    kind = draw(st.sampled_from(("new", "version", "either", "any")))
    if kind == "new":
        request |= {
            "ConditionExpression": "attribute_not_exists (#0)",
            "ExpressionAttributeNames": {"#0": "id"},
        }
    elif kind != "any":
        either = "(attribute_not_exists (#1) OR #0 = :0)"
        request |= {
            "ConditionExpression": either if kind == "either" else "#0 = :0",
            "ExpressionAttributeNames": {"#0": "version", **({"#1": "id"} if kind == "either" else {})},
            "ExpressionAttributeValues": {":0": {"N": str(version - 1)}},
        }
    return request


@st.composite
def updates(draw: Any) -> Request:
    """Two balances move; one of them may be guarded."""
    one, other = draw(AMOUNT), draw(AMOUNT)
    request: Request = {
        "TableName": "balances",
        "Key": {"id": text(f"RUN{draw(WHO)}")},
        "UpdateExpression": "ADD #0 :0, #1 :1",
        "ExpressionAttributeNames": {"#0": "USD_wallet", "#1": "USD_available"},
        "ExpressionAttributeValues": {":0": {"N": str(one)}, ":1": {"N": str(other)}},
    }
    if draw(st.booleans()):
        request["ConditionExpression"] = "(#0 >= :2 AND #1 >= :3)"
        request["ExpressionAttributeValues"] |= {":2": {"N": str(-one)}, ":3": {"N": str(-other)}}
    return request


@st.composite
def transactions(draw: Any) -> Request:
    actions: list[Request] = [{"Put": draw(puts())} for _ in range(draw(st.integers(0, 2)))]
    actions += [{"Update": draw(updates())} for _ in range(draw(st.integers(0 if actions else 1, 2)))]
    if draw(st.booleans()):
        there = draw(st.booleans())
        check: Request = {
            "TableName": "heads",
            "Key": {"id": text(f"RUN{draw(WHO)}")},
            "ConditionExpression": "#0 = :0" if there else "attribute_not_exists (#0)",
            "ExpressionAttributeNames": {"#0": "version" if there else "id"},
        }
        if there:
            check["ExpressionAttributeValues"] = {":0": {"N": str(draw(st.integers(1, 2)))}}
        actions.insert(0, {"ConditionCheck": check})
    token = draw(st.sampled_from((None, "one", "two")))
    return {"TransactItems": actions, **({"ClientRequestToken": f"RUN{token}"} if token else {})}


@st.composite
def queries(draw: Any) -> Request:
    """A list, or what is due; some of it, either way round."""
    index, partition, order = draw(
        st.sampled_from((("list1", "list1", "position"), ("due", "due_partition", "due_key")))
    )
    request: Request = {
        "TableName": "heads",
        "IndexName": index,
        "KeyConditionExpression": "#0 = :0",
        "ExpressionAttributeNames": {"#0": partition},
        "ExpressionAttributeValues": {":0": text(f"RUN{draw(st.sampled_from('xy'))}")},
        "ScanIndexForward": draw(st.booleans()),
        "Limit": draw(st.integers(1, 4)),
    }
    compare = draw(st.sampled_from(("", "<", ">=", "BETWEEN")))
    if compare:
        high = " AND :2" if compare == "BETWEEN" else ""
        request["KeyConditionExpression"] = f"(#0 = :0 AND #1 {compare} :1{high})"
        request["ExpressionAttributeNames"] |= {"#1": order}
        request["ExpressionAttributeValues"] |= {":1": text(draw(WHEN))}
        if high:
            request["ExpressionAttributeValues"] |= {":2": text(draw(WHEN))}
    return request


def gets() -> st.SearchStrategy[Request]:
    tables = st.sampled_from(("heads", "balances"))
    return st.builds(
        lambda table, who: {"TableName": table, "Key": {"id": text(f"RUN{who}")}, "ConsistentRead": True},
        tables,
        WHO,
    )


def batch_gets() -> st.SearchStrategy[Request]:
    return st.builds(
        lambda who: {
            "RequestItems": {
                "heads": {
                    "Keys": [{"id": text(f"RUN{one}")} for one in who],
                    "ConsistentRead": True,
                    "ProjectionExpression": "#0, #1",
                    "ExpressionAttributeNames": {"#0": "id", "#1": "version"},
                }
            }
        },
        st.lists(WHO, min_size=1, max_size=3),
    )


def rows() -> st.SearchStrategy[Request]:
    return st.builds(
        lambda keys: {
            "RequestItems": {
                "trail": [
                    {
                        "PutRequest": {
                            "Item": {"about": text(f"RUN{who}"), "position": text(at), "body": text("{}")}
                        }
                    }
                    for who, at in keys
                ]
            }
        },
        st.lists(st.tuples(WHO, WHEN), min_size=1, max_size=4),
    )


REQUESTS = st.one_of(
    st.tuples(st.just("PutItem"), puts()),
    st.tuples(st.just("UpdateItem"), updates()),
    st.tuples(st.just("TransactWriteItems"), transactions()),
    st.tuples(st.just("TransactWriteItems"), transactions()),
    st.tuples(st.just("Query"), queries()),
    st.tuples(st.just("GetItem"), gets()),
    st.tuples(st.just("BatchGetItem"), batch_gets()),
    st.tuples(st.just("BatchWriteItem"), rows()),
)


class Alone:
    """Tables at the end of the wire, and nothing that goes wrong."""

    def __init__(self) -> None:
        self.outside, self.tables = Outside(None), Tables(SCHEMAS)  # type: ignore[arg-type]

    def perform(self, operation: str, request: Request) -> Request:
        return self.tables.answer(operation, request)

    def perform_later(self, operation: str, request: Request) -> None:
        raise AssertionError("no faults here")


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.lists(REQUESTS, min_size=4, max_size=16))
def test_the_model_answers_as_the_local_cloud(system: System, asked: list[Asked]) -> None:
    cloud, run = system.runtime.store.connection.client, uuid4().hex[:12]
    names = {name: _deployed(system, name) for name in MODELS}
    wire = the_wire()
    before = wire.far
    wire.begin(Alone())
    try:
        for operation, request in asked:
            mine = _answer(wire.dynamodb, operation, _named(request, run, {}), run)
            theirs = _answer(cloud, operation, _named(request, run, names), run)
            assert _without_known(operation, mine, names) == _without_known(operation, theirs, names)
    finally:
        wire.begin(before)


def _deployed(system: System, name: str) -> str:
    return str(getattr(system.runtime.settings, f"{name}_table"))


def _named(value: Any, run: str, tables: dict[str, str]) -> Any:
    """The request, of this run and to the tables as they are called there."""
    if isinstance(value, dict):
        return {tables.get(name, name): _named(one, run, tables) for name, one in value.items()}
    if isinstance(value, list):
        return [_named(one, run, tables) for one in value]
    if isinstance(value, str):
        return tables.get(value, value.replace("RUN", run))
    return value


def _answer(client: Any, operation: str, request: Request, run: str) -> Any:
    try:
        answer = client._make_api_call(operation, request)
    except ClientError as refused:
        reasons = [reason.get("Code") for reason in refused.response.get("CancellationReasons", ())]
        return refused.response["Error"]["Code"], reasons
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _without_known(operation: str, answer: Any, names: dict[str, str]) -> Any:
    """What is compared: batches come in any order, tables have other names, the last key may be left out."""
    if isinstance(answer, tuple):
        return answer
    if operation == "BatchGetItem":
        found = [item for items in answer["Responses"].values() for item in items]
        return sorted(json.dumps(item, sort_keys=True) for item in found)
    if operation == "Query":
        return answer["Items"], answer["Count"]
    return {name: value for name, value in answer.items() if name in ("Item", "Attributes")}


def test_a_number_has_38_digits() -> None:
    assert plain(number("1" * 38)) == "1" * 38
    for text_ in ("1" * 39, "1e126", "one"):
        with pytest.raises(Invalid):
            number(text_)


def test_an_item_has_400_kb() -> None:
    big = {"id": text("a"), "body": text("x" * ITEM_BYTES_MAX)}
    with pytest.raises(Refused):
        Tables(SCHEMAS).answer("PutItem", {"TableName": "balances", "Item": big})


def test_a_token_lasts_ten_minutes_and_stands_for_one_request() -> None:
    at = [0]
    tables = Tables(SCHEMAS, now=lambda: at[0])

    def put(body: str) -> Callable[[], Request]:
        action = {"Put": {"TableName": "balances", "Item": {"id": text(body)}}}
        return lambda: tables.answer(
            "TransactWriteItems", {"TransactItems": [action], "ClientRequestToken": "t"}
        )

    put("a")()
    put("a")()
    with pytest.raises(Refused, match="Mismatch"):
        put("b")()
    at[0] = 600
    put("b")()
    assert set(tables.items["balances"]) == {("a",), ("b",)}


@pytest.mark.parametrize("what", ["size(#0) > :0", "NOT #0 = :0", "begins_with(#0, :0)", "#0 = :0 extra"])
def test_what_nobody_writes_is_not_understood(what: str) -> None:
    with pytest.raises((UnknownExpression, KeyError)):
        condition(what, {"#0": "id", "#1": "body"})


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(UnknownExpression):
        Tables(SCHEMAS).answer(
            "GetItem", {"TableName": "heads", "Key": {"id": text("a")}, "AttributesToGet": []}
        )
    with pytest.raises(UnknownExpression):
        Tables(SCHEMAS).answer("Scan", {"TableName": "heads"})
