"""When a worker's earnings are paid out by themselves."""

from typing import Annotated, Any, Literal

from pydantic import PlainValidator, WithJsonSchema

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, Reply, Routes
from chalicelib.types import Given, Instant, Model, Money
from marketplace.payouts import scheduling
from marketplace.payouts.schedule import WEEKDAYS, Interval, PayoutSchedule, payout_schedule_id
from marketplace.payouts.scheduling import SetPayoutSchedule
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound

routes = Routes()

DAY_MAX = 31


def _day(value: object) -> object:
    named = isinstance(value, str) and value in WEEKDAYS
    if not named and not (type(value) is int and 1 <= value <= DAY_MAX):
        raise ValueError(f"must be a weekday such as monday, or a day from 1 to {DAY_MAX}")
    return value


Day = Annotated[
    str | int,
    PlainValidator(_day),
    WithJsonSchema(
        {"anyOf": [{"enum": list(WEEKDAYS)}, {"type": "integer", "minimum": 1, "maximum": DAY_MAX}]}
    ),
]


class NewPayoutSchedule(Model):
    """`anchor` is the weekday of a weekly schedule (Monday unless said), or the day of a monthly one (the
    1st; in short months the last day). Less than `minimum` is left to grow; of another currency, less than a
    major unit."""

    interval: Literal["manual", "daily", "weekly", "monthly"]
    anchor: Annotated[Day | None, Given] = None
    minimum: Annotated[Money | None, Given] = None


class PayoutScheduleView(Model):
    """`next_at` is when everything available is withdrawn next, in the first hour of a day in UTC."""

    id: str
    object: Literal["payout_schedule"] = "payout_schedule"
    interval: Literal["manual", "daily", "weekly", "monthly"]
    anchor: Day | None
    minimum: Money | None
    next_at: Instant | None
    created_at: Instant


@routes.add(
    "GET", "/v1/workers/me/payout-schedule", who=WORKER, answer=PayoutScheduleView, open_to_suspended=True
)
def get_payout_schedule(call: Call[Any]) -> Reply:
    """How the calling worker is paid out; `manual` is what everybody begins with."""
    worker_id, store = own_worker_id(call), call.runtime.store
    found = store.read(PayoutSchedule, payout_schedule_id(worker_id))
    if found is not None:
        return Reply(payout_schedule_view(found[0]))
    worker = store.read(Worker, worker_id)
    if worker is None:
        raise NotFound
    return Reply(payout_schedule_view(PayoutSchedule.manual(worker_id, worker[0].created_at)))


@routes.add(
    "PUT", "/v1/workers/me/payout-schedule", who=WORKER, body=NewPayoutSchedule, answer=PayoutScheduleView
)
def set_payout_schedule(call: Call[NewPayoutSchedule]) -> Reply:
    """Chooses when earnings are paid out by themselves; what is left out is as if never chosen."""
    interval, body = Interval(call.body.interval), call.body
    command = SetPayoutSchedule(
        worker_id=own_worker_id(call),
        interval=interval,
        anchor=_number(interval, body.anchor),
        minimum=body.minimum.to_domain() if body.minimum else None,
    )
    return call.commit(lambda tx: scheduling.set_payout_schedule(command, tx), payout_schedule_view)


def _number(interval: Interval, anchor: Day | None) -> int | None:
    """Weekdays by name, days of a month by number; what is neither is no day of any schedule."""
    if isinstance(anchor, str):
        return WEEKDAYS.index(anchor) + 1 if interval == Interval.WEEKLY else 0
    return 0 if anchor is not None and interval == Interval.WEEKLY else anchor


def payout_schedule_view(schedule: PayoutSchedule) -> PayoutScheduleView:
    """A schedule for an answer."""
    anchor: Any = schedule.anchor
    if schedule.interval == Interval.WEEKLY and schedule.anchor is not None:
        anchor = WEEKDAYS[schedule.anchor - 1]
    return PayoutScheduleView(
        id=schedule.id,
        interval=schedule.interval.value,
        anchor=anchor,
        minimum=Money.of(schedule.minimum) if schedule.minimum else None,
        next_at=schedule.due_at,
        created_at=schedule.created_at,
    )
