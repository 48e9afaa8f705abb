"""The turns that a story is made of: people's, the queues', the clocks', Stripe's and the outside world's."""

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import ANY

from marketplace.funding.ports import OpenedPayment
from marketplace.shared.outcomes import Done
from tests.simulation import deeds
from tests.simulation.calls import Ask
from tests.simulation.deeds import clients, disputes, finance, minutes, payees, results, returns, workers
from tests.simulation.world import World

PEOPLE = (clients, disputes, finance, minutes, payees, results, returns, workers)
"""Whose deeds are drawn from: each of these modules registers its own."""

KEYED = 0.85
UNKEYED = ("record_heartbeat", "record_class")
"""What is made safe to repeat by something else: a sequence."""
STRANGERS = 0.03
OPEN_TO_OTHERS = ("submit_bid", "join_agency", "decline_agency", "leave_agency")
"""What others may do as well: nobody is a stranger there."""
AGAIN = 0.6
RECENT_MAX = 8
TIMES = (1, 60, 60, 200, 600, 3_600, 12 * 3_600, 30 * 3_600, 8 * 86_400)

Turn = Callable[[World], bool]
"""Whether there was anything for it to do."""


def somebody_calls(world: World) -> bool:
    """Mostly under a key, now and then from a stranger."""
    ask = deeds.drawn(world)
    if ask is None:
        return False
    if world.chance.random() < KEYED and ask.operation not in UNKEYED:
        world.given += 1
        ask = ask.under(f"key {world.given}")
    if world.chance.random() < STRANGERS and (ask.path or ask.operation != "post_task"):
        ask = _by_a_stranger(world, ask)
    _call(world, ask)
    return True


def _by_a_stranger(world: World, ask: Ask) -> Ask:
    """Somebody of the same kind, whose it is not; only of what belongs to somebody."""
    prefix = ask.by.partition("_")[0]
    if prefix not in ("cli", "wrk") or not ask.path or ask.operation in OPEN_TO_OTHERS:
        return ask
    others = [one for one in world.store.of_kind[prefix] if one != ask.by]
    return replace(ask, by=world.chance.choice(others), stranger=True)


def _call(world: World, ask: Ask) -> None:
    world.recent = [*world.recent[-RECENT_MAX:], ask]
    answer = world.call(ask)
    if answer.silence and ask.key and world.chance.random() < AGAIN:
        world.unanswered.append(ask)


def somebody_calls_again(world: World) -> bool:
    """The same call under the same key, or one with another body."""
    chance = world.chance
    if world.unanswered and chance.random() < 0.5:
        ask = world.unanswered.pop(chance.randrange(len(world.unanswered)))
        if not world.call(ask).is_final:
            world.unanswered.append(ask)
        return True
    keyed = [ask for ask in world.recent if ask.key]
    if not keyed:
        return False
    ask = chance.choice(keyed)
    if ask.body and chance.random() < 0.3:
        ask = replace(ask, body=_other(ask.body))
    world.outside.note("call repeated")
    world.call(ask)
    return True


def _other(body: dict[str, object]) -> dict[str, object]:
    """As valid as `body`, and not the same."""
    for name in (
        "amount",
        "overall",
        "seconds",
        "sequence",
        "reason",
        "note",
        "title",
        "message",
        "headline",
    ):
        value = body.get(name)
        if isinstance(value, dict):
            return {**body, name: {**value, "amount": int(value["amount"]) + 1}}
        if isinstance(value, int):
            return {**body, name: value - 1 if value > 1 else value + 1}
        if isinstance(value, str):
            return {**body, name: f"{value} "}
    return body


def a_message_arrives(world: World) -> bool:
    """To a queue, alone or with others, perhaps not for the last time."""
    queues, chance = world.queues, world.chance
    if not queues.waiting:
        return False
    index = chance.randrange(len(queues.waiting))
    if chance.random() < world.outside.weather.duplicates:
        queues.waiting.append(replace(queues.waiting[index]))
        world.outside.note("message twice")
    world.deliver(index, chance.choice((1, 1, 2, 3)))
    return True


def the_stream_is_relayed(world: World) -> bool:
    """Its oldest rows, perhaps not for the last time."""
    stream, chance = world.store.stream, world.chance
    if not stream:
        return False
    count = chance.randint(1, len(stream))
    if chance.random() < world.outside.weather.duplicates:
        world.outside.note("relayed twice")
        for event in stream[:count]:
            world.queues.send(event)
    world.relay(count)
    return True


def a_timer_fires(world: World) -> bool:
    """Any that is due, perhaps for the second time, perhaps found in an index that lags: a row that is old
    may show a clock as it stood before it was moved on."""
    chance, now = world.chance, world.clock.now()
    stale = chance.random() < world.outside.weather.stale
    timers = world.store.timers(stale=stale)
    if stale and chance.random() < 0.5:
        timers = [(min(at, now), identifier) for at, identifier in timers]
    due = [timer for timer in timers if timer[0] <= now]
    if not due:
        return False
    if stale:
        world.outside.note("stale index")
    due_at, identifier = chance.choice(due)
    world.fire(due_at, identifier)
    if chance.random() < world.outside.weather.duplicates:
        world.outside.note("timer twice")
        world.fire(due_at, identifier)
    return True


def stripe_tells(world: World) -> bool:
    """One of its webhooks comes, out of order, perhaps twice; or never."""
    notes, chance, weather = world.stripe.notes, world.chance, world.outside.weather
    if not notes:
        return False
    note = notes.pop(chance.randrange(len(notes)))
    if chance.random() < weather.webhooks_lost and "only" not in note:
        world.outside.note("webhook never")
        return True
    if not world.hear(note) or chance.random() < weather.duplicates:
        world.outside.note("webhook twice")
        notes.append(note)
    return True


def the_outside_world_acts(world: World) -> bool:
    """Card holders pay, banks return, owners verify, money clears."""
    stripe, chance = world.stripe, world.chance
    stripe.pass_time()
    if chance.random() < (0.5 if world.focus == "money back" else 0.15) and returns.banks_act(world):
        return True
    what = 0.6 if world.focus == "money out" and chance.random() < 0.5 else chance.random()
    open_ones = [name for name in stripe.intents if _can_be_paid(world, name)]
    if what < 0.5 and open_ones:
        intent = chance.choice(open_ones)
        stripe.pay(intent, fee=chance.choice((0, 1, stripe.intents[intent][0].amount * 29 // 1_000 + 30)))
    elif what < 0.75 and stripe.bank:
        stripe.end(chance.choice(list(stripe.bank)), chance.choice(("paid", "failed")))
    elif what < 0.85:
        account = chance.choice(list(stripe.accounts))
        stripe.verify(account)
    elif what < 0.92:
        stripe.fund(chance.choice(("USD", "JPY", "KWD")), chance.choice((1, 5_000)))
    elif what < 0.95:
        _to_our_bank_or_back(world)
    elif what < 0.975 and stripe.transfers:
        _fetched_back(world)
    else:
        world.poison()
        world.outside.note("poison message")
    return True


def _to_our_bank_or_back(world: World) -> None:
    """Somebody pays out to our own bank as far as there is money, or the bank returns what was."""
    stripe, chance = world.stripe, world.chance
    if stripe.own and chance.random() < 0.3:
        stripe.come_back(chance.choice(list(stripe.own)))
        return
    currency, fee = chance.choice(("USD", "JPY", "KWD")), chance.choice((0, 0, 7))
    if stripe.balance[currency] > fee:
        stripe.pay_out(currency, chance.randint(1, stripe.balance[currency] - fee), fee)


def _fetched_back(world: World) -> None:
    """Somebody reverses a transfer in Stripe's dashboard, as far as there is money in the worker's
    account.
    """
    stripe, chance = world.stripe, world.chance
    transfer = chance.choice(list(stripe.transfers))
    row = stripe.transfers[transfer]
    there = min(stripe.left_of_transfer(transfer), stripe.connected[row.account, row.amount.currency])
    if there > 0:
        stripe.fetch_back(transfer, chance.choice((1, there, max(1, there // 3))))


def _can_be_paid(world: World, intent: str) -> bool:
    """Whoever has its secret can: the answer carried it, or (while webhooks do come) it leaked elsewhere. A
    saved 500 has told nobody."""
    _, payment, _ = world.stripe.intents[intent]
    shown = world.head(payment.top_up_id).payment_intent
    leaked = shown is None and not world.outside.weather.webhooks_lost and _was_told(world, intent)
    return not payment.succeeded and (shown == intent or leaked)


def _was_told(world: World, intent: str) -> bool:
    answers = (answer for _, _, answer in world.stripe.keys.saved.values())
    return any(answer.value == OpenedPayment(intent, ANY) for answer in answers if isinstance(answer, Done))


def time_passes(world: World) -> bool:
    """For everybody."""
    world.wait(world.chance.choice(TIMES))
    return True


def what_lagged_arrives(world: World) -> bool:
    """Indexes show everything, and a request that nobody waits for lands."""
    world.store.catch_up()
    if world.store.late:
        world.store.land()
    return True
