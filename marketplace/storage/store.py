"""The store over DynamoDB: strong reads of heads, events and balances, and the commit."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from marketplace.shared.events import Event
from marketplace.shared.transaction import Commit
from marketplace.storage import codec, commit
from marketplace.storage.connection import SharedConnection, bind
from marketplace.storage.marks import Marks
from marketplace.storage.models import BalanceItem, EventItem, HeadItem, TrailItem

Kind = TypeVar("Kind")


class DynamoStore:
    """Implements `Store`. Every read is one strongly consistent GetItem."""

    def __init__(
        self, client: Any, *, heads: str, balances: str, events: str, trail: str, due_partitions: int
    ) -> None:
        self.connection = SharedConnection(client)
        bind(self.connection, HeadItem, heads)
        bind(self.connection, BalanceItem, balances)
        bind(self.connection, EventItem, events)
        bind(self.connection, TrailItem, trail)
        self._marks = Marks()
        self._due_partitions = due_partitions

    def read(self, kind: type[Kind], identifier: str) -> tuple[Kind, int] | None:
        """The aggregate and its version."""
        try:
            item = HeadItem.get(identifier, consistent_read=True)
        except HeadItem.DoesNotExist:
            return None
        return codec.load(kind, item.body), int(item.version)

    def event(self, event_id: str) -> Event | None:
        """The event with this id."""
        try:
            return codec.event_of(EventItem.get(event_id, consistent_read=True))
        except EventItem.DoesNotExist:
            return None

    def events(self, event_ids: Iterable[str]) -> dict[str, Event]:
        """Those of these events that are there, in one strongly consistent batch."""
        found = EventItem.batch_get(list(set(event_ids)), consistent_read=True)
        return {item.id: codec.event_of(item) for item in found}

    def balances(self, owner: str) -> dict[str, dict[str, int]]:
        """Currency to account name to minor units."""
        found = self.connection.get_item(BalanceItem.Meta.table_name, owner, consistent_read=True)
        by_currency: dict[str, dict[str, int]] = defaultdict(dict)
        for attribute, value in found.get("Item", {}).items():
            currency, _, name = attribute.partition("_")
            if name:
                by_currency[currency][name] = int(value["N"])
        return dict(sorted(by_currency.items()))

    def commit(self, staged: Commit) -> None:
        """Raises CommitConflict, InsufficientFunds, CommitUnknown."""
        commit.write(self.connection, self._marks, staged, due_partitions=self._due_partitions)
