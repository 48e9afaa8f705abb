"""Timers fire in spite of each other."""

import pytest

from chalicelib.schedules import fire_all
from chalicelib.wakes import WAKES
from marketplace.shared.transaction import Transaction
from tests.people import World, usd


def test_a_wake_that_breaks_does_not_stop_the_timers_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, worker = world.client(), world.worker()
    pay = {"model": "milestone", "budget": usd(100)}
    sooner = world.task(client, pay, bidding_closes_at=world.in_seconds(60))
    broken = worker.post(f"/v1/tasks/{sooner['id']}/bids", {"price": usd(100)}, status=201)
    bid = worker.post(f"/v1/tasks/{world.task(client, pay)['id']}/bids", {"price": usd(100)}, status=201)
    offer = client.post(f"/v1/bids/{bid['id']}/award", status=201)

    def breaks(identifier: str, tx: Transaction) -> None:
        raise RuntimeError(identifier)

    with monkeypatch.context() as patched:
        patched.setitem(WAKES, "bid", breaks)
        world.system.clock.move_to(world.system.clock.now() + 7 * 86_400)
        fire_all(world.system.runtime)
        assert worker.get(f"/v1/contracts/{offer['id']}")["status"] == "cancelled"
        assert worker.get(f"/v1/bids/{broken['id']}")["status"] == "submitted"
    fire_all(world.system.runtime)
    assert worker.get(f"/v1/bids/{broken['id']}")["status"] == "expired"
