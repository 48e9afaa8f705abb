"""DynamoDB in memory: the operations, parameters, limits and refusals that our storage meets, and no others.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from marketplace.storage.item_size import item_bytes
from tests.simulation.wire.expressions import (
    Invalid,
    Item,
    UnknownExpression,
    check_bounds,
    condition,
    partition_of,
    updated,
)
from tests.simulation.wire.requests import (
    PARAMETERS,
    Key,
    Refused,
    Request,
    action_of,
    cancelled,
    only,
    page,
    place_of,
    projected,
    stored,
)
from tests.simulation.wire.schemas import Schema

ITEM_BYTES_MAX = 400 * 1_024
TRANSACTION_ITEMS_MAX = 100
BATCH_GET_MAX, BATCH_WRITE_MAX = 100, 25
TOKEN_SECONDS = 600
"""How long a request token is known. (API_TransactWriteItems)"""


@dataclass(frozen=True)
class Write:
    """One item's change; `before` is None for a new one."""

    table: str
    key: Key
    before: Item | None
    after: Item


@dataclass
class Tables:
    """`now` is epoch seconds; `seen` is told of everything that was written at once. `older` is what a read
    may still show while these copies are `behind`: `stale` is asked then, once an item. `partitions` are the
    items of a table or index by the hash of its key, where they were asked for since the last write."""

    schemas: Mapping[str, Schema]
    now: Callable[[], int] = lambda: 0
    behind: bool = False
    stale: Callable[[], bool] = lambda: False
    seen: Callable[[list[Write]], None] = lambda _: None
    items: dict[str, dict[Key, Item]] = field(default_factory=dict)
    older: dict[str, dict[Key, Item | None]] = field(default_factory=dict)
    tokens: dict[str, tuple[int, str]] = field(default_factory=dict)
    partitions: dict[tuple[str, str | None], dict[str, list[Item]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in self.schemas:
            self.items.setdefault(table, {})
            self.older.setdefault(table, {})

    def answer(self, operation: str, request: Request) -> Request:
        """The answer. Raises Refused, or UnknownExpression for what this model does not know."""
        perform = _OPERATIONS.get(operation)
        if perform is None:
            raise UnknownExpression(operation)
        unknown = request.keys() - PARAMETERS[operation] - {"ReturnConsumedCapacity"}
        if unknown:
            raise UnknownExpression(f"{operation} with {sorted(unknown)}")
        try:
            return perform(self, request)
        except Invalid as told:
            raise Refused("ValidationException", str(told)) from told

    def catch_up(self) -> None:
        """Every copy shows everything."""
        for older in self.older.values():
            older.clear()

    def copy(self) -> "Tables":
        """The same items, which nobody changes."""
        twin = Tables(self.schemas)
        twin.items = {table: dict(items) for table, items in self.items.items()}
        return twin

    # reads

    def _get(self, request: Request) -> Request:
        table, key = request["TableName"], self.schemas[request["TableName"]].key_of(request["Key"])
        found = self._read(table, key, consistent=bool(request.get("ConsistentRead")))
        return {} if found is None else {"Item": projected(found, request)}

    def _batch_get(self, request: Request) -> Request:
        answers: dict[str, list[Item]] = {}
        if sum(len(asked["Keys"]) for asked in request["RequestItems"].values()) > BATCH_GET_MAX:
            raise Invalid("Too many items requested for the BatchGetItem call")
        for table, asked in request["RequestItems"].items():
            only(asked, "Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames")
            keys = [self.schemas[table].key_of(key) for key in asked["Keys"]]
            if len(set(keys)) < len(keys):
                raise Invalid("Provided list of item keys contains duplicates")
            consistent = bool(asked.get("ConsistentRead"))
            read = (self._read(table, key, consistent=consistent) for key in keys)
            answers[table] = [projected(item, asked) for item in read if item is not None]
        return {"Responses": answers, "UnprocessedKeys": {}}

    def _query(self, request: Request) -> Request:
        table, index = request["TableName"], request.get("IndexName")
        schema = self.schemas[table]
        if index is not None and request.get("ConsistentRead"):
            raise Invalid("Consistent reads are not supported on global secondary indexes")
        keys = schema.keys if index is None else schema.indexes[index].keys
        names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
        text = request["KeyConditionExpression"]
        if any(name in text for name in ("attribute_", "<>")) or not set(names.values()) <= set(keys):
            raise Invalid("Query condition missed key schema element")
        check_bounds(text, values)
        test, consistent = condition(text, names), bool(request.get("ConsistentRead"))
        if consistent or not self.behind:
            shown = self._partition(table, index, partition_of(text, names, values, keys[0]))
        else:
            shown = self._shown(table, index, consistent=False)
        found = [item for item in shown if all(key in item for key in keys) and test(item, values)]
        every = (*keys, *schema.keys)
        found.sort(key=lambda item: place_of(item, every), reverse=not request.get("ScanIndexForward", True))
        return page(found, request, every)

    def _read(self, table: str, key: Key, *, consistent: bool) -> Item | None:
        older = self.older[table]
        if self.behind and not consistent and key in older and self.stale():
            return older[key]
        return self.items[table].get(key)

    def _partition(self, table: str, index: str | None, name: str) -> Iterable[Item]:
        """The items of one partition, as they are."""
        found = self.partitions.get((table, index))
        if found is None:
            schema = self.schemas[table]
            key = (schema.keys if index is None else schema.indexes[index].keys)[0]
            found = self.partitions[table, index] = {}
            for item in self._shown(table, index, consistent=True):
                found.setdefault(item[key]["S"], []).append(item)
        return found.get(name, ())

    def _shown(self, table: str, index: str | None, *, consistent: bool) -> Iterable[Item]:
        """All items as this copy of the table shows them."""
        items: Iterable[Item | None] = self.items[table].values()
        if self.behind and not consistent:
            items = [self._read(table, key, consistent=False) for key in self.items[table]]
        schema = self.schemas[table]
        if index is None:
            return [item for item in items if item is not None]
        inside = schema.indexes[index]
        names = {*inside.keys, *schema.keys, *inside.shown}
        held = (item for item in items if item is not None and inside.keys[0] in item)
        return [{name: value for name, value in item.items() if name in names} for item in held]

    # writes

    def _put(self, request: Request) -> Request:
        write = self._put_action(request)
        if not self._holds(write, request):
            raise Refused("ConditionalCheckFailedException", "The conditional request failed")
        self._apply([write])
        return {}

    def _update(self, request: Request) -> Request:
        write = self._update_action(request)
        if not self._holds(write, request):
            raise Refused("ConditionalCheckFailedException", "The conditional request failed")
        write = self._changed(write, request)
        self._apply([write])
        return {"Attributes": write.after} if request.get("ReturnValues") == "ALL_NEW" else {}

    def _batch_write(self, request: Request) -> Request:
        writes = []
        for table, actions in request["RequestItems"].items():
            for action in actions:
                only(action, "PutRequest")
                only(action["PutRequest"], "Item")
                writes.append(self._put_action({"TableName": table, "Item": action["PutRequest"]["Item"]}))
        if not 0 < len(writes) <= BATCH_WRITE_MAX:
            raise Invalid("Too many items requested for the BatchWriteItem call")
        if len({(write.table, write.key) for write in writes}) < len(writes):
            raise Invalid("Provided list of item keys contains duplicates")
        for write in writes:
            self._apply([write])
        return {"UnprocessedItems": {}}

    def _transact(self, request: Request) -> Request:
        actions = [action_of(one) for one in request["TransactItems"]]
        if not 0 < len(actions) <= TRANSACTION_ITEMS_MAX:
            raise Invalid(f"Member must have length less than or equal to {TRANSACTION_ITEMS_MAX}")
        told = json.dumps(request, sort_keys=True)
        token = request.get("ClientRequestToken")
        at, known = self.tokens.get(token or "", (0, ""))
        if token and known and self.now() - at < TOKEN_SECONDS:
            if known != told:
                raise Refused("IdempotentParameterMismatchException", "another request had this token")
            return {}
        writes = [
            self._put_action(asked) if kind == "Put" else self._update_action(asked)
            for kind, asked in actions
        ]
        if len({(write.table, write.key) for write in writes}) < len(writes):
            raise Invalid("Transaction request cannot include multiple operations on one item")
        self._apply(self._all_or_nothing(actions, writes))
        if token:
            self.tokens[token] = (self.now(), told)
        return {}

    def _all_or_nothing(self, actions: list[tuple[str, Request]], writes: list[Write]) -> list[Write]:
        reasons, done = [], []
        for (kind, asked), write in zip(actions, writes, strict=True):
            reason = {"Code": "None"}
            if not self._holds(write, asked):
                reason = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
            elif kind == "Update":
                try:
                    done.append(self._changed(write, asked))
                except Invalid as told:
                    reason = {"Code": "ValidationError", "Message": str(told)}
            elif kind == "Put":
                done.append(write)
            reasons.append(reason)
        codes = [reason["Code"] for reason in reasons]
        if set(codes) != {"None"}:
            raise cancelled(reasons)
        return done

    def _put_action(self, request: Request) -> Write:
        table, item = request["TableName"], stored(request["Item"])
        schema = self.schemas[table]
        if item_bytes(item) > ITEM_BYTES_MAX:
            raise Invalid("Item size has exceeded the maximum allowed size")
        for index in schema.indexes.values():
            for name in index.keys:
                if name in item and (item[name].keys() != {"S"} or not item[name]["S"]):
                    raise Invalid(f"The index key {name} is not a text, or empty")
        key = self.schemas[table].key_of({name: item[name] for name in schema.keys if name in item})
        return Write(table, key, self.items[table].get(key), item)

    def _update_action(self, request: Request) -> Write:
        table, key = request["TableName"], self.schemas[request["TableName"]].key_of(request["Key"])
        before = self.items[table].get(key)
        return Write(table, key, before, before if before is not None else request["Key"])

    def _changed(self, write: Write, request: Request) -> Write:
        names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
        text = request["UpdateExpression"]
        after = stored(updated(text, names, write.after, values))
        if any(after[name] != write.after[name] for name in self.schemas[write.table].keys):
            raise Invalid("Cannot update attribute. This attribute is part of the key")
        if item_bytes(after) > ITEM_BYTES_MAX:
            raise Invalid("Item size to update has exceeded the maximum allowed size")
        return Write(write.table, write.key, write.before, after)

    def _holds(self, write: Write, request: Request) -> bool:
        text = request.get("ConditionExpression")
        if text is None:
            return True
        names, values = (
            request.get("ExpressionAttributeNames", {}),
            request.get("ExpressionAttributeValues", {}),
        )
        return condition(text, names)(write.before or {}, values)

    def _apply(self, writes: list[Write]) -> None:
        for write in writes:
            self.older[write.table].setdefault(write.key, write.before)
            self.items[write.table][write.key] = write.after
            for place in [place for place in self.partitions if place[0] == write.table]:
                del self.partitions[place]
        self.seen(writes)


_OPERATIONS: dict[str, Callable[[Tables, Request], Request]] = {
    "GetItem": Tables._get,
    "BatchGetItem": Tables._batch_get,
    "Query": Tables._query,
    "PutItem": Tables._put,
    "UpdateItem": Tables._update,
    "BatchWriteItem": Tables._batch_write,
    "TransactWriteItems": Tables._transact,
}
