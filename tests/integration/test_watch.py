"""The watchdog names money that should have moved and has not, and nothing else."""

import json
from contextlib import suppress

import pytest

from chalicelib.schedules import watch_payouts
from chalicelib.wakes import WAKES
from cli.watch import report_unmoved
from sandbox.calendar import scheduled_event
from sandbox.system import System
from tests.bench import Bench
from tests.dashboard import Dashboard
from tests.journey.test_disputes import Quarrel, part
from tests.journey.test_payout_policies import SCHEDULE, paid_worker, rules
from tests.people import World

NIGHT = scheduled_event("watch_payouts", 1_795_323_600)


def named(world: World, capsys: pytest.CaptureFixture[str], subject: str) -> list[str]:
    """The watchdog's lines about `subject`; other tests leave all sorts of things in the same tables."""
    code = report_unmoved(world.system.runtime)
    lines = capsys.readouterr().out.splitlines()
    assert code == (lines[-1] != "all money moves")
    return [line for line in lines if line.startswith(subject)]


def test_earnings_that_a_schedule_forgot_are_named_until_they_move(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, manual = paid_worker(world), paid_worker(world)
    worker.call("PUT", SCHEDULE, {"interval": "daily"})
    world.settle()
    with monkeypatch.context() as forgetful:
        forgetful.setitem(WAKES, "psc", lambda identifier, tx: None)
        world.advance(days=2)
        assert named(world, capsys, worker.id) == []
        world.advance(days=2)
        (line,) = named(world, capsys, worker.id)
        assert "9000 USD" in line
        assert named(world, capsys, manual.id) == []
    world.advance(days=1)
    world.settle()
    assert named(world, capsys, worker.id) == []


def test_a_payout_that_waits_for_too_long_is_named_and_raises_the_alarm(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with rules(world, approval_above=1_000):
        worker, finance = paid_worker(world), world.person("finance")
        payout = worker.post("/v1/payouts", {}, status=201)
        world.advance(days=4)
        assert named(world, capsys, payout["id"]) == []
        world.advance(days=1)
        (line,) = named(world, capsys, payout["id"])
        assert "needs_approval" in line
        assert watch_payouts(NIGHT, None)["unmoved"] >= 1
        logged = []
        for text in capsys.readouterr().out.splitlines():
            with suppress(ValueError):
                logged.append(json.loads(text))
        assert any(row.get("UnmovedMoney", [0])[0] >= 1 and row["stage"] == "local" for row in logged)
        finance.post(f"/v1/finance/payouts/{payout['id']}/cancel")
        assert named(world, capsys, payout["id"]) == []


def test_a_dispute_that_no_operator_decides_is_named_until_one_does(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    quarrel = Quarrel(world)
    dispute = quarrel.claim(quarrel.worker, 5_000)
    path = f"/v1/disputes/{dispute['id']}"
    quarrel.client.post(f"{path}/escalate")
    world.advance(days=4)
    assert named(world, capsys, dispute["id"]) == []
    world.advance(days=1)
    (line,) = named(world, capsys, dispute["id"])
    assert "10001 USD" in line
    quarrel.operator.post(f"{path}/decide", {**part(5_000), "reason": "half is there"})
    assert named(world, capsys, dispute["id"]) == []


def test_what_we_owe_and_have_sent_to_our_own_bank_is_named(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    with Bench(system) as bench:
        bench.card_paid(bench.client(), 20_000)()
        bench.pass_time(3 * 86_400)
        payout = Dashboard(bench.runtime.settings).pay_out(500)
        assert report_unmoved(bench.runtime) == 0
        bench.told_by_stripe("payout.created", payout)()
        assert report_unmoved(bench.runtime) == 1
    (line, _) = capsys.readouterr().out.splitlines()[-2:]
    assert line.startswith("platform:bank: 500 USD since ")
