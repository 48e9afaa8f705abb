"""Carries payouts through Stripe, and asks for those that are paid out by schedule."""

from collections.abc import Iterator
from functools import partial

from marketplace.payouts.courier import Courier
from marketplace.payouts.scheduling import PayOutScheduled, pay_out_scheduled
from marketplace.runtime import Runtime
from marketplace.shared.accounts import worker_owner
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import derived_within
from marketplace.shared.money import Money
from marketplace.shared.running import consequence, run
from marketplace.storage.keys import WORKER_MONEY_AWAY

SCHEDULE = "payout_schedule"


def work(event: Event, runtime: Runtime) -> None:
    """`event` names the payout, or the schedule, first. Raises to be tried again."""
    if event.type == EventType.PAYOUT_SCHEDULE_DUE:
        _pay_out(event, runtime)
        return
    courier(event, runtime).carry(event.about[0])


def courier(event: Event, runtime: Runtime) -> Courier:
    """Who carries payouts because of `event`."""

    def beside(worker_id: str) -> Iterator[str]:
        return (payout.id for payout in runtime.reads.every(WORKER_MONEY_AWAY, worker_id))

    return Courier(runtime.store, runtime.stripe.rail, runtime.clock, event, beside)


def _pay_out(event: Event, runtime: Runtime) -> None:
    """A payout a currency, dated by when it was due; worker, instant and currency name its commit, so it is
    asked for once however often the message comes, and whatever was earned meanwhile."""
    schedule_id, worker_id = event.about
    for currency, amount in _due(event, runtime).items():
        named = (worker_id, str(event.at), currency)
        command = PayOutScheduled(
            derived_within("pay", event.id, *named),
            schedule_id,
            Money(amount, currency),
            runtime.settings.payout_rules,
        )
        cause = consequence(event, ":".join((*named, SCHEDULE)), actor=SCHEDULE, at=event.at)
        run(runtime.store, cause, partial(pay_out_scheduled, command))


def _due(event: Event, runtime: Runtime) -> dict[str, int]:
    """Currency to minor units that were available when it came due; what is available now where the event
    was written before it told so."""
    told: dict[str, int] | None = event.details.get("amounts")
    if told is not None:
        return told
    balances = runtime.store.balances(worker_owner(event.about[1]))
    return {currency: figures.get("available", 0) for currency, figures in balances.items()}
