"""What a request to the tables may hold, and what its answer does: what we never send is refused as
unknown."""

from collections.abc import Mapping
from typing import Any

from tests.simulation.wire.expressions import (
    Item,
    UnknownExpression,
    Value,
    number,
    ordered,
    plain,
    projection,
)

Key = tuple[str, ...]
Request = dict[str, Any]

_CONDITIONS = {"ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"}
PARAMETERS: dict[str, set[str]] = {
    "GetItem": {"TableName", "Key", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"},
    "BatchGetItem": {"RequestItems"},
    "Query": {
        *("TableName", "IndexName", "KeyConditionExpression", "ConsistentRead", "ScanIndexForward"),
        *("Limit", "ExclusiveStartKey", "ExpressionAttributeNames", "ExpressionAttributeValues"),
    },
    "PutItem": {"TableName", "Item", *_CONDITIONS},
    "UpdateItem": {"TableName", "Key", "UpdateExpression", "ReturnValues", *_CONDITIONS},
    "ConditionCheckItem": {"TableName", "Key", *_CONDITIONS},
    "BatchWriteItem": {"RequestItems"},
    "TransactWriteItems": {"TransactItems", "ClientRequestToken"},
}


class Refused(Exception):
    """A definite no; `reasons` are those of a cancelled transaction, one an action."""

    def __init__(self, code: str, message: str, reasons: list[dict[str, str]] | None = None) -> None:
        super().__init__(code, message)
        self.code, self.message, self.reasons = code, message, reasons


def cancelled(reasons: list[dict[str, str]]) -> Refused:
    """A transaction that was not made, and why."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    told = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return Refused("TransactionCanceledException", told, reasons)


def action_of(given: Request) -> tuple[str, Request]:
    """The kind of one action of a transaction, and its parameters. Raises UnknownExpression."""
    ((kind, asked),) = given.items()
    if kind not in ("Put", "Update", "ConditionCheck"):
        raise UnknownExpression(kind)
    only(asked, *PARAMETERS[f"{kind}Item"])
    return kind, asked


def only(given: Mapping[str, Any], *known: str) -> None:
    """Raises UnknownExpression for any other parameter."""
    if given.keys() - set(known):
        raise UnknownExpression(sorted(given.keys() - set(known)))


def stored(item: Item) -> dict[str, Value]:
    """As DynamoDB keeps it: numbers in their plain form. Raises Invalid, UnknownExpression."""
    return {name: _value(value) for name, value in item.items()}


def _value(value: Value) -> Value:
    ((kind, content),) = value.items()
    if kind == "N":
        return {"N": plain(number(content))}
    if kind == "L":
        return {"L": [_value(one) for one in content]}
    if kind not in ("S", "B"):
        raise UnknownExpression(f"an attribute of type {kind}")
    return value


def projected(item: Item, request: Request) -> Item:
    """What of the item was asked for."""
    text = request.get("ProjectionExpression")
    if text is None:
        return item
    names = projection(text, request.get("ExpressionAttributeNames", {}))
    return {name: value for name, value in item.items() if name in names}


def place_of(item: Item, keys: Key) -> tuple[Any, ...]:
    """What orders an item by its keys."""
    return tuple(ordered(item[name]) for name in keys)


def page(found: list[Item], request: Request, keys: Key) -> Request:
    """What follows the start key, up to the limit; the last key where the limit was reached."""
    start = request.get("ExclusiveStartKey")
    if start is not None:
        last, forward = place_of(start, keys), request.get("ScanIndexForward", True)
        places = ((item, place_of(item, keys)) for item in found)
        found = [item for item, place in places if (place > last if forward else place < last)]
    limit = request.get("Limit", len(found) + 1)
    page = found[:limit]
    answer: Request = {"Items": page, "Count": len(page), "ScannedCount": len(page)}
    if page and len(page) == limit:
        answer["LastEvaluatedKey"] = {name: page[-1][name] for name in keys}
    return answer
