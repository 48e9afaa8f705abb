"""What a use case does with the store: read heads, stage changes, commit once with one event."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from marketplace.shared.accounts import kept_changes
from marketplace.shared.books import BOOKS_ID, Books, may_be_closed
from marketplace.shared.errors import NotFound
from marketplace.shared.events import Answer, Cause, Event, EventType
from marketplace.shared.ids import renamed
from marketplace.shared.journal import Journal, Posting
from marketplace.shared.store import BalanceChanges, Commit, Head, HeadChange, Store

Aggregate = TypeVar("Aggregate")
Timed = TypeVar("Timed", bound="Clocked")

JOURNAL_PREFIX = "jrn"


class Clocked(Protocol):
    """What a timer wakes."""

    @property
    def due_at(self) -> int | None:
        """When, epoch seconds; None while its clock stands still."""
        ...


class Transaction:
    """What one use case reads and stages. Nothing is written before `staged` goes to the store."""

    def __init__(self, store: Store, cause: Cause) -> None:
        self.store = store
        self.cause = cause
        self.now = cause.at
        self._looked_for: dict[str, Head[Any] | None] = {}
        self._changes: dict[str, Any] = {}
        self._forgotten: set[str] = set()
        self._tallies: BalanceChanges = {}
        self._expected: dict[tuple[str, str, str], int] = {}
        self._unchanged: dict[str, int] = {}
        self._journal: Journal | None = None
        self._told: tuple[EventType, tuple[str, ...], dict[str, Any]] | None = None
        self.adapts = False

    def find(self, kind: type[Aggregate], identifier: str) -> Aggregate | None:
        """The aggregate as this transaction sees it, or None."""
        if identifier in self._changes:
            staged: Aggregate = self._changes[identifier]
            return staged
        if identifier not in self._looked_for:
            self._looked_for[identifier] = self.store.head(kind, identifier)
        found = self._looked_for[identifier]
        return None if found is None else found.aggregate

    def look_up(self, kinds: Mapping[str, type[Any]]) -> None:
        """Reads these aggregates in one request, for `find` and `get` to know them; what is known stays as it
        is."""
        unknown = {one: kind for one, kind in kinds.items() if one not in self._looked_for}
        found = self.store.head_many(unknown) if unknown else {}
        self._looked_for |= {one: found.get(one) for one in unknown}

    def due(self, kind: type[Timed], identifier: str) -> Timed | None:
        """The aggregate if its clock has run out by now: a timer may come late, twice, or for what has moved
        on since."""
        found = self.find(kind, identifier)
        return None if found is None or found.due_at is None or found.due_at > self.now else found

    def get(self, kind: type[Aggregate], identifier: str) -> Aggregate:
        """Like `find`. Raises NotFound."""
        aggregate = self.find(kind, identifier)
        if aggregate is None:
            raise NotFound
        return aggregate

    def adapted_balances(self, owner: str) -> dict[str, dict[str, int]]:
        """An owner's balances, currency to name to minor units, to which this use case adapts what it takes:
        should one have sunk below that by the commit, it is done again, and nobody is refused for it."""
        self.adapts = True
        return self.store.balances(owner)

    def save(self, *aggregates: Any) -> None:
        """Stages aggregates; one that was not read here must not exist in the store yet."""
        for aggregate in aggregates:
            self._changes[aggregate.id] = aggregate

    def forget(self, aggregate: Any) -> None:
        """Stages an aggregate that tells less of a person than before, and so do the events that ride on it:
        they are kept on their own from here on."""
        self._forgotten.add(aggregate.id)
        self.save(aggregate)

    def post(
        self, currency: str, description: str, postings: Iterable[Posting], references: Iterable[str] = ()
    ) -> None:
        """Stages the commit's one journal; postings of nothing are left out.

        Its id is that of the commit's event, so a cause posts once, whoever repeats it. It is dated as its
        cause, or as early as it can be where that month is closed.
        """
        if self._journal is not None:
            raise ValueError("a commit carries one journal")
        self._journal = Journal(
            id=journal_id(self.cause.event_id),
            currency=currency,
            at=self._dated(),
            description=description,
            postings=tuple(posting for posting in postings if posting.debit or posting.credit),
            references=tuple(references),
        )

    def _dated(self) -> int:
        at = self.cause.at
        if not may_be_closed(at, self.store.now()):
            return at
        books = self.find(Books, BOOKS_ID)
        read = self._looked_for[BOOKS_ID]
        self._unchanged[BOOKS_ID] = read.version if read else 0
        return max(at, books.closed_until) if books else at

    def tally(self, owner: str, currency: str, name: str, amount: int) -> None:
        """Adds to a figure kept beside an owner's balances, outside the ledger."""
        place = (owner, currency, name)
        self._tallies[place] = self._tallies.get(place, 0) + amount

    def expect(self, owner: str, currency: str, name: str, amount: int) -> None:
        """What was read of an owner's balances must still be so, or everything is read again: the commit must
        change something of that owner's. That makes a guard of its own (never below zero) a conflict as well,
        so whoever expects looks for themselves whether there is enough."""
        self._expected[owner, currency, name] = amount

    def publish(self, event_type: EventType, *, about: Iterable[str], **details: Any) -> None:
        """Stages the commit's one event."""
        if self._told is not None:
            raise ValueError("a commit carries one event")
        self._told = (event_type, tuple(dict.fromkeys(about)), details)

    @property
    def is_untold(self) -> bool:
        """Whether what is staged, if anything, has no event, and needs none: nothing is posted."""
        return self._told is None and self._journal is None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self._changes and self._told is None

    @property
    def earlier(self) -> Event | None:
        """The event of this very cause, where it rides on something that was read."""
        for head in self._looked_for.values():
            for event in head.riding if head else ():
                if event.id == self.cause.event_id:
                    return event
        return None

    def read_as(self, identifier: str) -> Head[Any] | None:
        """What was found of this id; None where there was nothing."""
        return self._looked_for.get(identifier)

    @property
    def carrier(self) -> str:
        """The head that the event can ride on: whoever repeats the cause must come upon it before anything
        can go another way. That is the one that was looked for first, if it changes; and what nobody can
        repeat rides on the first thing that it makes. Empty where money moves."""
        if self._journal is not None or self._tallies:
            return ""
        first = next(iter(self._looked_for), "")
        if first in self._changes:
            return first
        return "" if self.cause.repeatable else next(iter(self._changes), "")

    def staged(self, answer: Answer | None) -> Commit:
        """The commit, its event carrying `answer`."""
        if self._told is None and self._journal is not None:
            raise ValueError("a journal needs an event to carry it")
        heads = tuple(
            HeadChange(aggregate, self._looked_for.get(identifier), identifier in self._forgotten)
            for identifier, aggregate in self._changes.items()
        )
        event = self._event(answer)
        carrier = self.carrier if event is not None else ""
        changes = self._balance_changes()
        return Commit(heads, changes, event, carrier, self._expected, self._unchanged)

    def _event(self, answer: Answer | None) -> Event | None:
        if self._told is None:
            return None
        event_type, about, details = self._told
        return Event(
            id=self.cause.event_id,
            type=event_type,
            at=self.cause.at,
            actor=self.cause.actor,
            request_id=self.cause.request_id,
            about=about,
            input_hash=self.cause.input_hash,
            caused_by=self.cause.caused_by,
            call=self.cause.call,
            journal=self._journal,
            answer=answer,
            details=details,
        )

    def _balance_changes(self) -> BalanceChanges:
        if self._journal is None and not self._tallies:
            return self._tallies
        balances = self._tallies
        if self._journal is not None:
            balances = kept_changes(self._journal.currency, self._journal.postings)
            for place, change in self._tallies.items():
                balances[place] = balances.get(place, 0) + change
        return {place: change for place, change in balances.items() if change}


def journal_id(event_id: str) -> str:
    """The id of the journal that an event carries."""
    return renamed(event_id, JOURNAL_PREFIX)
