"""Lists: a query of a sparse index for the ids, then the heads themselves in one batch.

The indexes project keys alone, so that a change of state costs no index write, and what a list shows
is as fresh as the heads.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from marketplace.matching.track import Track
from marketplace.storage import ahead, codec, statements, tracks
from marketplace.storage.ahead import Along
from marketplace.storage.connection import SharedConnection
from marketplace.storage.keys import Listing
from marketplace.storage.models import HeadItem
from marketplace.storage.statements import StatementLine

Kind = TypeVar("Kind")

BATCH_MAX = 100
ROUNDS_MAX = 10
"""How many index pages one filtered list reads before it answers with a short page and a cursor."""

_INDEXES = {
    "list1": HeadItem.by_list1,
    "list2": HeadItem.by_list2,
    "list3": HeadItem.by_list3,
    "list4": HeadItem.by_list4,
    "list5": HeadItem.by_list5,
}


class Reads:
    """Lists of aggregates for the doors."""

    def __init__(self, connection: SharedConnection) -> None:
        self._connection = connection

    def page(
        self,
        items: Listing[Kind],
        key: str,
        *,
        limit: int,
        before: str | None = None,
        keep: Callable[[Kind], bool] = lambda _: True,
    ) -> tuple[list[Kind], str | None]:
        """Up to `limit` of the list `items` of `key`, newest first, and where the next page begins.

        `before` is the position that the page before ended with. A filtered page may be short and
        still have a next one.
        """
        kept: list[Kind] = []
        for _ in range(ROUNDS_MAX):
            found = self._found(items, key, limit=limit + 1, before=before)
            heads = self.by_id(items.kind, [identifier for _, identifier in found[:limit]])
            for position, identifier in found[:limit]:
                before = position
                if identifier in heads and keep(heads[identifier]):
                    kept.append(heads[identifier])
                if len(kept) == limit:
                    return kept, before if (position, identifier) != found[-1] else None
            if len(found) <= limit:
                return kept, None
        return kept, before

    def every(self, items: Listing[Kind], key: str) -> Iterator[Kind]:
        """The whole list, newest first, read page by page."""
        before: str | None = None
        while True:
            page, before = self.page(items, key, limit=BATCH_MAX, before=before)
            yield from page
            if before is None:
                return

    def ids(self, items: Listing[Any], key: str) -> Iterator[str]:
        """The ids of a whole list, from its index."""
        for item in _INDEXES[items.index].query(items.partition(key)):
            yield item.id

    def places(
        self, items: Listing[Any], key: str, *, limit: int, before: str | None = None
    ) -> list[tuple[str, str]]:
        """Up to `limit` positions and ids of a list, newest first, from its index alone."""
        return self._found(items, key, limit=limit, before=before)

    def by_id(self, kind: type[Kind], identifiers: list[str]) -> dict[str, Kind]:
        """The heads with these ids; an id that is not there is left out."""
        return self.of_kinds(dict.fromkeys(identifiers, kind))

    def of_kinds(self, kinds: Mapping[str, type[Any]], along: Along | None = None) -> dict[str, Any]:
        """The heads with these ids, each of its kind, in one read; an id that is not there is left out. What
        the call that is under way will ask for comes `along`, in the same strongly consistent batch."""
        if not kinds and along is None:
            return {}
        found = ahead.heads(kinds) if along is None else ahead.read(self._connection, kinds, along)
        return {item.id: codec.aggregate_of(kinds[item.id], item) for item in found}

    def track(self, worker_id: str) -> Track:
        """What the worker's last contracts tell."""
        return tracks.track_of(worker_id)

    def statement(
        self, account: str, *, limit: int, before: str | None = None
    ) -> tuple[list[StatementLine], str | None]:
        """Up to `limit` lines of an account's statement, newest first, and where the next page begins."""
        return statements.page(account, limit=limit, before=before)

    def _found(
        self, items: Listing[Any], key: str, *, limit: int, before: str | None
    ) -> list[tuple[str, str]]:
        """Positions and ids from the index."""
        found = _INDEXES[items.index].query(
            items.partition(key),
            HeadItem.position < before if before else None,
            scan_index_forward=False,
            limit=limit,
            page_size=limit,
        )
        return [(item.position, item.id) for item in found]
