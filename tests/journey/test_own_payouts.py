"""Our own money leaves our balance at Stripe for our bank, and comes back: finance can explain every line."""

from collections.abc import Iterator
from typing import Any

import pytest

from app import app
from sandbox.calendar import Calendar, Daily, declared
from tests.dashboard import Dashboard
from tests.journey.test_reconciliation import CLASSES, reconcile
from tests.journey.test_suspense import in_suspense
from tests.people import Caller, World

WALLET = 20_000
OURS = 500


@pytest.fixture
def finance(world: World) -> Caller:
    return world.person("finance")


@pytest.fixture
def dashboard(world: World) -> Dashboard:
    """With money that can be sent away, and a bank that takes it at once."""
    world.client(USD=WALLET)
    world.advance(days=6)
    opened = Dashboard(world.system.runtime.settings)
    world.sandbox(f"stripe/accounts/{opened.account()}/bank", {"currency": "usd", "instant": True})
    return opened


def at_bank(finance: Caller) -> int:
    rows = finance.get("/v1/finance/accounts/platform:bank")["balances"]
    return sum(row["balance"] for row in rows if row["currency"] == "USD")


def matched(world: World, finance: Caller, start: int) -> int:
    """How many lines since then have a partner; none has not."""
    counts: dict[str, Any] = reconcile(world, finance, start, world.system.clock.now() + 1)["counts"]
    assert counts == {**dict.fromkeys(CLASSES, 0), "matched": counts["matched"]}
    return int(counts["matched"])


def test_what_goes_to_our_bank_and_comes_back_is_booked_line_by_line(
    world: World, finance: Caller, dashboard: Dashboard
) -> None:
    start, before = world.system.clock.now(), at_bank(finance)
    payout = dashboard.pay_out(OURS)
    dashboard.pay_out(OURS, "instant")
    world.settle()
    assert at_bank(finance) == before + 2 * OURS
    assert matched(world, finance, start) == 3
    world.advance(days=3)
    world.sandbox(f"stripe/payouts/{payout}/fail", {"failure_code": "account_closed"})
    world.settle()
    assert at_bank(finance) == before + OURS
    assert matched(world, finance, start) == 4


@pytest.fixture
def nightly(world: World) -> Iterator[Daily]:
    """The only thing that is done every night."""
    passing = world.system.time
    (schedule,) = (one for one in declared(app) if one.name == "list_own_payouts")
    usual, passing.calendar = passing.calendar, Calendar(world.system.clock, [schedule])
    yield schedule
    passing.calendar = usual


def until(world: World, nightly: Daily) -> None:
    """It has just been done; the next time is a day away."""
    now = world.system.clock.now()
    world.advance(seconds=nightly.after(now) - now)


def test_what_no_webhook_told_of_is_booked_at_night_and_leaves_suspense(
    world: World, finance: Caller, dashboard: Dashboard, nightly: Daily
) -> None:
    until(world, nightly)
    start, before, unexplained = world.system.clock.now(), at_bank(finance), in_suspense(finance)
    world.sandbox("stripe/webhooks", {"drop": 1.0})
    try:
        dashboard.pay_out(OURS)
        run = reconcile(world, finance, start, world.system.clock.now() + 1)
        (row,) = finance.get(f"/v1/finance/reconciliations/{run['id']}/exceptions")["data"]
        finance.post(f"/v1/finance/exceptions/{row['id']}/suspend", {"reason": "whose is that?"})
        world.settle()
        assert (at_bank(finance), in_suspense(finance)) == (before, unexplained + OURS)
        until(world, nightly)
    finally:
        world.http.delete("/sandbox/stripe/webhooks")
    world.settle()
    assert (at_bank(finance), in_suspense(finance)) == (before + OURS, unexplained)
    assert matched(world, finance, start) == 1
    (row,) = finance.get(f"/v1/finance/reconciliations/{run['id']}/exceptions")["data"]
    assert (row["status"], row["resolved_by"]) == ("resolved", "reconciliation")
