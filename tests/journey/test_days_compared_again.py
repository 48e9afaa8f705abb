"""Each day is compared with Stripe unasked, and again when something late came in; exceptions close then."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.schedules import compare_days
from chalicelib.types import rfc3339
from chalicelib.work import comparing_days
from cli.compare import report_compared
from marketplace.reconciliation import days
from marketplace.reconciliation.days import DAY_SECONDS
from marketplace.shared.accounts import LOSSES, STRIPE
from marketplace.shared.events import Cause, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.journal import Posting
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage import written_journals
from marketplace.storage.written_journals import Walked
from sandbox.calendar import scheduled_event
from tests.journey.test_reconciliation import reconcile
from tests.journey.test_suspense import AMOUNT, charged_by_nobody
from tests.people import Caller, World

RUNS = "/v1/finance/reconciliations"
NIGHT = scheduled_event("compare_days", 1_795_323_600)
SIX = 6 * 3_600


@pytest.fixture
def finance(world: World) -> Caller:
    return world.person("finance")


@pytest.fixture
def day(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """Noon of a day of its own. One day is compared at a time, and what was just written is looked at."""
    monkeypatch.setattr(comparing_days, "DAYS_PER_STEP", 1)
    walk = written_journals.walk

    def to_now(since: int, **_: object) -> Walked:
        """As if the bucket that grows were over; the next walk comes by again."""
        return replace(walk(since, settled=False), until=since + 1)

    monkeypatch.setattr(written_journals, "walk", to_now)
    monkeypatch.setattr(days, "INDEX_LAG_MS", 0)
    now = world.system.clock.now()
    world.advance(seconds=7 * DAY_SECONDS - now % DAY_SECONDS + 2 * SIX)
    return world.system.clock.now() // DAY_SECONDS * DAY_SECONDS


def compared(world: World) -> int:
    """The next hour's step, and what it starts; how many days that were."""
    world.advance(hours=1)
    started: int = compare_days(NIGHT, None)["started"]
    world.settle()
    return started


def runs_of(finance: Caller, day: int) -> list[Any]:
    """The runs of just that day, newest first."""
    rows = finance.get(f"{RUNS}?limit=20")["data"]
    return [row for row in rows if (row["from"], row["to"]) == (rfc3339(day), rfc3339(day + DAY_SECONDS))]


def exceptions(finance: Caller, run_id: str) -> list[Any]:
    rows = finance.get(f"{RUNS}/{run_id}/exceptions")["data"]
    return sorted((row for row in rows if row["class"] == "missing_in_ledger"), key=lambda row: row["id"])


def posted_late(world: World, balance_transaction: str, at: int) -> None:
    """The journal of what only Stripe had."""

    def posted(tx: Transaction) -> None:
        moved = (Posting(STRIPE, debit=AMOUNT), Posting(LOSSES, credit=AMOUNT))
        tx.post("USD", "late", moved, references=(balance_transaction,))
        tx.publish(EventType.STRIPE_FEE_POSTED, about=(balance_transaction,))

    run(world.system.runtime.store, Cause(new_id("evt"), "test", new_id("req"), at), posted)


def test_a_day_is_compared_unasked_and_again_when_its_journals_come_late(
    world: World, finance: Caller, day: int
) -> None:
    charged_by_nobody(world)
    at = world.system.clock.now()
    world.advance(seconds=DAY_SECONDS + SIX - at % DAY_SECONDS)
    assert compared(world) == 1
    (first,) = runs_of(finance, day)
    found = exceptions(finance, first["id"])
    assert [(row["status"], row["reconciliation_id"]) for row in found] == [("open", first["id"])]
    world.advance(hours=1)
    assert report_compared(world.system.runtime) == 0
    asked = reconcile(world, finance, day, day + DAY_SECONDS)
    assert len(runs_of(finance, day)) == 2  # nothing has come in: that of finance is the second one
    assert [row["id"] for row in exceptions(finance, asked["id"])] == [row["id"] for row in found]

    posted_late(world, found[0]["stripe"], at)
    assert compared(world) == 1
    last = runs_of(finance, day)[0]
    assert (last["counts"]["missing_in_ledger"], exceptions(finance, last["id"])) == (0, [])
    for run_id in (first["id"], asked["id"]):
        closed = exceptions(finance, run_id)
        assert {(row["status"], row["resolved_by"], row["resolved_in"]) for row in closed} == {
            ("resolved", "reconciliation", last["id"])
        }
        assert {row["resolution"] for row in closed} == {"both sides have it now"}
    chain = finance.get(f"/v1/finance/trace/{last['id']}")["chain"]
    assert any(link["detail"].startswith("exception.resolved") for link in chain)
