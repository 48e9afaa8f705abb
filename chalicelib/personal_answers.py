"""Answers that tell of a person, as events keep them: sealed, under a salt that lies with the person.

Events are appended and never changed. So an answer with personal data is sealed before it is kept, and
opens for as long as its person's head has its salt: erasing the salt erases what every event told of them.
"""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from marketplace.access.clients import Client
from marketplace.people.workers import Worker
from marketplace.shared.errors import Erased
from marketplace.shared.events import Answer, Event
from marketplace.shared.ids import prefix_of
from marketplace.shared.transaction import Store
from marketplace.storage import sealing
from marketplace.storage.packing import packed, unpacked

MARK = "~"
"""What a sealed answer begins with; JSON cannot. Whose it is comes next, up to a colon."""

_PEOPLE: dict[str, type[Any]] = {"cli": Client, "wrk": Worker}


class Person(Protocol):
    """Whoever has a salt; None for one who was there before salts were."""

    @property
    def id(self) -> str:
        """A client's or a worker's."""
        ...

    @property
    def salt(self) -> str | None:
        """What opens the answers about them."""
        ...


PersonOf = Callable[[Any], Person | None]


def sealed(answer: Answer, event_id: str, person: Person | None) -> Answer:
    """The answer as its event keeps it."""
    if person is None or person.salt is None:
        return answer
    content = base64.b85encode(packed([answer.body])).decode()
    return replace(answer, body=f"{MARK}{person.id}:{sealing.sealed(content, event_id, salt=person.salt)}")


def opened(event: Event, store: Store) -> Event:
    """The event with its answer as it was given; one that names nobody is of the first person that its event
    is about. Raises Erased."""
    answer = event.answer
    if answer is None or not answer.body.startswith(MARK):
        return event
    named, _, box = answer.body.removeprefix(MARK).rpartition(":")
    person_id = named or next(one for one in event.about if prefix_of(one) in _PEOPLE)
    found = store.read(_PEOPLE[prefix_of(person_id)], person_id)
    if found is None or found[0].salt is None:
        raise Erased("what was answered told of a person whose data has been erased")
    content = sealing.opened(box, event.id, salt=found[0].salt)
    return replace(event, answer=replace(answer, body=unpacked(base64.b85decode(content))[0]))
