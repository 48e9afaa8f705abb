"""Folds ratings and payments into reputations, each exactly once: the fold's event derives from the rating,
or from the event that tells of payments."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from marketplace.contracts.promptness import TOLD
from marketplace.people.standing import Standing, standing_id
from marketplace.reputation.rating import Rating
from marketplace.reputation.use_cases import fold_promptness, fold_rating, unfold_rating, weigh_ratings
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.ids import derived_id, prefix_of
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import RATINGS_ABOUT

Names = tuple[str, ...]
Fold = Callable[[Transaction], Standing | None]

_TAKES_OUT = (EventType.RATING_REMOVED, EventType.RATING_RESTORED)


def work(event: Event, runtime: Runtime) -> None:
    """Counts the ratings that `event` names, as far as they are shown, takes out those that were removed,
    counts again those that were put back; and how fast it tells that work was paid. Raises to be tried
    again."""
    for rating_id in (identifier for identifier in event.about if prefix_of(identifier) == "rat"):
        _weigh(rating_id, event, runtime)
        _fold(_counted(rating_id), partial(fold_rating, rating_id), event, runtime)
        if event.type in _TAKES_OUT:
            _fold(_uncounted(rating_id), partial(unfold_rating, rating_id), event, runtime)
        if event.type == EventType.RATING_RESTORED:
            _fold(_recounted(rating_id), partial(fold_rating, rating_id), event, runtime)
    told = event.details.get(TOLD)
    if told is not None:
        contract_id = next(name for name in event.about if prefix_of(name) == "con")
        payments = {stars: pieces for stars, pieces in enumerate(told, start=1) if pieces}
        paid = partial(fold_promptness, contract_id, payments, event.at)
        _fold(("promptness", event.id), paid, event, runtime)


def _counted(rating_id: str) -> Names:
    return ("reputation", rating_id)


def _uncounted(rating_id: str) -> Names:
    return ("reputation", rating_id, "removed")


def _recounted(rating_id: str) -> Names:
    return ("reputation", rating_id, "restored")


def _fold(name: Names, fold: Fold, event: Event, runtime: Runtime) -> None:
    cause = Cause(
        event_id=derived_id("evt", *name),
        actor="reputation",
        request_id=event.request_id,
        at=runtime.clock.now(),
        caused_by=event.id,
    )
    run(runtime.store, cause, fold)


def _weigh(rating_id: str, event: Event, runtime: Runtime) -> None:
    """A standing from before ratings had weights gets them first: from the ratings that it counts, one of
    which may be the one that is being taken out."""
    rating = existing(runtime.store, Rating, rating_id)
    about = rating.about
    standing: Any = runtime.store.read(Standing, standing_id(about))
    if standing is None or not standing[0].lacks_weights:
        return
    _fold(
        ("reputation", about, "weighed"),
        lambda tx: weigh_ratings(about, _counts(rating, runtime), tx),
        event,
        runtime,
    )


def _counts(one: Rating, runtime: Runtime) -> Iterator[Rating]:
    """What is counted of a person: `one` of the ratings, and all others in the list."""

    def is_told(name: Names) -> bool:
        return runtime.store.event(derived_id("evt", *name), near=standing_id(one.about)) is not None

    listed = {row.id: row for row in runtime.reads.every(RATINGS_ABOUT, one.about)}
    for rating in {**listed, one.id: one}.values():
        if is_told(_counted(rating.id)) and not is_told(_uncounted(rating.id)):
            yield rating
