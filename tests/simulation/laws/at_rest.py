"""What must hold once the faults have stopped and everything has settled: all laws, from all there is."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from chalicelib.routing import queues_for
from marketplace.ledger import audit
from marketplace.ledger.audit import ContractMoney, Rated, TaskSeats, Worked
from marketplace.ledger.audit_effects import Effects
from marketplace.ledger.audit_payouts import added_up, payout_breaches
from marketplace.ledger.audit_steps import step_breaches
from marketplace.ledger.claims import claim_breaches
from marketplace.ledger.totals import Totals
from marketplace.payouts.schedule import PREFIX as SCHEDULES
from marketplace.shared.accounts import hold
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import prefix_of
from marketplace.storage import claimed
from marketplace.storage.audit_heads import payout_money
from tests.simulation.laws import fees
from tests.simulation.laws.alumni import alumni_are_who_completed
from tests.simulation.laws.at_stripe import AT_STRIPE
from tests.simulation.laws.clocks import contested
from tests.simulation.laws.fees_at_rest import fees_and_shares_are_as_agreed
from tests.simulation.laws.forgotten import FORGOTTEN
from tests.simulation.laws.history import history
from tests.simulation.laws.periods_at_rest import closed_months_stand
from tests.simulation.laws.reputations import REPUTATIONS
from tests.simulation.laws.returns_at_rest import RETURNS
from tests.simulation.laws.work_at_rest import (
    states_have_come_about,
    time_is_billed_once,
    what_is_released_was_earned,
)
from tests.simulation.world import World

WAITING = {
    "pay": ("pending", "unknown", "sent"),
    "ses": ("running", "stopped"),
    "res": ("submitted",),
    "dis": ("open",),
    "out": ("withheld",),
    "con": ("offered",),
    "top": ("requested",),
    "dlv": ("pending",),
    "ref": ("requested", "pending"),
    "chb": ("inquiry_needs_response", "inquiry_under_review", "needs_response", "under_review"),
}
"""Law 11: states that time alone must end, by the prefix of what would be stuck in them."""

MUST_REACH = {
    "payout.pending": "payouts",
    "payout.due": "payouts",
    "payout.approved": "payouts",
    "payout.reversal_asked": "payouts",
    "payout_account.due": "stripe_events",
    "payout_schedule.due": "payouts",
    "top_up.due": "stripe_events",
    "refund.requested": "stripe_events",
    "refund.due": "stripe_events",
    "chargeback.due": "stripe_events",
    "chargeback.evidence_given": "stripe_events",
    "chargeback.funds_withdrawn": "settlements",
    "chargeback.funds_reinstated": "settlements",
    "stripe_event.received": "stripe_events",
    "contract.completed": "matching",
    "rating.given": "reputation",
    "rating.revealed": "reputation",
    "screening_event.received": "screenings",
    "screening.due": "screenings",
    "webhook_delivery.pending": "notifications",
    "webhook_delivery.due": "notifications",
}
"""Who must hear of what, whatever the routes say."""

KNOWN_ANSWER = "cat"
"""Of every known item."""


def check(world: World) -> None:
    """Raises AssertionError with every breach."""
    laws = (*LAWS, *world.further_laws)
    told = [f"{law.__name__}: {breach}" for law in laws for breach in law(world)]
    assert not told, "\n".join(told)


def the_audit_finds_nothing(world: World) -> Iterator[str]:
    """Laws 1 to 5, 7 and 8, by the product's own audit."""
    told, effects = history(world), Effects()
    totals = told.totals
    for event, journal in told.journals:
        effects.add(event.about, journal)
    kept: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for (owner, currency, name), amount in world.store.kept.items():
        kept[owner][currency][name] = amount
    events = world.store.events.values()
    shown = {event.about[0]: event.at for event in events if event.type == "rating.revealed"}
    sessions = (Worked(s.id, s.worker_id, s.started_at, s.ended_at) for s in world.heads("ses"))
    ratings = (
        Rated(r.id, r.contract_id, r.side, r.revealed, r.reveals_at, shown.get(r.id))
        for r in world.heads("rat")
    )
    return map(
        str,
        chain(
            audit.currency_breaches(totals),
            audit.balance_breaches(totals, kept),
            _away(world, totals, kept),
            _contracts(world, totals),
            _pieces(world),
            effects.breaches(),
            audit.overlap_breaches(sessions),
            audit.rating_breaches(ratings),
        ),
    )


def histories_follow_the_tables(world: World) -> Iterator[str]:
    """Law 4, by the product's own audit."""
    for name, types in history(world).counted.items():
        yield from map(str, step_breaches(name, prefix_of(name), types))


def _away(world: World, totals: Totals, kept: Mapping[str, Any]) -> Iterator[audit.Breach]:
    sums = added_up(map(payout_money, world.heads("pay")))
    for owner in sorted(sums.keys() | {one for one in kept if one.startswith("worker:")}):
        yield from payout_breaches(owner, totals, sums.get(owner, {}), kept.get(owner, {}))


def _contracts(world: World, totals: Totals) -> Iterator[audit.Breach]:
    taken: Counter[str] = Counter()
    for con in world.heads("con"):
        taken[con.task_id] += not (con.status == "cancelled" and con.accepted_at is None)
        sides = totals.sides(con.currency, hold(con.id))
        figures = (con.funded, con.held, con.released, con.returned, con.reserved)
        charged = (con.chargebacks.charged_back, con.chargebacks.restored)
        yield from audit.contract_breaches(ContractMoney(con.id, *figures, sides, con.reversed, *charged))
    for task in world.heads("task"):
        yield from audit.seat_breaches(TaskSeats(task.id, task.seats, task.seats_left, taken[task.id]))


def _pieces(world: World) -> Iterator[audit.Breach]:
    told: dict[str, Counter[str]] = defaultdict(Counter)
    kinds = (("ses", claimed.by_session), ("res", claimed.by_result), ("out", claimed.by_outcome))
    for prefix, claims_of in kinds:
        for contract, what, amount in (claim for head in world.heads(prefix) for claim in claims_of(head)):
            told[contract][what] += amount
    for con in world.heads("con"):
        yield from claim_breaches(claimed.claims_on(con, told[con.id]))
        if con.pay.unit is not None:
            yield from audit.result_breaches(claimed.results_of(con, told[con.id]))


def what_waits_for_an_answer_is_told(world: World) -> Iterator[str]:
    """The figure beside a worker's balances is that of the results that wait."""
    expected: Counter[tuple[str, str, str]] = Counter()
    for row in world.heads("res"):
        if row.status == "submitted" or contested(row):
            for worker, part in fees.parts(world.head(row.contract_id), row.net).items():
                expected[f"worker:{worker}", row.price.currency, "in_review"] += part
    for place, amount in world.store.kept.items():
        if place[2] == "in_review" and expected[place] != amount:
            yield f"{place} is {amount}, its results say {expected[place]}"


def results_are_judged_by_their_answers(world: World) -> Iterator[str]:
    """By what is known, and by what enough workers say."""
    said: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in world.heads("res"):
        said[row.task_id, row.external_id].append(row)
    verdicts = _verdicts(world) if said else {}
    for (task, _), rows in said.items():
        review = world.head(task).pay.review
        labels = {row.id: world.store.events[row.submission].details["payload"]["label"] for row in rows}
        ranked = Counter(labels.values()).most_common(1)[0]
        agreed = ranked[0] if review and ranked[1] >= review.workers else None
        for event in chain.from_iterable(verdicts.get(row.id, ()) for row in rows):
            label, taken = labels[event.about[0]], event.type == "result.accepted"
            right = agreed if event.details["by"] == "agreement" else KNOWN_ANSWER
            if taken != (label == right):
                yield f"{event.about[0]} says {label}, {right} is right, and it is taken: {taken}"


def _verdicts(world: World) -> dict[str, list[Event]]:
    """What machines have said of each result."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in world.store.events.values():
        if event.details and event.details.get("by") in ("gold", "agreement"):
            found[event.about[0]].append(event)
    return found


def nobody_waits_for_ever(world: World) -> Iterator[str]:
    """Law 11."""
    for prefix, states in WAITING.items():
        waiting = [row for row in world.heads(prefix) if row.status in states]
        yield from (f"{row.id} is {row.status}" for row in waiting if not _needs_people(world, row.id))
    for contract in world.heads("con"):
        if contract.status == "active":
            rows = [row for row in contract.milestones if row.status == "submitted" and not contested(row)]
            yield from (f"{row.id} is still in review" for row in rows)
    for due, at in world.store.due.items():
        if prefix_of(due) not in (SCHEDULES, "bid") or at <= world.clock.now():
            yield f"{due} still comes due at {at}"


def bids_end_with_their_task(world: World) -> Iterator[str]:
    """Law 11: one that may still be awarded has a task that takes bids, and its own end is to come."""
    for bid in world.heads("bid"):
        if bid.status in ("submitted", "shortlisted"):
            task = world.head(bid.task_id)
            if task.status != "open":
                yield f"{bid.id} is {bid.status}, and its task {task.status}"
            if bid.expires_at is not None and bid.expires_at <= world.clock.now():
                yield f"{bid.id} is {bid.status} after its end"


def _needs_people(world: World, identifier: str) -> bool:
    """What only people can end; time does not approve."""
    row = world.head(identifier)
    if contested(row):
        return bool(world.head(row.contest.by).status == "escalated")
    return prefix_of(identifier) == "pay" and world.laws.payouts.lacks_people(identifier)


def every_event_reached_its_queues(world: World) -> Iterator[str]:
    """Law 10."""
    for kind, needed in MUST_REACH.items():
        if needed not in queues_for(EventType(kind)):
            yield f"{kind} is not routed to {needed}"
    worked = world.queues.worked
    for event in world.store.events.values():
        for queue in queues_for(event.type):
            if (queue, event.id) not in worked:
                yield f"{event.id} ({event.type}) was not worked on by {queue}"


def every_acknowledged_call_is_kept(world: World) -> Iterator[str]:
    """Laws 9 and 10."""
    for promise in world.promises.values():
        if promise.event_id not in world.store.events:
            yield f"{promise.ask} was answered, and its event is gone"
    yield from (f"{ask} has no answer yet" for ask in world.unanswered)


LAWS: tuple[Callable[[World], Iterator[str]], ...] = (
    the_audit_finds_nothing,
    fees_and_shares_are_as_agreed,
    time_is_billed_once,
    states_have_come_about,
    what_is_released_was_earned,
    histories_follow_the_tables,
    what_waits_for_an_answer_is_told,
    results_are_judged_by_their_answers,
    *RETURNS,
    *AT_STRIPE,
    nobody_waits_for_ever,
    bids_end_with_their_task,
    every_event_reached_its_queues,
    every_acknowledged_call_is_kept,
    *REPUTATIONS,
    alumni_are_who_completed,
    closed_months_stand,
    *FORGOTTEN,
)
