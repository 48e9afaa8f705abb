"""A store in memory that can be killed, what it lists, and a clock to set."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marketplace.shared.ids import prefix_of
from marketplace.shared.store import Commit
from marketplace.storage import codec
from marketplace.storage.keys import Listing
from marketplace.storage.shelves import SHELVES
from tests.fakes.memory_store import MemoryStore

START = 1_790_000_000
KINDS = {shelf.prefix: shelf.kind for shelf in SHELVES}


class Crash(Exception):
    """The process is killed; its message will be delivered again."""


@dataclass
class SettableClock:
    at: int = START

    def now(self) -> int:
        return self.at


@dataclass
class CrashingStore(MemoryStore):
    """Tells `touch` before each read, and before and after each commit."""

    touch: Callable[[], None] = lambda: None

    def read(self, kind: type[Any], identifier: str) -> tuple[Any, int] | None:
        self.touch()
        return super().read(kind, identifier)

    def balances(self, owner: str) -> dict[str, dict[str, int]]:
        self.touch()
        return super().balances(owner)

    def commit(self, commit: Commit) -> None:
        self.touch()
        super().commit(commit)
        self.touch()


@dataclass
class MemoryReads:
    store: MemoryStore

    def every(self, items: Listing[Any], key: str) -> list[Any]:
        found = [
            codec.load(items.kind, body)
            for identifier, (_, body) in self.store.heads.items()
            if KINDS[prefix_of(identifier)] is items.kind
        ]
        return [row for row in found if items.key_of(row) == key]
