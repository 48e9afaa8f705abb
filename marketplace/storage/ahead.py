"""What one call reads before it asks: who calls, and what will be needed, in one strongly consistent request.

    door: `one_call` ──> authenticates, and reads along what the path names ──> kept here
    endpoint: asks the store, as it would without ──> answered from here, each thing once

Nothing is kept beyond its call, beyond a commit, or longer than KEPT_SECONDS: whoever reads again, or tries
again after a conflict, reads the tables.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from typing import Any

from pynamodb.models import Model

from marketplace.shared.records import dataclass
from marketplace.storage.connection import SharedConnection
from marketplace.storage.models import BalanceItem, EventItem, HeadItem

KEPT_SECONDS = 1.0

Item = dict[str, Any]
"""As DynamoDB tells it."""


@dataclass(frozen=True)
class Along:
    """What a call will read: heads, the balances of owners, and events that have one of their own, by id."""

    heads: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


NOTHING = Along()


@dataclass
class _Kept:
    """What was read for one call, by id; None where there was nothing. `since_ms`: when that was asked for,
    epoch milliseconds."""

    items: dict[str, Item | None] = field(default_factory=dict)
    until: float = 0.0
    since_ms: int = 0


_KEPT: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def one_call() -> Iterator[None]:
    """What is read ahead in here is kept until it ends."""
    token = _KEPT.set(_Kept())
    try:
        yield
    finally:
        _KEPT.reset(token)


def read(connection: SharedConnection, wanted: Iterable[str], along: Along) -> list[HeadItem]:
    """The heads that are `wanted` now, as far as they are there; what comes `along` is kept for the
    call that is under way."""
    now, kept = tuple(wanted), _KEPT.get()
    later = along if kept is not None else NOTHING
    begun, since_ms = time.monotonic(), int(time.time() * 1_000)
    heads = dict.fromkeys((*now, *later.heads))
    others = {BalanceItem: dict.fromkeys(later.owners), EventItem: dict.fromkeys(later.events)}
    found = _batch(connection, {HeadItem: heads, **others})
    if kept is not None:
        asked = (*heads, *later.owners, *later.events)
        kept.items = {one: found.get(one) for one in asked if one not in now}
        kept.until, kept.since_ms = begun + KEPT_SECONDS, since_ms
    return [head(found[identifier]) for identifier in now if identifier in found]


def head(item: Item) -> HeadItem:
    """A head's item, as DynamoDB tells it, as a model."""
    made: HeadItem = HeadItem.from_raw_data(item)
    return made


def heads(identifiers: Iterable[str]) -> Iterable[HeadItem]:
    """Those that are there: as they were read ahead, if all were; else read now, strongly consistent."""
    wanted = list(identifiers)
    taken = take(*wanted)
    if taken is None:
        return HeadItem.batch_get(wanted, consistent_read=True)
    return [head(item) for item in taken.values() if item is not None]


def event(item: Item) -> EventItem:
    """An event's item, as DynamoDB tells it, as a model."""
    made: EventItem = EventItem.from_raw_data(item)
    return made


def take(*identifiers: str, read_after_ms: int = 0) -> dict[str, Item | None] | None:
    """All of these, None for what is not in the tables, if they were read ahead (after `read_after_ms`, real
    time) and not taken yet; else nothing."""
    kept = _KEPT.get()
    if kept is None or not kept.items or time.monotonic() > kept.until or kept.since_ms <= read_after_ms:
        return None
    if not all(identifier in kept.items for identifier in identifiers):
        return None
    return {identifier: kept.items.pop(identifier) for identifier in identifiers}


def forget() -> None:
    """From here on the tables are read: they are about to be written."""
    kept = _KEPT.get()
    if kept is not None:
        kept.items.clear()


def _batch(connection: SharedConnection, wanted: Mapping[type[Model], Mapping[str, None]]) -> dict[str, Item]:
    """Items by id. Raises StoreSilent."""
    waiting: Any = {
        model.Meta.table_name: {"Keys": [{"id": {"S": one}} for one in ids], "ConsistentRead": True}
        for model, ids in wanted.items()
        if ids
    }
    given = connection.batch_get(waiting) if waiting else ()
    return {item["id"]["S"]: item for _, items in given for item in items}
