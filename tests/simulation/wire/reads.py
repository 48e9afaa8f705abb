"""The product's lists over the wire."""

from collections.abc import Iterator, Mapping
from typing import Any

from marketplace.matching.track import Track
from marketplace.storage.keys import Listing
from marketplace.storage.reads import Reads
from tests.simulation.wire.store import WireStore


class WireReads:
    """Implements the lists, through the product's own."""

    def __init__(self, store: WireStore) -> None:
        self._store, self._reads = store, Reads(store.connection)

    def page(
        self, items: Listing[Any], key: str, *, limit: int, before: str | None = None
    ) -> tuple[list[Any], str | None]:
        """Up to `limit` of the list before that position, newest first."""
        return self._store.asked(lambda: self._reads.page(items, key, limit=limit, before=before))

    def every(self, items: Listing[Any], key: str) -> Iterator[Any]:
        """The whole list, newest first."""
        return iter(self._store.asked(lambda: list(self._reads.every(items, key))))

    def ids(self, items: Listing[Any], key: str) -> Iterator[str]:
        """The ids of the whole list."""
        return iter(self._store.asked(lambda: list(self._reads.ids(items, key))))

    def places(
        self, items: Listing[Any], key: str, *, limit: int, before: str | None = None
    ) -> list[tuple[str, str]]:
        """Positions and ids, newest first."""
        return self._store.asked(lambda: self._reads.places(items, key, limit=limit, before=before))

    def statement(self, account: str, *, limit: int, before: str | None = None) -> tuple[list[Any], None]:
        """Statements are not played."""
        return [], None

    def track(self, worker_id: str) -> Track:
        """What the worker's last contracts tell."""
        return self._store.asked(lambda: self._reads.track(worker_id))

    def of_kinds(self, kinds: Mapping[str, type[Any]]) -> dict[str, Any]:
        """The heads with these ids."""
        return self._store.asked(lambda: self._reads.of_kinds(kinds))
