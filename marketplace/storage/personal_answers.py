"""Answers that tell of a person, as events keep them: sealed, under a salt that lies with the person.

    ~wrk_...:<number of the data key>.<nonce and ciphertext>

Events are appended and never changed. So an answer with personal data is sealed when it comes to lie with its
event, and opens for as long as its person's head has its salt: erasing the salt erases what every event told
of them. While the event still rides on a head the answer lies there as it is, beside its salt; a head that is
forgotten lets go of what rides on it (`Transaction.forget`).
"""

import base64
from collections.abc import Mapping
from typing import Any, Protocol

from marketplace.access.clients import Client
from marketplace.people.workers import Worker
from marketplace.shared.errors import Erased
from marketplace.shared.events import Answer, Event
from marketplace.shared.ids import prefix_of
from marketplace.shared.records import dataclass, replace
from marketplace.storage import sealing
from marketplace.storage.packing import packed, unpacked

MARK = "~"
"""What a sealed answer begins with; JSON cannot. Whose it is comes next, up to a colon."""

PEOPLE: dict[str, type[Any]] = {"cli": Client, "wrk": Worker}


@dataclass(frozen=True)
class Known:
    """A person of whom no more is known."""

    id: str
    salt: str | None


class Person(Protocol):
    """Whoever has a salt; None for one who was there before salts were."""

    @property
    def id(self) -> str:
        """Theirs."""
        ...

    @property
    def salt(self) -> str | None:
        """What opens the answers about them."""
        ...


def of_person(answer: Answer, person: Person | None) -> Answer:
    """The answer as one that tells of `person`."""
    if person is None or person.salt is None:
        return answer
    return replace(answer, person=person.id, salt=person.salt)


def sealed(answer: Answer, event_id: str) -> Answer:
    """The answer as it lies with its event."""
    if not answer.salt:
        return answer
    content = base64.b85encode(packed([answer.body])).decode()
    box = sealing.sealed(content, event_id, salt=answer.salt)
    return Answer(answer.status, f"{MARK}{answer.person}:{box}")


def people_in(event: Event) -> dict[str, type[Any]]:
    """Whose salt is needed to read the event's answer, and their kind; nobody's where it is told in plain."""
    answer = event.answer
    if answer is None or not (answer.salt or answer.body.startswith(MARK)):
        return {}
    person_id = answer.person or _parts(answer)[0]
    if not person_id:
        person_id = next(one for one in event.about if prefix_of(one) in PEOPLE)
    return {person_id: PEOPLE[prefix_of(person_id)]}


def _parts(answer: Answer) -> tuple[str, str]:
    """Whose a sealed answer is, and its box; in older ones nobody is named, and it is who the event names."""
    person_id, _, box = answer.body.removeprefix(MARK).rpartition(":")
    return person_id, box


def opened(event: Event, people: Mapping[str, Person]) -> Event:
    """The event with its answer as it was given, where those that it tells of are among `people`. Raises
    Erased."""
    answer = event.answer
    for person_id in people_in(event):
        salt = people[person_id].salt if person_id in people else None
        if answer is None or salt is None or answer.salt not in ("", salt):
            raise Erased("what was answered told of a person whose data has been erased")
        if not answer.salt:
            content = sealing.opened(_parts(answer)[1], event.id, salt=salt)
            return replace(event, answer=Answer(answer.status, unpacked(base64.b85decode(content))[0]))
    return event


def are_one(riding: Event, lying: Event) -> bool:
    """Whether the event that rides on a head is the one that lies in its table: there its answer is sealed,
    and what rides has the salt that opens it."""
    answer = riding.answer
    people = {answer.person: Known(answer.person, answer.salt)} if answer and answer.salt else {}
    return _without_person(opened(lying, people)) == _without_person(riding)


def _without_person(event: Event) -> Event:
    answer = event.answer
    return replace(event, answer=Answer(answer.status, answer.body)) if answer else event
