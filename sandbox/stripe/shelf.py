"""The objects of one kind in one account, in the order they were made."""

from collections.abc import Iterable, Iterator
from typing import Any

Obj = dict[str, Any]
"""A Stripe object, JSON-shaped, exactly as the API answers it."""


class Shelf:
    """An append-only list with a place for each id, so that a cursor is found at once."""

    def __init__(self, rows: Iterable[Obj] = ()) -> None:
        self.rows = list(rows)
        self._places = {row["id"]: place for place, row in enumerate(self.rows)}

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, object_id: object) -> bool:
        return object_id in self._places

    def __getitem__(self, object_id: str) -> Obj:
        return self.rows[self._places[object_id]]

    def get(self, object_id: str) -> Obj | None:
        """The live object, or None."""
        place = self._places.get(object_id)
        return None if place is None else self.rows[place]

    def add(self, row: Obj) -> None:
        """Puts a new object at the newest end."""
        self._places[row["id"]] = len(self.rows)
        self.rows.append(row)

    def remove(self, object_id: str) -> None:
        """Takes one object away for good; raises KeyError when it is not there."""
        del self.rows[self._places[object_id]]
        self._places = {row["id"]: place for place, row in enumerate(self.rows)}

    def older_than(self, object_id: str | None) -> Iterator[Obj]:
        """From newest to oldest; after `object_id` when one is given."""
        start = len(self.rows) if object_id is None else self._places[object_id]
        return (self.rows[place] for place in range(start - 1, -1, -1))

    def newer_than(self, object_id: str) -> Iterator[Obj]:
        """From the one just after `object_id` on to the newest."""
        return (self.rows[place] for place in range(self._places[object_id] + 1, len(self.rows)))
