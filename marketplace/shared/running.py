"""Runs one use case to one commit, however often it is called with the same cause.

    run ──> use case reads and stages ──> commit ──> outcome
     ^              │ refused                │ conflict / no answer
     │              v                        v
     │      is the event there? ──yes──> its answer again (or the key was reused)
     └──────────── no: refuse / try again

Only commits bind a cause; refusals are evaluated again. A call that is answered without changing anything
is committed as its answer alone; where a change has no event of its own, the answer to a call with a key is
one. A conflict with somebody else's commit is retried here and never shown to a caller: each waits for a
random part of a span that doubles, so that those who met do not meet again. That is 6 s in all on average and
12 s at most; fifty who want one head at once all get it.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from marketplace.shared.errors import (
    CommitConflict,
    CommitUnknown,
    DomainError,
    IdempotencyKeyReused,
    InsufficientFunds,
    ProviderUnavailable,
    StoreSilent,
)
from marketplace.shared.events import Answer, Cause, Event, EventType
from marketplace.shared.ids import derived_id
from marketplace.shared.patience import Patience
from marketplace.shared.records import dataclass, replace
from marketplace.shared.store import Store
from marketplace.shared.transaction import Transaction

PATIENCE = Patience(attempts_max=18, first_seconds=0.008, longest_seconds=1.0)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """`result` of the use case when it committed now; `earlier` when its event was there already."""

    result: Result | None
    earlier: Event | None = None


def run(
    store: Store,
    cause: Cause,
    work: Callable[[Transaction], Result],
    answer: Callable[[Result], Answer | None] = lambda _: None,
    pause: Callable[[float], None] = time.sleep,
) -> Outcome[Result]:
    """Runs `work` and commits what it staged.

    Raises whatever DomainError `work` raises, InsufficientFunds from a guarded balance,
    IdempotencyKeyReused when the cause stands for other input, ProviderUnavailable when the store
    stays contended or silent.
    """
    for attempt in PATIENCE.attempts(pause):
        try:
            outcome = _attempted(store, cause, work, answer, again=attempt > 0)
        except StoreSilent:
            outcome = None
        if outcome is not None:
            return outcome
    raise ProviderUnavailable("the store is too busy for this now; try again")


def _attempted(
    store: Store,
    cause: Cause,
    work: Callable[[Transaction], Result],
    answer: Callable[[Result], Answer | None],
    *,
    again: bool,
) -> Outcome[Result] | None:
    """None when it is worth another attempt; `again` when this is one."""
    transaction = Transaction(store, cause)
    try:
        result = work(transaction)
        if (earlier := _seen(store, transaction)) is not None:
            return Outcome(None, earlier)
        given = answer(result)
        if given is not None and cause.repeatable and transaction.is_untold:
            transaction.publish(EventType.CALL_ANSWERED, about=())
        if not transaction.is_empty:
            _commit(store, transaction, given)
        return Outcome(result)
    except StoreSilent:
        raise
    except (DomainError, CommitConflict, CommitUnknown) as refusal:
        looks = cause.repeatable or again or not isinstance(refusal, DomainError)
        earlier = _earlier(store, transaction) if looks else None
        if earlier is not None:
            return Outcome(None, earlier)
        if isinstance(refusal, DomainError):
            raise
    return None


def consequence(event: Event, name: str, *, actor: str, at: int) -> Cause:
    """The cause of a commit that follows from `event`: everybody who arrives at `name` means the same
    commit, whatever made them come."""
    return Cause(derived_id("evt", name), actor, event.request_id, at, caused_by=event.id)


def continuation(cause: Cause, step: str) -> Cause:
    """The cause of a further commit of the same call."""
    identifier = derived_id("evt", cause.event_id, step)
    return replace(cause, event_id=identifier, caused_by=cause.event_id, repeatable=True)


def _commit(store: Store, transaction: Transaction, given: Answer | None) -> None:
    """Raises CommitConflict, CommitUnknown, InsufficientFunds."""
    try:
        store.commit(transaction.staged(given))
    except InsufficientFunds as sunk:
        if transaction.adapts:
            raise CommitConflict(str(sunk)) from sunk
        raise


def _seen(store: Store, transaction: Transaction) -> Event | None:
    """The event of a cause that has happened before, where no condition of the commit would find it: it rides
    on what was read, or what is to ride now was kept on its own then."""
    event = transaction.earlier
    if event is None and transaction.cause.repeatable and transaction.carrier:
        carrier = transaction.read_as(transaction.carrier)
        event = store.event_beside(carrier, transaction.cause.event_id)
    return _same(event, transaction.cause)


def _earlier(store: Store, transaction: Transaction) -> Event | None:
    """The event of a cause that was refused or not answered, wherever it may be."""
    cause = transaction.cause
    event = transaction.earlier or store.event(cause.event_id, near=transaction.carrier)
    return _same(event, cause)


def _same(event: Event | None, cause: Cause) -> Event | None:
    """Raises IdempotencyKeyReused for the event of other input."""
    if event is not None and event.input_hash != cause.input_hash:
        raise IdempotencyKeyReused("this key was used for a call with another body")
    return event
