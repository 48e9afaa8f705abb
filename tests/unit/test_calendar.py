"""What the product has done every night, in the sandbox."""

import pytest

from app import app
from sandbox.calendar import DAY_SECONDS, Calendar, daily, declared
from sandbox.clock import MovableClock


def test_all_that_is_deployed_for_the_night_is_done_in_the_sandbox() -> None:
    assert {one.name for one in declared(app)} == {
        "watch_payouts",
        "list_disputes",
        "list_own_payouts",
        "audit_ledger",
    }


def test_each_is_done_once_a_day_at_its_time_whatever_the_others_do() -> None:
    clock, done = MovableClock(), list[str]()
    clock.freeze()

    def broken(*_: object) -> None:
        done.append("broken")
        raise RuntimeError

    calendar = Calendar(
        clock,
        (
            daily("second", "cron(30 5 * * ? *)", lambda event, _: done.append(event["time"][11:])),
            daily("first", "cron(0 5 * * ? *)", broken),
        ),
    )
    midnight = (clock.now() // DAY_SECONDS + 2) * DAY_SECONDS
    clock.move_to(midnight)
    calendar.run_due()
    done.clear()
    assert calendar.next_due() == midnight + 5 * 3_600
    assert calendar.run_due() == 0
    clock.move_to(midnight + 6 * 3_600)
    assert (calendar.run_due(), calendar.run_due()) == (2, 0)
    assert done == ["broken", "05:30:00Z"]
    assert calendar.next_due() == midnight + DAY_SECONDS + 5 * 3_600


def test_a_schedule_that_the_sandbox_cannot_keep_is_refused() -> None:
    with pytest.raises(ValueError, match="every day"):
        daily("weekly", "cron(0 5 ? * MON *)", lambda *_: None)
