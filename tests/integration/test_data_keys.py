"""Data keys come from KMS once for a process, and what one process seals another one opens."""

from collections import Counter
from typing import Any

import pytest

from marketplace.access.clients import Client
from marketplace.storage import sealing
from marketplace.storage.data_keys import CACHED_SECONDS_MAX, ROTATION_SECONDS, KmsKeys
from marketplace.storage.models import HeadItem
from sandbox.system import System
from tests.people import World

NOW = 4_000_000_000.0
SPAN = iter(range(1_000_000))


class Process:
    """A process with a clock and a memory of its own. `asked` counts what KMS was asked."""

    def __init__(self, system: System, now: float) -> None:
        runtime = system.runtime
        self.now = now
        self.asked: Counter[str] = Counter()
        self._kms = runtime.aws("kms")
        self.keys = KmsKeys(
            lambda: self,
            runtime.store.connection,
            table=runtime.settings.heads_table,
            master=runtime.settings.personal_data_key,
            real_seconds=lambda: self.now,
        )

    def generate_data_key(self, **request: Any) -> Any:
        self.asked["generate"] += 1
        return self._kms.generate_data_key(**request)

    def decrypt(self, **request: Any) -> Any:
        self.asked["decrypt"] += 1
        return self._kms.decrypt(**request)


@pytest.fixture
def now() -> float:
    """A span of time that no other test has a key for."""
    return NOW + next(SPAN) * ROTATION_SECONDS


def test_a_process_asks_once_and_agrees_with_the_others(system: System, now: float) -> None:
    first, second = Process(system, now), Process(system, now)
    made = [first.keys.current() for _ in range(3)]
    found = [second.keys.current() for _ in range(3)]
    assert made == found
    assert first.asked == {"generate": 1}
    assert second.asked == {"decrypt": 1}
    second.now += CACHED_SECONDS_MAX + 1
    assert second.keys.current() == made[0]
    assert second.asked == {"decrypt": 2}


def test_a_span_later_another_key_seals_and_the_old_one_still_opens(system: System, now: float) -> None:
    process = Process(system, now)
    number, key = process.keys.current()
    process.now += ROTATION_SECONDS
    assert process.keys.current() != (number, key)
    assert process.keys.of(number) == key


def test_two_that_make_a_key_at_once_end_with_the_same(
    system: System, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    winner, loser = Process(system, now), Process(system, now)
    made = winner.keys.current()
    looked = loser.keys._found
    seen = iter([None])
    monkeypatch.setattr(loser.keys, "_found", lambda number: next(seen, looked(number)))
    assert loser.keys.current() == made


def test_an_email_is_not_in_the_tables(world: World) -> None:
    made = world.person("operator").post(
        "/v1/clients", {"name": "Acme", "country": "US", "email": "marked@acme.example"}
    )
    assert HeadItem.get(made["id"]).body.startswith(sealing.CLOSED)
    found = world.system.runtime.store.read(Client, made["id"])
    assert found is not None
    assert found[0].email == "marked@acme.example"
