"""Timers: fires what is due, seals the ledger's totals, and looks every night for money that lies still and
for what breaks a law.

Every clock of the product is a place in the `due` index: an aggregate whose time has come is found by a
query, and its capability's `wake` decides what that means. Waking is repeated until nothing is due, in
order for each aggregate; what it does is dated by when it was due, however late it fires.
"""

import time
from dataclasses import dataclass

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib.log import logger
from chalicelib.wakes import WAKES
from marketplace import runtime as runtimes
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id, prefix_of
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage.timers import Timer, look

ROUNDS_MAX = 1_000
"""How often one firing looks again: an aggregate may come due several times in a long silence."""

NAMESPACE = "GigMarketplace"
UNMOVED, BREACHES = "UnmovedMoney", "AuditBreaches"
"""The metrics that infra/resources.yaml raises alarms on."""

blueprint = Blueprint(__name__)


@blueprint.schedule("rate(1 minute)", name="fire_due")
def fire_due(event: CloudWatchEvent) -> dict[str, int]:
    """Fires every timer that is due by now; answers with how many."""
    del event
    return {"fired": fire_all(runtimes.current())}


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
    found = list(unmoved(runtime.store, runtime.reads, runtime.clock.now()))
    for money in found:
        logger.error("money has not moved", about=money.subject, since=money.since, detail=money.detail)
    _measure(runtime, UNMOVED, len(found))
    return {"unmoved": len(found)}


@blueprint.schedule("cron(30 5 * * ? *)", name="audit_ledger")
def audit_ledger(event: CloudWatchEvent) -> dict[str, int]:
    """Holds what was written since the last audit to the ledger's laws, and raises the alarm for what breaks
    one; answers with how many breaches there are and at how many events it looked."""
    del event
    return audit_news(runtimes.current())


def audit_news(runtime: Runtime) -> dict[str, int]:
    """What `audit_ledger` does."""
    from marketplace.storage.audit import audit_since_the_last

    report = audit_since_the_last(runtime.store)
    for breach in report.breaches:
        logger.error("a law is broken", law=breach.law, about=breach.subject, detail=breach.detail)
    logger.info("audited", looked_at={str(law): count for law, count in sorted(report.checked.items())})
    _measure(runtime, BREACHES, len(report.breaches))
    return {"breaches": len(report.breaches), "events": report.checked[10]}


def _measure(runtime: Runtime, name: str, value: int) -> None:
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE) as metric:
        metric.add_dimension(name="stage", value=runtime.settings.stage)


@dataclass(frozen=True)
class Firing:
    """How many timers took effect, and when the next one comes due (epoch seconds), if any waits."""

    fired: int
    next_due: int | None


def fire_all(runtime: Runtime) -> int:
    """Fires until nothing more takes effect; how many timers did."""
    total = 0
    for _ in range(ROUNDS_MAX):
        fired = fire_once(runtime).fired
        if not fired:
            break
        total += fired
    return total


def fire_once(runtime: Runtime) -> Firing:
    """Wakes what is due at one look, earliest first.

    A timer that fails, or that the index still shows although it has had its effect, counts for nothing and
    does not stop the others.
    """
    due, next_due = look(runtime.settings.due_partitions, now=runtime.clock.now())
    return Firing(sum(_fired(runtime, timer) for timer in due), next_due)


def _fired(runtime: Runtime, timer: Timer) -> bool:
    due_at, identifier = timer
    try:
        return wake(runtime, identifier, due_at)
    except Exception:  # noqa: BLE001  whatever one aggregate's wake breaks on, the others' come
        logger.exception("a timer failed", about=identifier, due_at=due_at)
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
