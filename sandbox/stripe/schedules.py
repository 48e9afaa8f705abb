"""Payout schedules: when the available balance of an account goes to its bank by itself.

Days begin at midnight UTC, and every day is a business day here.
Source: https://docs.stripe.com/connect/manage-payout-schedule
"""

import calendar
from datetime import UTC, date, datetime, timedelta

from sandbox.stripe.errors import invalid, missing_parameter
from sandbox.stripe.params import Hash, Integer, ListOf, OneOf
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM, State
from sandbox.stripe.step import Action, Step

INTERVALS = ("daily", "manual", "monthly", "weekly")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
DELAY_DAYS = 2
MONTH_DAY_MAX = 31

OWN = "own_account"
"""The shelf of the platform's own account, apart from the connected ones."""

MANUAL: Obj = {"delay_days": DELAY_DAYS, "interval": "manual"}
DAILY: Obj = {"delay_days": DELAY_DAYS, "interval": "daily"}

_DAY_OF_MONTH = Integer(at_least=1, at_most=MONTH_DAY_MAX)

DAYS = Hash(
    {
        "interval": OneOf(*INTERVALS),
        "monthly_payout_days": ListOf(_DAY_OF_MONTH),
        "weekly_payout_days": ListOf(OneOf(*WEEKDAYS)),
    }
)
"""What `balance_settings` takes of a schedule."""

ANCHORED = Hash({**DAYS.optional, "monthly_anchor": _DAY_OF_MONTH, "weekly_anchor": OneOf(*WEEKDAYS)})
"""What an account takes of a schedule: a single day can be given as its anchor."""


def changed(former: Obj, given: Obj, *, name: str) -> Obj:
    """The schedule after `given` (read by ANCHORED or DAYS), as an account shows it.

    Raises StripeError: a weekly or monthly schedule without its days, or days of another interval.
    """
    interval = given.get("interval", former["interval"])
    made: Obj = {"delay_days": former["delay_days"], "interval": interval}
    for kind in ("weekly", "monthly"):
        anchor_name, days_name = f"{kind}_anchor", f"{kind}_payout_days"
        days = given.get(days_name) or ([given[anchor_name]] if anchor_name in given else [])
        if interval == kind:
            made |= _shown(anchor_name, days_name, days or former.get(days_name), name)
        elif days:
            refused = anchor_name if anchor_name in given else days_name
            raise invalid(f"`{refused}` only applies to {kind} payouts.", f"{name}[{refused}]")
    return made


def _shown(anchor_name: str, days_name: str, days: list[object] | None, name: str) -> Obj:
    if not days:
        raise missing_parameter(f"{name}[{anchor_name}]")
    return {days_name: days, anchor_name: days[0]} if len(days) == 1 else {days_name: days}


def of(state: State, account: str) -> Obj:
    """The schedule of an account; the platform's is manual until it is set, and so is that of one gone."""
    shelf = state.shelf(PLATFORM, OWN).rows if account == PLATFORM else ()
    row = next(iter(shelf), None) if account == PLATFORM else state.shelf(PLATFORM, "account").get(account)
    schedule: Obj = MANUAL if row is None else row["settings"]["payouts"]["schedule"]
    return schedule


def next_payout(schedule: Obj, after: int) -> int | None:
    """The first instant later than `after` at which the schedule pays out (epoch seconds); None if manual."""
    if schedule["interval"] == "manual":
        return None
    day = datetime.fromtimestamp(after, UTC).date() + timedelta(days=1)
    while not _pays_on(schedule, day):
        day += timedelta(days=1)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def pays_at(schedule: Obj, at: int) -> bool:
    """Whether that instant (a midnight) is one of the schedule's."""
    return schedule["interval"] != "manual" and _pays_on(schedule, datetime.fromtimestamp(at, UTC).date())


def _pays_on(schedule: Obj, day: date) -> bool:
    if schedule["interval"] == "weekly":
        return day.weekday() in [WEEKDAYS.index(name) for name in schedule["weekly_payout_days"]]
    if schedule["interval"] == "monthly":
        last = calendar.monthrange(day.year, day.month)[1]
        return day.day in [min(wanted, last) for wanted in schedule["monthly_payout_days"]]
    return True


def arm(step: Step) -> None:
    """Lets the next payout of this account happen, if it has money to pay out and none is awaited already."""
    held = step.state.balances.get(step.account, {})
    if not any(available > 0 for available, _ in held.values()):
        return
    at = next_payout(of(step.state, step.account), step.at)
    if at is not None and not step.state.agenda.awaits(Action.PAYOUT_SCHEDULED, step.account, at):
        step.later(at, Action.PAYOUT_SCHEDULED, step.account)
