"""The store in memory, with the same laws: versions, guarded balances, one event an id."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace.shared.accounts import owed_first
from marketplace.shared.errors import CommitConflict, InsufficientFunds
from marketplace.shared.events import Event
from marketplace.shared.store import Commit, Head
from marketplace.storage import codec


@dataclass
class MemoryStore:
    """Keeps what a store keeps, encoded as it would be, so that a shape that does not survive shows."""

    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    kept: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    events: dict[str, Event] = field(default_factory=dict)
    clock: int = 0

    def head(self, kind: type[Any], identifier: str) -> Head[Any] | None:
        found = self.read(kind, identifier)
        return None if found is None else Head(*found)

    def head_many(self, kinds: Mapping[str, type[Any]]) -> dict[str, Head[Any]]:
        found = {identifier: self.head(kind, identifier) for identifier, kind in kinds.items()}
        return {identifier: head for identifier, head in found.items() if head is not None}

    def read(self, kind: type[Any], identifier: str) -> tuple[Any, int] | None:
        if identifier not in self.heads:
            return None
        version, body = self.heads[identifier]
        return codec.load(kind, body), version

    def event(self, event_id: str, *, near: str = "") -> Event | None:
        return self.events.get(event_id)

    def event_beside(self, head: Head[Any] | None, event_id: str) -> Event | None:
        return self.event(event_id)

    def balances(self, owner: str) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for (whose, currency, name), amount in sorted(self.kept.items()):
            if whose == owner:
                found.setdefault(currency, {})[name] = amount
        return found

    def now(self) -> int:
        return self.clock

    def commit(self, commit: Commit) -> None:
        if commit.event is not None and commit.event.id in self.events:
            raise CommitConflict(commit.event.id)
        for change in commit.heads:
            if self.heads.get(change.aggregate.id, (0, ""))[0] != change.version:
                raise CommitConflict(change.aggregate.id)
        for identifier, version in commit.unchanged.items():
            if self.heads.get(identifier, (0, ""))[0] != version:
                raise CommitConflict(identifier)
        self._check_balances(commit)
        for change in commit.heads:
            self.heads[change.aggregate.id] = (change.version + 1, codec.dump(change.aggregate))
        self.kept.update(commit.balances)
        if commit.event is not None:
            self.events[commit.event.id] = commit.event

    def _check_balances(self, commit: Commit) -> None:
        for place, amount in commit.expected.items():
            if self.kept[place] != amount:
                raise CommitConflict(place[0])
        for (owner, currency, name), change_by in commit.balances.items():
            if change_by < 0 and self.kept[owner, currency, name] + change_by < 0:
                raise InsufficientFunds(owner)
        if any(self.kept[debt] > 0 for debt in owed_first(commit.balances)):
            raise InsufficientFunds("a client that owes us")
