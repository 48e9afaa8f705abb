"""An operator can send events again, and it changes nothing that has happened."""

from datetime import UTC, datetime, timedelta

import pytest

from cli.relay import instant, send_again
from tests.people import World


def test_events_sent_again_reach_their_queues_and_have_no_second_effect(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    client = world.client(USD=5_000)
    before = client.get("/v1/wallet"), client.get("/v1/wallet/entries")
    now = datetime.now(UTC)
    assert send_again(world.system.runtime, since=now - timedelta(minutes=1), until=now) == 0
    assert int(capsys.readouterr().out.removeprefix("events sent again: ")) >= 3
    world.settle()
    assert (client.get("/v1/wallet"), client.get("/v1/wallet/entries")) == before


def test_an_instant_is_utc_unless_it_says_otherwise() -> None:
    assert instant("2026-11-22T03:04:05") == instant("2026-11-22T04:04:05+01:00")
