"""What is personal is sealed at rest, opens only where it lies, and costs the others nothing."""

import json
import traceback
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.access.clients import Client
from marketplace.shared.events import Answer, Event, EventType
from marketplace.shared.private import Private, private_paths
from marketplace.storage import codec, sealing
from marketplace.storage.packing import packed
from marketplace.storage.packing_dictionary import DICTIONARIES
from tests.fakes.standing_keys import StandingKeys

TEXTS = st.text(st.characters(codec="utf-8"))


@dataclass(frozen=True)
class Note:
    text: Private[str]
    read: bool = False


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    birthday: Private[tuple[int, ...] | None] = None
    note: Note | None = None
    notes: tuple[Note, ...] = ()
    phones: dict[str, Private[str]] | None = None


@pytest.fixture
def keys() -> Iterator[StandingKeys]:
    before = sealing._keys()
    standing = StandingKeys()
    sealing.use(standing)
    yield standing
    sealing.use(before)


def test_private_fields_are_found_however_deep_they_lie() -> None:
    assert private_paths(Person) == (
        ("birthday",),
        ("note", "text"),
        ("notes", "*", "text"),
        ("phones", "*"),
    )
    assert private_paths(Client) == (("email",),)


@settings(max_examples=30)
@given(text=TEXTS, details=st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_whatever_is_sealed_comes_back(text: str, details: dict[str, str]) -> None:
    person = Person("per_1", "Ada", (1, 2), Note(text), (Note(text),), {"home": text})
    event = Event("evt_1", EventType.CALL_ANSWERED, 1, "", "", (), answer=Answer(201, json.dumps(text)))
    event = replace(event, details=details)
    body = codec.head_body(person, [event])
    assert codec.load(Person, codec.head_texts("per_1", body)[0]) == person
    assert codec.riding_on("per_1", body) == (event,)
    assert codec.event_of(codec.event_item(event)) == event


def test_nothing_that_was_said_can_be_read_at_rest() -> None:
    person = Person("per_1", "secret", note=Note("secret" * 100))
    event = Event("evt_1", EventType.CALL_ANSWERED, 1, "", "", (), answer=Answer(201, '"secret"'))
    event = replace(event, details={"note": "secret"})
    kept = [codec.head_body(person, [event]), str(codec.event_item(event).serialize()).encode()]
    for body in kept:
        assert b"secret" not in body
        assert not body.startswith(bytes(DICTIONARIES))


def test_what_was_kept_in_plain_stays_readable() -> None:
    kept = '{"id":"cli_1","name":"Acme","country":"US","email":"ops@acme.example","created_at":1}'
    assert codec.load(Client, kept).email == "ops@acme.example"


def test_a_broken_head_does_not_tell_what_is_in_it() -> None:
    kept = '{"id":"cli_1","name":"Acme","country":1,"email":"secret","created_at":"x"}'
    with pytest.raises(codec.UnreadableHead) as broken:
        codec.load(Client, kept)
    assert "secret" not in "".join(traceback.format_exception(broken.value))


def test_what_was_sealed_field_by_field_stays_readable() -> None:
    email = {sealing.SEALED: sealing.sealed('"ops@acme.example"', "cli_1/email")}
    kept = json.dumps(
        {"id": "cli_1", "name": "Acme", "country": "US", "email": email, "created_at": 1},
        separators=(",", ":"),
    )
    assert codec.load(Client, kept).email == "ops@acme.example"


def test_an_event_that_was_kept_in_plain_stays_readable() -> None:
    told = Event("evt_1", EventType.CALL_ANSWERED, 1, "", "", (), details={"note": "x"})
    item = codec.event_item(told)
    item.told, item.details = None, '{"note":"x"}'
    assert codec.event_of(item) == told
    item.answer_status, item.answer = 201, zlib.compress(b"{}")
    assert codec.event_of(item) == replace(told, answer=Answer(201, "{}"))
    assert codec.riding_on(
        "cli_1",
        packed(
            [
                "{}",
                '{"id":"evt_1","type":"call.answered","at":1,"actor":"","request_id":"","about":[]}',
                "",
                "",
            ]
        ),
    ) == (replace(told, details={}),)


def test_a_sealed_body_opens_in_its_own_place_only() -> None:
    client = Client("cli_1", "Acme", "US", "ops@acme.example", 1)
    body = codec.head_body(client, ())
    with pytest.raises(InvalidTag):
        codec.head_texts("cli_2", body)
    assert codec.head_body(client, ()) == body


def test_a_key_may_change_and_what_it_sealed_stays_readable(keys: StandingKeys) -> None:
    client = Client("cli_1", "Acme", "US", "ops@acme.example", 1)
    before = codec.head_body(client, ())
    keys.number += 1
    assert codec.head_body(client, ()) != before
    assert codec.load(Client, codec.head_texts("cli_1", before)[0]) == client


@settings(max_examples=30)
@given(text=TEXTS, salt=TEXTS, other=TEXTS)
def test_without_its_salt_nothing_opens(text: str, salt: str, other: str) -> None:
    box = sealing.sealed(text, "place", salt=salt)
    assert sealing.opened(box, "place", salt=salt) == text
    if salt != other:
        with pytest.raises(InvalidTag):
            sealing.opened(box, "place", salt=other)
