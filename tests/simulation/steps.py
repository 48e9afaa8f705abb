"""The steps that flows are made of: calls on the youngest of a kind, and what happens outside."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from marketplace.shared.store import Commit
from tests.simulation.calls import Ask
from tests.simulation.deeds import ask
from tests.simulation.world import World

HOUR_SECONDS = 3_600
TOUCHES_MAX = 1_000
"""More than a step has."""

Step = Callable[[World], Ask | None]
"""A call to be made, or something that happens outside."""


@dataclass(frozen=True)
class Flow:
    """`money`: kills at all pairs of touches as well; `opening` is where it begins."""

    name: str
    steps: tuple[Step, ...]
    before: tuple[Step, ...] = ()
    money: bool = False
    opening: str = "trading"


def newest(world: World, prefix: str, *statuses: str) -> Any:
    """The youngest of a kind in one of these states."""
    return [row for row in world.heads(prefix) if not statuses or row.status in statuses][-1]


def oldest(world: World, prefix: str, *statuses: str) -> Any:
    """The eldest."""
    return next(row for row in world.heads(prefix) if not statuses or row.status in statuses)


def of_client(operation: str, prefix: str, *statuses: str, body: Any = None) -> Step:
    """The owning client's call on the youngest of a kind."""

    def step(world: World) -> Ask:
        row = newest(world, prefix, *statuses)
        return ask(operation, row.client_id, body, **{_PATHS[prefix]: row.id})

    return step


def of_worker(operation: str, prefix: str, *statuses: str, body: Any = None) -> Step:
    def step(world: World) -> Ask:
        row = newest(world, prefix, *statuses)
        return ask(operation, row.worker_id, body, **{_PATHS[prefix]: row.id})

    return step


_PATHS = {"task": "task_id", "bid": "bid_id", "con": "contract_id", "ses": "session_id", "res": "result_id"}


def by_milestone(operation: str, status: str, *, worker: bool = False, body: Any = None) -> Step:
    def step(world: World) -> Ask:
        con, row = next((c, m) for c in world.heads("con") for m in c.milestones if m.status == status)
        by = con.worker_id if worker else con.client_id
        return ask(operation, by, body, contract_id=con.id, milestone_id=row.id)

    return step


def first(prefix: str, operation: str, body: Any = None) -> Step:
    """A call of the first client or worker about nothing in particular."""
    return lambda world: ask(operation, world.store.of_kind[prefix][0], body)


def _minutes_contract(world: World) -> Any:
    return next(con for con in world.heads("con") if con.pay.model == "per_minute" and con.status == "active")


def of_minutes(operation: str, body: Any = None, *, worker: bool = False) -> Step:
    def step(world: World) -> Ask:
        con = _minutes_contract(world)
        return ask(operation, con.worker_id if worker else con.client_id, body, contract_id=con.id)

    return step


def later(seconds: int) -> Step:
    """Time passes, and what comes due is done."""

    def step(world: World) -> None:
        world.clock.at += seconds
        world.stripe.pass_time()
        for due_at, identifier in world.store.timers():
            if due_at <= world.clock.now():
                world.fire(due_at, identifier)

    return step


def work_off(world: World) -> None:
    """Webhooks come in, events go to their queues, and messages to their consumers, once each."""
    world.stripe.pass_time()
    notes, world.stripe.notes = world.stripe.notes, []
    world.stripe.notes += [note for note in notes if not world.hear(note)]
    world.relay(len(world.store.stream))
    for _ in range(len(world.queues.waiting)):
        if world.queues.waiting:  # several may come at once
            world.deliver(0)


def slow_lists(world: World) -> None:
    """Stripe's lists show what was made minutes later."""
    world.stripe.lists_lag = 500


def work_off_twice(world: World) -> None:
    """As `work_off`, and every message comes twice."""
    world.stripe.pass_time()
    while world.stripe.notes and world.hear(world.stripe.notes[0]):
        world.stripe.notes.pop(0)
    for event in world.store.stream:
        world.queues.send(event)
    work_off(world)


def work_in_vain(world: World) -> None:
    """As `work_off`, while Stripe cannot be reached."""
    begun = world.outside.touches
    world.outside.forced = dict.fromkeys(range(begun, begun + TOUCHES_MAX), "down")
    work_off(world)
    world.outside.forced = {}


def tried(step: Step) -> Step:
    """The call of `step`, which is probably refused."""

    def refused(world: World) -> None:
        told = step(world)
        assert told is not None
        world.call(replace(told, key="tried"))

    return refused


def nobody_bids(world: World) -> None:
    """The newest task is not for who tried."""
    task = newest(world, "task").id
    bids = [row.id for row in world.heads("bid") if row.task_id == task]
    assert not bids, f"law 8: {bids} are of workers whom {task} is not for"


def meanwhile(step: Step, *others: Step) -> Step:
    """The call of `step`; when it is about to commit, `others` come first."""

    def raced(world: World) -> None:
        _before_the_next_commit(world, others)
        _called(world, step, "raced")

    return raced


def fired_while(prefix: str, *others: Step) -> Step:
    """The first timer of that kind that is due; when it is about to commit, `others` come first."""

    def raced(world: World) -> None:
        due = [timer for timer in world.store.timers() if timer[1].startswith(f"{prefix}_")]
        if due and due[0][0] <= world.clock.now():
            _before_the_next_commit(world, others)
            world.fire(*due[0])

    return raced


def _before_the_next_commit(world: World, steps: tuple[Step, ...]) -> None:
    commit = world.store.commit

    def late(staged: Commit) -> None:
        setattr(world.store, "commit", commit)  # noqa: B010  a method is no attribute to a type checker
        world.outside.note("raced")
        for number, step in enumerate(steps):
            _called(world, step, f"meanwhile {number}")
        commit(staged)

    setattr(world.store, "commit", late)  # noqa: B010


def _called(world: World, step: Step, key: str) -> None:
    told = step(world)
    if told is not None:
        world.call(replace(told, key=key))


def overspend(world: World) -> None:
    """A correction is accepted that only the running session's own money could pay; nobody has looked at the
    clock since that was used up."""
    world.wait(HOUR_SECONDS)
    asked = [one for one in world.heads("ses") if one.correction and one.correction.status == "asked"]
    world.call(ask("accept_correction", asked[-1].client_id, session_id=asked[-1].id))


def card_pays(world: World) -> None:
    """The newest top-up, if it is open."""
    top_up = newest(world, "top")
    if top_up.payment_intent and not world.stripe.intents[top_up.payment_intent][1].succeeded:
        world.stripe.pay(top_up.payment_intent, fee=59)


def bank_returns(world: World) -> None:
    """The newest bank payout comes back."""
    if world.stripe.bank:
        world.stripe.end(list(world.stripe.bank)[-1], "failed")


def beat(world: World) -> Ask:
    """A minute of proven work."""
    session = newest(world, "ses")
    world.clock.at += 60
    body = {"sequence": session.last_sequence + 1, "at": world.clock.now()}
    return ask("record_heartbeat", session.worker_id, body, session_id=session.id)
