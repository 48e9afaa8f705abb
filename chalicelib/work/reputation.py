"""Folds ratings and payments into reputations, each exactly once: the fold's event derives from the rating or
the contract."""

from collections.abc import Callable

from marketplace.people.standing import Standing
from marketplace.reputation.use_cases import fold_promptness, fold_rating, unfold_rating
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import derived_id, prefix_of
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction

_ENDS = (EventType.CONTRACT_COMPLETED, EventType.CONTRACT_CANCELLED)

Fold = Callable[[str, Transaction], Standing | None]


def work(event: Event, runtime: Runtime) -> None:
    """Counts the ratings that `event` names, as far as they are shown, and takes out those that it removes;
    and how fast a contract was paid that has ended. Raises to be tried again."""
    for rating_id in (identifier for identifier in event.about if prefix_of(identifier) == "rat"):
        _fold(rating_id, ("reputation", rating_id), fold_rating, event, runtime)
        if event.type == EventType.RATING_REMOVED:
            _fold(rating_id, ("reputation", rating_id, "removed"), unfold_rating, event, runtime)
    if event.type in _ENDS:
        contract_id = next(name for name in event.about if prefix_of(name) == "con")
        _fold(contract_id, ("promptness", contract_id), fold_promptness, event, runtime)


def _fold(identifier: str, name: tuple[str, ...], fold: Fold, event: Event, runtime: Runtime) -> None:
    cause = Cause(
        event_id=derived_id("evt", *name),
        actor="reputation",
        request_id=event.request_id,
        at=runtime.clock.now(),
        caused_by=event.id,
    )
    run(runtime.store, cause, lambda tx: fold(identifier, tx))
