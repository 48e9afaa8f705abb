"""What AWS bills for a request to DynamoDB, by its own rules and not by an emulator's figures.

    write           1 unit an item and KB; inside a transaction 2, condition checks included
    read            1 unit for 4 KB; 0.5 where it may be stale; a query's items count together
    index write     1 unit a KB for each entry that appears, changes or goes; 2 when its key moves

What an index write costs depends on the item before: items are remembered from the reads and writes that
were priced. An item that was never seen counts as new.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, field
from typing import Any

from pynamodb.models import Model

from marketplace.shared.records import dataclass
from marketplace.storage.item_size import Item, item_bytes, read_units, write_units

TRANSACTIONAL = 2
"""How many units a KB costs inside a transaction."""


@dataclass(frozen=True)
class Spent:
    """Round trips and billed units; base tables and indexes apart."""

    round_trips: int = 0
    write_units: int = 0
    read_units: float = 0
    index_write_units: int = 0
    index_read_units: float = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class _Index:
    keys: tuple[str, ...]
    projected: frozenset[str]

    def entry(self, item: Item) -> dict[str, Any] | None:
        """What the index holds of an item; None when the item stands outside of it."""
        if not all(key in item for key in self.keys):
            return None
        return {name: value for name, value in item.items() if name in self.projected}

    def units(self, before: Item, after: Item) -> int:
        """What it costs to follow the item's change."""
        old, new = self.entry(before), self.entry(after)
        if old == new:
            return 0
        if old is None or new is None:
            return write_units(item_bytes(new or old or {}))
        if any(old[key] != new[key] for key in self.keys):
            return write_units(item_bytes(old)) + write_units(item_bytes(new))
        return write_units(max(item_bytes(old), item_bytes(new)))


@dataclass
class _Table:
    key: tuple[str, ...]
    indexes: list[_Index]
    seen: dict[tuple[str, ...], Item] = field(default_factory=dict)

    def name_of(self, item: Item) -> tuple[str, ...]:
        return tuple(str(item[part]) for part in self.key)

    def before(self, item: Item) -> Item:
        return self.seen.get(self.name_of(item), {})

    def remember(self, item: Item) -> None:
        if item:
            self.seen[self.name_of(item)] = item


class Tariff:
    """Prices requests as they are on the wire, against the items that it has seen."""

    def __init__(self, models: Mapping[str, type[Model]]) -> None:
        """`models` is by table name."""
        self._tables = {name: _table(model) for name, model in models.items()}
        self._prices: dict[str, Callable[[Any, Any], Iterator[Spent]]] = {
            "PutItem": self._one_write,
            "UpdateItem": self._one_write,
            "DeleteItem": self._one_write,
            "BatchWriteItem": self._batch_write,
            "TransactWriteItems": self._transaction,
            "GetItem": self._get,
            "BatchGetItem": self._batch_get,
            "Query": self._query,
            "Scan": self._query,
        }

    def price(self, operation: str, asked: Any, answer: Any) -> Spent:
        """What one request and its answer cost. Raises KeyError for an operation without a price."""
        return sum(self._prices[operation](asked, answer), Spent(round_trips=1))

    def _one_write(self, asked: Any, answer: Any) -> Iterator[Spent]:
        yield self._write(asked["TableName"], asked.get("Item") or asked["Key"], done=_done(answer))

    def _batch_write(self, asked: Any, answer: Any) -> Iterator[Spent]:
        for table, requests in asked["RequestItems"].items():
            left = answer.get("UnprocessedItems", {}).get(table, [])
            for request in requests:
                if request not in left:
                    yield self._write(table, request["PutRequest"]["Item"], done=_done(answer))

    def _transaction(self, asked: Any, answer: Any) -> Iterator[Spent]:
        for action in asked["TransactItems"]:
            ((_, write),) = action.items()
            item = write.get("Item") or write["Key"]
            yield self._write(write["TableName"], item, done=_done(answer), times=TRANSACTIONAL)

    def _write(self, name: str, item: Item, *, done: bool, times: int = 1) -> Spent:
        """One item's write, billed also when it is refused; a change by expression is measured as the item
        that was there."""
        table = self._tables[name]
        before = table.before(item)
        units = times * write_units(max(item_bytes(before), item_bytes(item)))
        if not done or len(item) == len(table.key):
            return Spent(write_units=units)
        table.remember(item)
        followed = sum(index.units(before, item) for index in table.indexes)
        return Spent(write_units=units, index_write_units=followed)

    def _get(self, asked: Any, answer: Any) -> Iterator[Spent]:
        item = answer.get("Item", {})
        self._tables[asked["TableName"]].remember(item)
        yield Spent(read_units=read_units(item_bytes(item), consistent=_consistent(asked)))

    def _batch_get(self, asked: Any, answer: Any) -> Iterator[Spent]:
        for name, wanted in asked["RequestItems"].items():
            found = answer.get("Responses", {}).get(name, [])
            for item in found:
                self._tables[name].remember(item)
                yield Spent(read_units=read_units(item_bytes(item), consistent=_consistent(wanted)))
            missing = len(wanted["Keys"]) - len(found)
            yield Spent(read_units=missing * read_units(0, consistent=_consistent(wanted)))

    def _query(self, asked: Any, answer: Any) -> Iterator[Spent]:
        size = sum(item_bytes(item) for item in answer.get("Items", []))
        units = read_units(size, consistent=_consistent(asked))
        yield Spent(index_read_units=units) if "IndexName" in asked else Spent(read_units=units)


def _done(answer: Any) -> bool:
    return "Error" not in answer


def _consistent(asked: Any) -> bool:
    return bool(asked.get("ConsistentRead", False))


def _table(model: type[Model]) -> _Table:
    schema = model._get_schema()  # noqa: SLF001  PynamoDB has no public way to a model's keys
    key = tuple(part["AttributeName"] for part in schema["key_schema"])
    indexes = []
    for index in schema["global_secondary_indexes"]:
        keys = tuple(part["AttributeName"] for part in index["key_schema"])
        included = index["projection"].get("NonKeyAttributes") or ()
        indexes.append(_Index(keys, frozenset({*key, *keys, *included})))
    return _Table(key, indexes)
