"""Folds ratings into reputations, each exactly once: the fold's event derives from the rating."""

from marketplace.reputation.use_cases import fold_rating
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause, Event
from marketplace.shared.ids import derived_id, prefix_of
from marketplace.shared.running import run


def work(event: Event, runtime: Runtime) -> None:
    """Counts the ratings that `event` names, as far as they are shown. Raises to be tried again."""
    for rating_id in (identifier for identifier in event.about if prefix_of(identifier) == "rat"):
        _fold(rating_id, event, runtime)


def _fold(rating_id: str, event: Event, runtime: Runtime) -> None:
    cause = Cause(
        event_id=derived_id("evt", "reputation", rating_id),
        actor="reputation",
        request_id=event.request_id,
        at=runtime.clock.now(),
        caused_by=event.id,
    )
    run(runtime.store, cause, lambda tx: fold_rating(rating_id, tx))
