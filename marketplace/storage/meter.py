"""Counts what DynamoDB is asked for, on the wire: round trips, and the units that AWS bills for them."""

import json
import threading
from collections import Counter
from types import TracebackType
from typing import Any, Self

from marketplace.shared.records import dataclass
from marketplace.storage.models import BalanceItem, EventItem, HeadItem, TrailItem
from marketplace.storage.tariff import Spent, Tariff

_MODELS = (HeadItem, BalanceItem, EventItem, TrailItem)
_HOOK = "marketplace-meter"
_CONTEXT = "marketplace_meter_request"


@dataclass(frozen=True)
class Request:
    """One round trip; `tables` names those that it touched, `index` the one that it read, `asked` is the
    request's JSON."""

    operation: str
    tables: tuple[str, ...]
    index: str | None
    asked: Any
    spent: Spent


class Meter:
    """`with Meter(client) as meter: ...; meter.spent`. A client has one meter at a time."""

    def __init__(self, client: Any) -> None:
        self._events = client.meta.events
        self._tariff = Tariff({model.Meta.table_name: model for model in _MODELS})
        self._lock = threading.Lock()
        self.requests: list[Request] = []

    def __enter__(self) -> Self:
        self._events.register("before-call.dynamodb", self._on_request, unique_id=f"{_HOOK}-request")
        self._events.register("after-call.dynamodb", self._on_answer, unique_id=f"{_HOOK}-answer")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._events.unregister("before-call.dynamodb", unique_id=f"{_HOOK}-request")
        self._events.unregister("after-call.dynamodb", unique_id=f"{_HOOK}-answer")

    @property
    def spent(self) -> Spent:
        """Everything so far."""
        return sum((request.spent for request in list(self.requests)), Spent())

    @property
    def operations(self) -> Counter[str]:
        """How often each of DynamoDB's operations was asked for."""
        return Counter(request.operation for request in list(self.requests))

    def _on_request(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[_CONTEXT] = json.loads(params["body"])

    def _on_answer(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        asked = context.get(_CONTEXT)
        if asked is None:
            return
        with self._lock:
            spent = self._tariff.price(model.name, asked, parsed)
            self.requests.append(Request(model.name, _tables(asked), asked.get("IndexName"), asked, spent))


def _tables(asked: Any) -> tuple[str, ...]:
    named = {asked["TableName"]} if "TableName" in asked else set(asked.get("RequestItems", {}))
    for action in asked.get("TransactItems", []):
        named |= {write["TableName"] for write in action.values()}
    return tuple(sorted(named))
