"""What was answered under a key is held, whoever asks again, and however the calls race."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.provider_calls import ATTACHED
from marketplace.shared.errors import IdempotencyKeyReused
from marketplace.shared.events import Event
from marketplace.shared.ids import derived_id
from tests.simulation.calls import Answered, Ask


@dataclass
class Promise:
    """What was answered under a key: from then on it is the answer. One of the answers is `fresh`, the others
    say that they are replayed, however the calls raced."""

    ask: Ask
    event_id: str
    text: str
    fresh: bool


Promises = dict[tuple[str, ...], Promise]
"""By operation, caller, path and key."""


def hold(promises: Promises, ask: Ask, answer: Answered, events: Mapping[str, Event]) -> None:
    """Law 9, and the half of law 10 that a caller sees."""
    if answer.refusal is not None and not answer.late:
        return  # it was refused before anything was done under its key, whatever was done meanwhile
    name = (ask.operation, ask.by, *ask.path.values(), ask.key)
    promise = promises.get(name)
    if promise is not None:
        _kept(promise, ask, answer)
    elif answer.text:
        promises[name] = _made(ask, answer, events)
    elif answer.refusal is not None:
        kept = events.get(answer.event_id)
        done = kept is not None and kept.answer is not None and kept.input_hash == repr(ask.body)
        assert not done, f"law 9: {ask} was done, and is refused: {answer.refusal!r}"


def event_of(answer: Answered, events: Mapping[str, Event]) -> Event | None:
    """What the key stands for: a call that found its object there already keeps its answer alone."""
    first = answer.event_id
    return events.get(first) or events.get(derived_id("evt", first, ATTACHED))


def _made(ask: Ask, answer: Answered, events: Mapping[str, Event]) -> Promise:
    kept = event_of(answer, events)
    assert kept is not None, f"law 10: {ask} was answered, and is not kept"
    assert kept.input_hash == repr(ask.body), f"law 9: {ask} has the answer to another body"
    return Promise(ask, kept.id, answer.text, not answer.replayed)


def _kept(promise: Promise, ask: Ask, answer: Answered) -> None:
    """Against what was promised."""
    if promise.ask.body == ask.body:
        same = answer.text == promise.text and (answer.replayed or not promise.fresh)
        promise.fresh = promise.fresh or not (answer.silence or answer.replayed)
        assert answer.silence or same, f"law 9: {ask} was answered {promise.text!r}, and now {answer}"
    else:
        refused = answer.silence or isinstance(answer.refusal, IdempotencyKeyReused)
        assert refused, f"law 9: {ask} has another body than {promise.ask}, and came to {answer}"
