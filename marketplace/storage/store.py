"""The store over DynamoDB: strong reads of heads, events and balances, and the commit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from marketplace.shared.clock import Clock, SystemClock
from marketplace.shared.events import Event
from marketplace.shared.store import Commit, Head
from marketplace.storage import ahead, archive, codec, commit
from marketplace.storage.connection import SharedConnection, bind
from marketplace.storage.marks import Marks
from marketplace.storage.models import BalanceItem, EventItem, HeadItem, TrailItem

Kind = TypeVar("Kind")


class DynamoStore:
    """Implements `Store`. Every read is one strongly consistent GetItem, or was made ahead of its call."""

    def __init__(
        self,
        client: Any,
        *,
        heads: str,
        balances: str,
        events: str,
        trail: str,
        due_partitions: int,
        clock: Clock | None = None,
    ) -> None:
        self.connection = SharedConnection(client)
        bind(self.connection, HeadItem, heads)
        bind(self.connection, BalanceItem, balances)
        bind(self.connection, EventItem, events)
        bind(self.connection, TrailItem, trail)
        self._marks = Marks()
        self._due_partitions = due_partitions
        self._clock = clock or SystemClock()

    def read(self, kind: type[Kind], identifier: str) -> tuple[Kind, int] | None:
        """The aggregate and its version."""
        found = self.head(kind, identifier)
        return None if found is None else (found.aggregate, found.version)

    def head(self, kind: type[Kind], identifier: str) -> Head[Kind] | None:
        """The aggregate, its version, and the events that ride on it."""
        taken = ahead.take(identifier)
        if taken is not None:
            item = taken[identifier]
            return None if item is None else codec.head_of(kind, ahead.head(item))
        try:
            return codec.head_of(kind, HeadItem.get(identifier, consistent_read=True))
        except HeadItem.DoesNotExist:
            return None

    def head_many(self, kinds: Mapping[str, type[Any]]) -> dict[str, Head[Any]]:
        """As `head`, of several ids in one request; what is not there is left out."""
        found = ahead.heads(kinds)
        return {item.id: codec.head_of(kinds[item.id], item) for item in found}

    def event(self, event_id: str, *, near: str = "") -> Event | None:
        """The event with this id. It rides `near`, is kept on its own, or was just carried from here to
        there: so it is looked for in this order."""
        riding = self._riding(near) if near else ()
        found = next((event for event in riding if event.id == event_id), None)
        if found is not None:
            return found
        try:
            return codec.event_of(EventItem.get(event_id, consistent_read=True))
        except EventItem.DoesNotExist:
            return None

    def event_beside(self, head: Head[Any] | None, event_id: str) -> Event | None:
        """As it came along with the head, unless the head may have dropped it into its table meanwhile."""
        settled_ms = head.dropped_ms + commit.DROPS_SETTLE_MS if head and head.dropped_ms else 0
        taken = ahead.take(event_id, read_after_ms=settled_ms)
        if taken is None:
            return self.event(event_id)
        item = taken[event_id]
        return None if item is None else codec.event_of(ahead.event(item))

    def events(self, event_ids: Iterable[str]) -> dict[str, Event]:
        """Those of these events that are there, in one strongly consistent batch."""
        found = EventItem.batch_get(list(set(event_ids)), consistent_read=True)
        return {item.id: codec.event_of(item) for item in found}

    @staticmethod
    def _riding(identifier: str) -> tuple[Event, ...]:
        try:
            return codec.riding_on(identifier, HeadItem.get(identifier, consistent_read=True).body)
        except HeadItem.DoesNotExist:
            return ()

    def balances(self, owner: str) -> dict[str, dict[str, int]]:
        """Currency to account name to minor units."""
        taken = ahead.take(owner)
        if taken is not None:
            return _by_currency(taken[owner] or {})
        found = self.connection.get_item(BalanceItem.Meta.table_name, owner, consistent_read=True)
        return _by_currency(found.get("Item", {}))

    def balances_of(self, owners: Iterable[str]) -> dict[str, dict[str, dict[str, int]]]:
        """The balances of up to 100 owners at once, strongly consistent; empty where there are none.
        Raises StoreSilent."""
        table = BalanceItem.Meta.table_name
        found: dict[str, dict[str, dict[str, int]]] = {owner: {} for owner in owners}
        taken = ahead.take(*found)
        if taken is not None:
            return {owner: _by_currency(item or {}) for owner, item in taken.items()}
        keys = [{"id": {"S": owner}} for owner in found]
        for _, items in self.connection.batch_get({table: {"Keys": keys, "ConsistentRead": True}}):
            found |= {item["id"]["S"]: _by_currency(item) for item in items}
        return found

    def now(self) -> int:
        """Epoch seconds of the product's clock."""
        return self._clock.now()

    def keep(self, events: Iterable[Event]) -> None:
        """Writes events that ride on heads to their own table, those that are not there yet."""
        archive.keep(self._marks, events)

    def commit(self, staged: Commit) -> None:
        """Raises CommitConflict, InsufficientFunds, CommitUnknown."""
        ahead.forget()
        commit.write(self.connection, self._marks, staged, due_partitions=self._due_partitions)


def _by_currency(item: dict[str, Any]) -> dict[str, dict[str, int]]:
    by_currency: dict[str, dict[str, int]] = defaultdict(dict)
    for attribute, value in item.items():
        currency, _, name = attribute.partition("_")
        if name:
            by_currency[currency][name] = int(value["N"])
    return dict(sorted(by_currency.items()))
