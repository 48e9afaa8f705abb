"""Timers: fires what is due, seals the ledger's totals, has days compared with Stripe, and looks every night
for money that lies still, for what breaks a law, and for disputes and own payouts that nobody told us of.

Every clock of the product is a place in the `due` index: an aggregate whose time has come is found by a
query, and its capability's `wake` decides what that means. Waking is repeated until nothing is due, in
order for each aggregate; what it does is dated by when it was due, however late it fires. One that fails, or
comes to nothing, is looked at again later and later, out of the way of the others, and raises an alarm.
"""

import time
from collections.abc import Callable
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib.log import logger
from chalicelib.measures import BREACHES, STUCK, UNMOVED, measure
from chalicelib.wakes import WAKES
from marketplace import runtime as runtimes
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id, prefix_of
from marketplace.shared.records import dataclass
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage.timers import Timer, look, put_off

if TYPE_CHECKING:
    from marketplace.storage.audit_look import Report

ROUNDS_MAX = 1_000
"""How often one firing looks again: an aggregate may come due several times in a long silence."""
BEHIND_SECONDS_MAX = 2 * 86_400
"""What is older must have been audited."""
STUCK_AFTER = 3
"""How often a timer may come to nothing before somebody has to look."""

blueprint = Blueprint(__name__)


@blueprint.schedule("rate(1 minute)", name="fire_due")
def fire_due(event: CloudWatchEvent) -> dict[str, int]:
    """Fires every timer that is due by now; answers with how many, and raises the alarm for those that come
    to nothing again and again."""
    del event
    runtime = runtimes.current()
    firing = fire_all(runtime)
    if firing.stuck:
        measure(runtime, STUCK, firing.stuck)
    return {"fired": firing.fired, "stuck": firing.stuck}


@blueprint.schedule("rate(5 minutes)", name="seal_ledger")
def seal_ledger(event: CloudWatchEvent) -> dict[str, int]:
    """Sums up the ledger's buckets that are over (machine's time); answers with how many."""
    from marketplace.storage.ledger import seal

    del event
    runtimes.current()  # points the models at this deployment's tables
    return {"sealed": seal(int(time.time()))}


@blueprint.schedule("cron(0 5 * * ? *)", name="watch_payouts")
def watch_payouts(event: CloudWatchEvent) -> dict[str, int]:
    """Raises the alarm for money that should have moved and has not; answers with how often."""
    from marketplace.storage.watch import unmoved

    del event
    runtime = runtimes.current()
    rules = runtime.settings.payout_rules
    found = list(unmoved(runtime.store, runtime.reads, rules, runtime.clock.now()))
    for money in found:
        logger.error("money has not moved", about=money.subject, since=money.since, detail=money.detail)
    measure(runtime, UNMOVED, len(found))
    return {"unmoved": len(found)}


@blueprint.schedule("cron(30 4 * * ? *)", name="list_disputes")
def list_disputes(event: CloudWatchEvent) -> dict[str, int]:
    """Looks at the disputes that were opened lately, should Stripe's webhooks have been lost; how many."""
    from chalicelib.work.returns import find_disputes

    del event
    return {"listed": find_disputes(runtimes.current())}


@blueprint.schedule("cron(35 4 * * ? *)", name="list_own_payouts")
def list_own_payouts(event: CloudWatchEvent) -> dict[str, int]:
    """Books the payouts to our own bank that were made lately, should Stripe's webhooks have been lost; how
    many of Stripe's lines those are."""
    from chalicelib.work.own_payouts import find_own_payouts

    del event
    return {"listed": find_own_payouts(runtimes.current())}


class ComparingBehind(RuntimeError):
    """What is written is not looked through as fast as it is written."""


@blueprint.schedule("rate(1 hour)", name="compare_days")
def compare_days(event: CloudWatchEvent) -> dict[str, int]:
    """Has each day that is over compared with Stripe, and again those that something late came into; answers
    with how many, and how many wait. Raises ComparingBehind when days of what was written are left over."""
    from chalicelib.work import comparing_days

    context = event.context
    left = partial(_seconds_left, context) if context else lambda: inf
    step = comparing_days.compare_days(runtimes.current(), left)
    logger.info("compared days", days=step.days, late=step.late)
    if step.behind_seconds > BEHIND_SECONDS_MAX:
        raise ComparingBehind(f"what was written {step.behind_seconds} s ago was not looked at yet")
    return {"started": len(step.days), "late": step.late}


class AuditBehind(RuntimeError):
    """The nightly audit does not get through what is written."""


@blueprint.schedule("cron(30 5 * * ? *)", name="audit_ledger")
def audit_ledger(event: CloudWatchEvent) -> dict[str, int]:
    """Holds what was written since the last audit to the ledger's laws, and raises the alarm for what breaks
    one; answers with how many breaches there are and at how many events it looked. What one run has no time
    for the next goes on with. Raises AuditBehind when days are left over."""
    context = event.context
    left = partial(_seconds_left, context) if context else lambda: inf
    report = audit_news(runtimes.current(), left)
    if report.behind_seconds > BEHIND_SECONDS_MAX:
        raise AuditBehind(f"what was written {report.behind_seconds} s ago was not looked at yet")
    return {"breaches": len(report.breaches), "events": report.checked[10]}


def audit_news(runtime: Runtime, left: Callable[[], float] = lambda: inf) -> "Report":
    """What `audit_ledger` does; `left` is how many seconds it may still take."""
    from marketplace.storage.audit_nightly import audit_since_the_last

    report = audit_since_the_last(runtime.store, left)
    for breach in report.breaches:
        logger.error("a law is broken", law=breach.law, about=breach.subject, detail=breach.detail)
    looked_at = {str(law): count for law, count in sorted(report.checked.items())}
    logger.info("audited", looked_at=looked_at, left_to_the_command=report.left)
    measure(runtime, BREACHES, len(report.breaches))
    return report


def _seconds_left(context: Any) -> float:
    return float(context.get_remaining_time_in_millis()) / 1_000


@dataclass(frozen=True)
class Firing:
    """How many timers took effect, how many were put off, how many of these come to nothing again and again,
    and when the next one comes due (epoch seconds), if any waits."""

    fired: int
    put_off: int
    stuck: int
    next_due: int | None


def fire_all(runtime: Runtime) -> Firing:
    """Fires until nothing more is due that takes effect."""
    fired = put_off = stuck = 0
    for _ in range(ROUNDS_MAX):
        firing = fire_once(runtime)
        fired, put_off, stuck = fired + firing.fired, put_off + firing.put_off, stuck + firing.stuck
        if not firing.fired and not firing.put_off:
            break
    return Firing(fired, put_off, stuck, firing.next_due)


def fire_once(runtime: Runtime) -> Firing:
    """Wakes what is due at one look, earliest first.

    A timer that fails does not stop the others, nor does it stand before them at the next look. One that the
    index still shows although it has had its effect counts for nothing.
    """
    now, moved, fired = runtime.clock.now(), list[Timer](), 0
    due, next_due = look(runtime.settings.due_partitions, now=now)
    for timer in due:
        if _fired(runtime, timer):
            fired += 1
        elif put_off(timer, now=now):
            moved.append(timer)
    return Firing(fired, len(moved), sum(timer.failures >= STUCK_AFTER for timer in moved), next_due)


def _fired(runtime: Runtime, timer: Timer) -> bool:
    try:
        return wake(runtime, timer.identifier, timer.due_at)
    except Exception:  # noqa: BLE001  whatever one aggregate's wake breaks on, the others' come
        logger.exception("a timer failed", about=timer.identifier, due_at=timer.due_at)
        return False


def wake(runtime: Runtime, identifier: str, due_at: int) -> bool:
    """Runs the wake of one aggregate as of `due_at`; whether it changed anything. The aggregate's version
    keeps two firings from both taking effect."""
    cause = Cause(
        event_id=new_id("evt"),
        actor="timer",
        request_id=new_id("req"),
        at=due_at,
        repeatable=False,
    )

    def work(tx: Transaction) -> bool:
        WAKES[prefix_of(identifier)](identifier, tx)
        return not tx.is_empty

    return run(runtime.store, cause, work).result is not False
