"""Flows of what keeps payouts, who lets them go or not, and what workers have paid out by themselves."""

from tests.simulation.calls import FINANCE, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.flows_of_results import ACCEPT, hand_in, withdrawn
from tests.simulation.flows_of_results import REVERSE as REVERSE_RESULT
from tests.simulation.steps import (
    Flow,
    Step,
    bank_returns,
    first,
    later,
    newest,
    of_minutes,
    tried,
    work_in_vain,
    work_off,
)
from tests.simulation.world import World

DAY_SECONDS = 86_400
WITHDRAW = first("wrk", "create_payout", {"amount": money(1_000, "USD")})
DAILY = first("wrk", "set_payout_schedule", {"interval": "daily"})


def ruled(**rules: int | None) -> Step:
    """From here on payouts go by these settings."""

    def step(world: World) -> None:
        world.rule(**rules)

    return step


def by_finance(operation: str, person: int = 0) -> Step:
    """The newest payout, by that person."""
    return lambda world: ask(operation, FINANCE[person], payout_id=newest(world, "pay").id)


def due_again(world: World) -> None:
    """The messages of all schedules that have come due."""
    for event in list(world.store.events.values()):
        if event.type == "payout_schedule.due":
            world.queues.send(event)


BONUS = of_minutes("pay_bonus", {"amount": money(500, "USD"), "reason": "thanks"})
HELD = ruled(payout_hold_seconds=3 * DAY_SECONDS)
WATCHED = ruled(payout_approval_above=99)
APPROVE, CANCEL, RETRY = "approve_payout", "cancel_payout", "retry_payout"

REVERSE = "reverse_payout"
RETURNED = (WITHDRAW, work_off, bank_returns, work_off, work_off)


def reversing(person: int = 0, amount: int | None = None) -> Step:
    """The newest payout's money is to come back from Stripe, or `amount` of it."""

    def step(world: World) -> Ask:
        part = {} if amount is None else {"amount": money(amount, "USD")}
        body = {"reason": "the bank is closed", **part}
        return ask(REVERSE, FINANCE[person], body, payout_id=newest(world, "pay").id)

    return step


def fetched_back(amount: int, number: int = -1) -> Step:
    """Somebody reverses so much of the newest transfer, or of another one, in Stripe's dashboard."""

    def step(world: World) -> None:
        world.stripe.fetch_back(list(world.stripe.transfers)[number], amount)

    return step


def deaf(world: World) -> None:
    """What Stripe has to tell never comes."""
    world.stripe.notes.clear()


def open_last(world: World) -> Ask:
    """The worker whose account is not verified asks for it again."""
    return ask("open_payout_account", world.store.of_kind["wrk"][-1])


def verify_last(world: World) -> None:
    """And completes it."""
    world.stripe.verify(world.heads("poa")[-1].stripe_account)


def arrived(world: World) -> None:
    """The bank has everything."""
    world.clock.at += 2 * DAY_SECONDS
    world.stripe.pass_time()


INSTANTLY = first("wrk", "create_payout", {"amount": money(1_000, "USD"), "method": "instant"})
TOO_MUCH = first("wrk", "create_payout", {"amount": money(2_000, "USD"), "method": "instant"})

WATCHED_RETURNED = (
    WATCHED,
    WITHDRAW,
    by_finance(APPROVE),
    by_finance(APPROVE, 1),
    work_off,
    bank_returns,
    work_off,
    work_off,
)

FINANCES = (
    Flow("money that waits at Stripe is fetched back", (reversing(), work_off), RETURNED, money=True),
    Flow(
        "some of it is fetched back, and settles a debt",
        (reversing(amount=300), work_off, work_off),
        (hand_in(), ACCEPT, withdrawn, work_off, bank_returns, work_off, work_off, REVERSE_RESULT),
        money=True,
    ),
    Flow(
        "somebody fetches it back in the dashboard, and then it is tried again",
        (fetched_back(400), work_off, work_off, by_finance(RETRY), work_off, work_off),
        RETURNED,
    ),
    Flow(
        "it is fetched back in the dashboard, unheard, while it is tried again",
        (fetched_back(400), deaf, by_finance(RETRY), work_off, later(6 * 3_600), work_off),
        RETURNED,
    ),
    Flow(
        "two people have it fetched back",
        (reversing(1), work_off, by_finance(APPROVE), work_off),
        WATCHED_RETURNED,
    ),
    Flow(
        "it stays at Stripe after all",
        (reversing(1), by_finance(CANCEL), work_off),
        WATCHED_RETURNED,
    ),
    Flow(
        "a paid one is reversed in the dashboard, out of another's money",
        (fetched_back(400, -2), work_off, work_off),
        (WITHDRAW, work_off, arrived, work_off, WITHDRAW, work_off, bank_returns, work_off, work_off),
        money=True,
    ),
    Flow(
        "the bank returns it days later, unheard",
        (later(2 * DAY_SECONDS), work_off, work_off, bank_returns, deaf, later(11 * DAY_SECONDS), work_off),
        (WITHDRAW, work_off),
    ),
    Flow(
        "an account is verified, unheard",
        (open_last, verify_last, deaf, later(2 * DAY_SECONDS), work_off),
    ),
    Flow(
        "one on its way is reversed in the dashboard, out of another's money",
        (fetched_back(400, -2), work_off, work_off, arrived, work_off),
        (WITHDRAW, work_off, WITHDRAW, work_off, bank_returns, work_off, work_off),
    ),
    Flow("withdraw at once", (INSTANTLY, work_off, later(1_800), work_off, work_off), money=True),
    Flow(
        "the bank returns an instant payout, and Stripe its fee",
        (bank_returns, work_off, work_off),
        (INSTANTLY, work_off),
        money=True,
    ),
    Flow("withdraw too much at once", (TOO_MUCH, work_off, later(2 * DAY_SECONDS), work_off, work_off)),
    Flow(
        "withdraw in parts what is watched",
        (first("wrk", "create_payout", {"amount": money(1_200, "USD")}), work_off),
        (ruled(payout_approval_above=1_500), WITHDRAW),
    ),
    Flow("a look that comes to nothing", (later(61), work_off), (WITHDRAW, work_in_vain)),
    Flow(
        "the first days hold a payout",
        (WITHDRAW, work_off, later(3 * DAY_SECONDS), work_off, later(2 * DAY_SECONDS), work_off, work_off),
        (HELD,),
    ),
    Flow(
        "two people approve a payout",
        (by_finance(APPROVE), by_finance(APPROVE, 1), work_off),
        (WATCHED, WITHDRAW),
        money=True,
    ),
    Flow("cancel a payout", (by_finance(CANCEL), work_off), (HELD, WITHDRAW), money=True),
    Flow(
        "cancel what one has approved",
        (by_finance(CANCEL), work_off),
        (WATCHED, WITHDRAW, by_finance(APPROVE)),
    ),
    Flow("cancel what may be under way", (work_off, tried(by_finance(CANCEL))), (WITHDRAW,)),
    Flow(
        "cancel what recovers a debt",
        (by_finance(CANCEL), work_off),
        (hand_in(), ACCEPT, withdrawn, work_off, REVERSE_RESULT, HELD, BONUS, withdrawn),
        money=True,
    ),
    Flow(
        "try the bank again, and approve that",
        (by_finance(RETRY), work_off, by_finance(APPROVE, 1), work_off),
        WATCHED_RETURNED,
        money=True,
    ),
    Flow(
        "a schedule's message comes again when there is new pay",
        (later(DAY_SECONDS), work_off, BONUS, due_again, work_off),
        (DAILY,),
    ),
    Flow(
        "what came due is withdrawn by hand, and the message comes again when there is new pay",
        (later(DAY_SECONDS), withdrawn, work_off, BONUS, due_again, work_off),
        (DAILY,),
    ),
    Flow(
        "there is new pay before a schedule's message comes", (later(DAY_SECONDS), BONUS, work_off), (DAILY,)
    ),
    Flow("choose a schedule", (DAILY,)),
    Flow(
        "a schedule pays out",
        (later(DAY_SECONDS), work_off, work_off),
        (DAILY,),
        money=True,
    ),
)
