"""The product's own tables, as PynamoDB knows them; that these are what is deployed is a test of its own."""

from collections.abc import Iterable
from typing import Any

from marketplace.storage.models import BalanceItem, EventItem, HeadItem, TrailItem
from tests.simulation.wire.schemas import Index, Schema

HEADS, BALANCES, EVENTS, TRAIL = "heads", "balances", "events", "trail"
MODELS = {HEADS: HeadItem, BALANCES: BalanceItem, EVENTS: EventItem, TRAIL: TrailItem}


def schema_of(model: Any) -> Schema:
    """The keys of one model."""
    told = model._get_schema()
    indexes = {}
    for index in told["global_secondary_indexes"]:
        shown = index["projection"].get("NonKeyAttributes", ())
        indexes[index["index_name"]] = Index(_keys(index["key_schema"]), frozenset(shown))
    return Schema(_keys(told["key_schema"]), indexes)


def _keys(rows: Iterable[dict[str, str]]) -> tuple[str, ...]:
    return tuple(row["AttributeName"] for row in sorted(rows, key=lambda row: row["KeyType"]))


SCHEMAS = {name: schema_of(model) for name, model in MODELS.items()}
