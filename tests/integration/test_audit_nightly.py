"""The nightly audit looks at what is new, goes on where it stopped, and forgets nothing that is broken."""

import time
from collections.abc import Callable, Iterator

import pytest
from pynamodb.attributes import NumberAttribute

from chalicelib import schedules
from chalicelib.schedules import AuditBehind, audit_ledger
from marketplace.storage import audit_nightly, audit_touched, ledger, seals
from marketplace.storage.audit_nightly import AUDITED, AUDITED_SUMS, audit_since_the_last
from marketplace.storage.models import BalanceItem
from tests.integration.test_audit import client, contract
from tests.integration.test_audit_sums import DAY, LONG_AGO, history
from tests.integration.test_watch import NIGHT
from tests.people import Caller, World

__all__ = ["client", "contract", "history"]  # pytest finds the fixtures here


def pieces(count: int) -> Callable[[], float]:
    """Time for so many pieces."""
    left = iter([audit_nightly.PIECE_SECONDS] * count)
    return lambda: next(left, 0)


def test_what_is_broken_is_found_every_night_until_it_is_mended(
    history: int,
    client: Caller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of all that other tests leave in the tables it looks at this client's events alone."""
    wallet, amount = f"client:{client.id}:wallet", NumberAttribute(attr_name="USD_wallet")
    there = ledger.events_in

    def ours(start: int) -> Iterator[ledger.Indexed]:
        return (event for event in there(start) if client.id in event.about)

    monkeypatch.setattr(ledger, "events_in", ours)
    monkeypatch.setattr(audit_nightly, "LAG_SECONDS", -3_600)
    for cursor in (AUDITED, AUDITED_SUMS):
        seals.move_cursor(cursor, int(time.time()) // 3_600 * 3_600 - 3_600)

    def told() -> bool:
        caplog.clear()
        audit_ledger(NIGHT, None)
        return wallet in {vars(record).get("about") for record in caplog.records}

    BalanceItem(f"client:{client.id}").update([amount.add(1)])
    assert [told(), told()] == [True, True]
    assert '"AuditBreaches"' in capsys.readouterr().out
    BalanceItem(f"client:{client.id}").update([amount.add(-1)])
    assert not told()


def test_it_goes_on_where_it_stopped_and_comes_back_to_what_was_broken(
    world: World, history: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three days with a journal each, two of them rolled up, a new piece a run; the first seal is wrong for a
    while."""
    store, first = world.system.runtime.store, LONG_AGO + 300 * DAY
    world.settle()  # what is not projected yet would be broken as well
    for cursor in (AUDITED, AUDITED_SUMS):
        seals.move_cursor(cursor, first)
    sealed = ledger.fold(first)
    seals.put(first, ledger.fold(first + DAY - 300))
    monkeypatch.setattr(audit_touched, "EVENTS_MAX", 1)
    reached = []
    for count in (1, 2):
        report = audit_since_the_last(store, pieces(count))
        assert report.behind_seconds > DAY
        assert f"bucket {first}" in {breach.subject for breach in report.breaches}
        reached.append((seals.cursor(AUDITED_SUMS) - first) // DAY)
    assert reached == [1, 2]
    seals.put(first, sealed)
    report = audit_since_the_last(store, pieces(2))
    assert not any(str(first) in breach.subject for breach in report.breaches)
    assert seals.cursor(AUDITED) == first + 300
    assert audit_since_the_last(store, pieces(1)).checked[10]
    assert seals.cursor(AUDITED) == first + DAY + 300


def test_one_that_gets_days_behind_says_so(world: World, history: int) -> None:
    seals.move_cursor(AUDITED, LONG_AGO)

    class Short:
        def get_remaining_time_in_millis(self) -> int:
            return 1_000

    with pytest.raises(AuditBehind):
        audit_ledger(NIGHT, Short())
    assert report_behind(world) > schedules.BEHIND_SECONDS_MAX


def report_behind(world: World) -> int:
    return audit_since_the_last(world.system.runtime.store, pieces(0)).behind_seconds
