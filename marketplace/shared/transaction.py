"""The port between use cases and storage: read heads, stage changes, commit once with one event."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from marketplace.shared.accounts import kept_changes
from marketplace.shared.errors import NotFound
from marketplace.shared.events import Answer, Cause, Event, EventType
from marketplace.shared.ids import renamed
from marketplace.shared.journal import Journal, Posting

Aggregate = TypeVar("Aggregate")

BalanceChanges = Counter[tuple[str, str, str]]
"""(owner, currency, name) to the change in minor units."""

JOURNAL_PREFIX = "jrn"


@dataclass(frozen=True)
class HeadChange:
    """An aggregate to write; `version` is what was read, 0 for one that must not exist yet."""

    aggregate: Any
    version: int


@dataclass(frozen=True)
class Commit:
    """Everything that one use case writes, all of it or nothing."""

    heads: tuple[HeadChange, ...]
    balances: BalanceChanges
    event: Event | None


class Store(Protocol):
    """Where aggregates, balances and events live."""

    def read(self, kind: type[Aggregate], identifier: str) -> tuple[Aggregate, int] | None:
        """The aggregate and its version, strongly consistent."""
        ...

    def commit(self, commit: Commit) -> None:
        """Raises CommitConflict, InsufficientFunds (a guarded balance), CommitUnknown."""
        ...

    def event(self, event_id: str) -> Event | None:
        """The event with this id, strongly consistent."""
        ...

    def balances(self, owner: str) -> dict[str, dict[str, int]]:
        """Currency to account name to minor units, strongly consistent."""
        ...


class Transaction:
    """What one use case reads and stages. Nothing is written before `staged` goes to the store."""

    def __init__(self, store: Store, cause: Cause) -> None:
        self.store = store
        self.cause = cause
        self.now = cause.at
        self._versions: dict[str, int] = {}
        self._changes: dict[str, Any] = {}
        self._tallies: BalanceChanges = Counter()
        self._journal: Journal | None = None
        self._event: Event | None = None

    def find(self, kind: type[Aggregate], identifier: str) -> Aggregate | None:
        """The aggregate as this transaction sees it, or None."""
        if identifier in self._changes:
            staged: Aggregate = self._changes[identifier]
            return staged
        found = self.store.read(kind, identifier)
        if found is None:
            return None
        aggregate, self._versions[identifier] = found
        return aggregate

    def get(self, kind: type[Aggregate], identifier: str) -> Aggregate:
        """Like `find`. Raises NotFound."""
        aggregate = self.find(kind, identifier)
        if aggregate is None:
            raise NotFound
        return aggregate

    def save(self, *aggregates: Any) -> None:
        """Stages aggregates; one that was not read here must not exist in the store yet."""
        for aggregate in aggregates:
            self._changes[aggregate.id] = aggregate

    def post(
        self, currency: str, description: str, postings: Iterable[Posting], references: Iterable[str] = ()
    ) -> None:
        """Stages the commit's one journal; postings of nothing are left out.

        Its id is that of the commit's event, so a cause posts once, whoever repeats it.
        """
        if self._journal is not None:
            raise ValueError("a commit carries one journal")
        self._journal = Journal(
            id=journal_id(self.cause.event_id),
            currency=currency,
            at=self.cause.at,
            description=description,
            postings=tuple(posting for posting in postings if posting.debit or posting.credit),
            references=tuple(references),
        )

    def tally(self, owner: str, currency: str, name: str, amount: int) -> None:
        """Adds to a figure kept beside an owner's balances, outside the ledger."""
        self._tallies[owner, currency, name] += amount

    def publish(self, event_type: EventType, *, about: Iterable[str], **details: Any) -> None:
        """Stages the commit's one event."""
        if self._event is not None:
            raise ValueError("a commit carries one event")
        self._event = Event(
            id=self.cause.event_id,
            type=event_type,
            at=self.cause.at,
            actor=self.cause.actor,
            request_id=self.cause.request_id,
            about=tuple(dict.fromkeys(about)),
            input_hash=self.cause.input_hash,
            caused_by=self.cause.caused_by,
            call=self.cause.call,
            journal=self._journal,
            details=details,
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self._changes and self._event is None

    def staged(self, answer: Answer | None) -> Commit:
        """The commit, its event carrying `answer`."""
        event = self._event
        if event is None and self._journal is not None:
            raise ValueError("a journal needs an event to carry it")
        if event is not None:
            event = Event(**{**vars(event), "journal": self._journal, "answer": answer})
        balances = Counter(self._tallies)
        if self._journal is not None:
            balances.update(kept_changes(self._journal.currency, self._journal.postings))
        heads = (HeadChange(a, self._versions.get(i, 0)) for i, a in self._changes.items())
        return Commit(tuple(heads), Counter({k: v for k, v in balances.items() if v}), event)


def journal_id(event_id: str) -> str:
    """The id of the journal that an event carries."""
    return renamed(event_id, JOURNAL_PREFIX)
