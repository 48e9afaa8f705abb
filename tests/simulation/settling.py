"""Liveness: once the faults have stopped, everything comes to rest within a bounded virtual time."""

from marketplace.payouts.schedule import PREFIX as SCHEDULES
from tests.simulation.faults import FAIR
from tests.simulation.world import World
from tests.simulation.written import open_breaks

HORIZON_SECONDS = 60 * 86_400
ROUNDS_MAX = 2_000
ASKS_MAX = 20
ASK_AGAIN_SECONDS = 3 * 3_600
"""A saved error of Stripe's stands for a day; a top-up is given up before."""
FUNDS = 10**9
DAY_SECONDS = 86_400
NIGHTS_MAX = 9
"""More than an exception is young, and what is late comes in by then."""
ENDLESS = f"{SCHEDULES}_"
HOURS_OF_A_NIGHT = 10
"""So often some of the days that are due are compared."""
VISIBILITY_SECONDS = 180
"""When a message that failed is delivered again."""


def calm(world: World) -> None:
    """The faults stop: what was given up is taken up again, callers ask until they are answered, and there
    is money enough."""
    world.outside.weather, world.outside.kill_at, world.outside.over = FAIR, frozenset(), True
    world.clock.skew = world.stripe.lists_lag = 0
    world.store.catch_up()
    while world.store.late:
        world.store.land()
    for currency in sorted(world.stripe.balance):
        world.stripe.fund(currency, FUNDS)
    _answer(world)
    _compare(world)


def _answer(world: World) -> None:
    for _ in range(ASKS_MAX):
        world.unanswered = [ask for ask in world.unanswered if not world.call(ask).is_final]
        if not world.unanswered:
            return
        world.clock.at += ASK_AGAIN_SECONDS
        settle(world, horizon_seconds=0)
    raise AssertionError(f"law 11: {world.unanswered} are never answered")


def _compare(world: World) -> None:
    """Where exceptions are open, day after day is compared, until none is but those that wait for people."""
    for hour in range(NIGHTS_MAX * HOURS_OF_A_NIGHT):
        settle(world, horizon_seconds=0)
        if not any(open_breaks(world)):
            return
        if hour % HOURS_OF_A_NIGHT == 0:
            world.clock.at += DAY_SECONDS
            settle(world, horizon_seconds=0)
        world.compare_days()
    settle(world, horizon_seconds=0)


def come_to_rest(world: World) -> None:
    """Settles, and compares again what was late until then."""
    settle(world)
    _compare(world)


def settle(world: World, horizon_seconds: int = HORIZON_SECONDS) -> None:
    """Works off everything, and goes on to whatever comes due next, until nothing does but what never ends:
    that is fired on the way."""
    end = world.clock.at + horizon_seconds
    for _ in range(ROUNDS_MAX):
        if _round(world):
            continue
        if world.queues.waiting:
            world.clock.at += VISIBILITY_SECONDS
            continue
        ending = [at for due, at in world.store.due.items() if not _is_endless(world, due)]
        instants = [world.stripe.next_instant(), *ending]
        upcoming = min((at for at in instants if at is not None), default=None)
        if upcoming is None or upcoming > end:
            return
        world.clock.at = max(world.clock.at, upcoming)
        if world.say:
            world.say(f"-- {world.clock.at}")
    raise AssertionError(
        f"law 11: it does not settle: {world.queues.waiting[:2]}, {world.store.timers()[:2]}"
    )


def _is_endless(world: World, due: str) -> bool:
    """Whether nobody waits for it: a schedule of payouts, or a bid's looks at its task. It need not look
    while that is open; and when it ends, its end meets the bids that stand, unless a list lagged."""
    if due.startswith(ENDLESS):
        return True
    if not due.startswith("bid_"):
        return False
    bid = world.head(due)
    if bid.expires_at is not None:
        return False
    missed = world.outside.injected["stale index"] or due in world.laws.bids.late
    return not missed or bool(world.head(bid.task_id).status == "open")


def _round(world: World) -> bool:
    """Everything that can be done at this instant, once; whether there was anything."""
    busy = False
    world.stripe.pass_time()
    while world.stripe.notes:
        busy = True
        world.hear(world.stripe.notes.pop(0))
    if world.store.stream:
        busy = True
        world.relay(len(world.store.stream))
    waited = len(world.queues.waiting)
    for _ in range(waited):
        world.deliver(0)
    busy = busy or len(world.queues.waiting) < waited
    if not world.queues.waiting:
        world.queues.redrive()
    now = world.clock.now()
    if min(world.store.due.values(), default=now + 1) > now:
        return busy
    for due_at, identifier in world.store.timers():
        if due_at > world.clock.now():
            break
        busy = True
        world.fire(due_at, identifier)
    return busy
