"""What is personal is sealed at rest, opens only where it lies, and costs the others nothing."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.access.clients import Client
from marketplace.shared.private import Private, private_paths
from marketplace.storage import codec, sealing
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
@given(text=TEXTS, texts=st.lists(TEXTS, max_size=3), phones=st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_whatever_is_sealed_comes_back(text: str, texts: list[str], phones: dict[str, str]) -> None:
    person = Person("per_1", "Ada", (1, 2), Note(text), tuple(map(Note, texts)), phones)
    assert codec.load(Person, codec.dump(person)) == person


def test_nothing_private_can_be_read_in_a_head() -> None:
    told = codec.dump(Person("per_1", "Ada", (19, 70), Note("secret"), (Note("secret"),), {"home": "secret"}))
    assert "secret" not in told
    assert "19,70" not in told
    assert "Ada" in told


def test_what_was_kept_in_plain_stays_readable() -> None:
    kept = '{"id":"cli_1","name":"Acme","country":"US","email":"ops@acme.example","created_at":1}'
    assert codec.load(Client, kept).email == "ops@acme.example"


def test_a_broken_head_does_not_tell_what_is_in_it() -> None:
    kept = '{"id":"cli_1","name":"Acme","country":1,"email":"secret","created_at":"x"}'
    with pytest.raises(codec.UnreadableHead) as broken:
        codec.load(Client, kept)
    assert "secret" not in "".join(traceback.format_exception(broken.value))


def test_a_sealed_field_opens_in_its_own_head_only() -> None:
    client = Client("cli_1", "Acme", "US", "ops@acme.example", 1)
    stolen = codec.dump(client).replace("cli_1", "cli_2")
    with pytest.raises(InvalidTag):
        codec.load(Client, stolen)
    assert codec.dump(client) != codec.dump(replace(client, id="cli_2")).replace("cli_2", "cli_1")


def test_a_key_may_change_and_what_it_sealed_stays_readable(keys: StandingKeys) -> None:
    client = Client("cli_1", "Acme", "US", "ops@acme.example", 1)
    before = codec.dump(client)
    keys.number += 1
    assert codec.dump(client) != before
    assert codec.load(Client, before) == client


@settings(max_examples=30)
@given(text=TEXTS, salt=TEXTS, other=TEXTS)
def test_without_its_salt_nothing_opens(text: str, salt: str, other: str) -> None:
    box = sealing.sealed(text, "place", salt=salt)
    assert sealing.opened(box, "place", salt=salt) == text
    if salt != other:
        with pytest.raises(InvalidTag):
            sealing.opened(box, "place", salt=other)
