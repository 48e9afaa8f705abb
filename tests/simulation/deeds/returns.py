"""Client money that goes back to cards: asked for by clients, taken by banks, written off by finance."""

from tests.simulation.calls import FINANCE, Ask
from tests.simulation.deeds import ask, deed, in_status, money, one_of
from tests.simulation.stripe_returns import OPEN, WINNING
from tests.simulation.world import World

SHARES = (0.01, 0.3, 1.0, 1.0)


@deed("create_refund", 2)
def refund(world: World) -> Ask | None:
    top_up = one_of(world, "top", in_status("succeeded"))
    if top_up is None:
        return None
    amount = world.chance.choice((1, 99, 4_000, max(1, top_up.left)))
    body = {"top_up_id": top_up.id, "amount": money(amount, top_up.amount.currency)}
    return ask("create_refund", top_up.client_id, body)


@deed("give_evidence", 2)
def answer(world: World) -> Ask | None:
    chargeback = one_of(world, "chb", in_status("needs_response", "inquiry_needs_response"))
    if chargeback is None:
        return None
    body = {"text": world.chance.choice((WINNING, "it was us"))}
    return ask("give_evidence", chargeback.client_id, body, chargeback_id=chargeback.id)


@deed("write_off_chargeback", 1)
def write_off(world: World) -> Ask | None:
    chargeback = one_of(world, "chb", in_status("lost"))
    return chargeback and ask(
        "write_off_chargeback", FINANCE[0], {"reason": "gone"}, chargeback_id=chargeback.id
    )


def banks_act(world: World) -> bool:
    """A card's bank sends a refund back, takes money, or decides; whether there was anything."""
    stripe, chance = world.stripe, world.chance
    what = chance.random()
    if what < 0.3 and stripe.refunded:
        stripe.send_back(chance.choice(list(stripe.refunded)))
        return True
    contested = [one.id for one, _, _ in stripe.disputed.values() if one.state in OPEN]
    if what < 0.6 and contested:
        stripe.decide(chance.choice(contested), won=chance.random() < 0.6)
        return True
    paid = [intent for intent, (_, payment, _) in stripe.intents.items() if payment.succeeded]
    if not paid:
        return False
    stripe.open_dispute(chance.choice(paid), chance.choice(SHARES), inquiry=chance.random() < 0.2)
    return True
