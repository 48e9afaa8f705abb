"""Flows of client money that goes back to cards, and of contracts whose money is contested."""

from typing import Any

from tests.simulation.calls import FINANCE, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.steps import (
    Flow,
    Step,
    by_milestone,
    card_pays,
    later,
    newest,
    of_minutes,
    tried,
    work_in_vain,
    work_off,
)
from tests.simulation.stripe_returns import WINNING
from tests.simulation.world import World

DAY_SECONDS = 86_400


def refund(world: World) -> Ask:
    """A part of the first client's first top-up."""
    top_up = world.heads("top")[0]
    body = {"top_up_id": top_up.id, "amount": money(5_000, "USD")}
    return ask("create_refund", top_up.client_id, body)


def sent_back(world: World) -> None:
    """The newest refund comes back."""
    for made in list(world.stripe.refunded)[-1:]:
        world.stripe.send_back(made)


def disputed(client: int, share: float = 1.0, *, inquiry: bool = False) -> Step:
    """The card holder of that client's dollars contests a part of them."""

    def step(world: World) -> None:
        identifier = world.store.of_kind["cli"][client]
        owns = (row for row in world.heads("top") if row.client_id == identifier)
        top_up = next(row for row in owns if row.amount.currency == "USD")
        world.stripe.open_dispute(top_up.payment_intent, share, inquiry=inquiry)

    return step


def decided(*, won: bool) -> Step:
    """The bank decides about the newest dispute."""

    def step(world: World) -> None:
        world.stripe.decide(list(world.stripe.disputed)[-1], won=won)

    return step


def nobody_tells(world: World) -> None:
    """What Stripe has to tell is lost."""
    world.stripe.notes.clear()


def every_night(world: World) -> None:
    """The disputes of the last days are listed, as often as it takes."""
    world.nightly()


def of_chargeback(operation: str, body: Any, *, staff: bool = False) -> Step:
    """A call about the newest chargeback."""

    def step(world: World) -> Ask:
        row = newest(world, "chb")
        by = FINANCE[0] if staff else row.client_id
        return ask(operation, by, body, chargeback_id=row.id)

    return step


def hand_in_piece(world: World) -> Ask:
    """A result on the contract that is paid by the piece."""
    contract = next(con for con in world.heads("con") if con.pay.unit)
    return ask("submit_result", contract.worker_id, {"payload": {"label": "cat"}}, contract_id=contract.id)


def refilled(amount: int) -> Step:
    """The first client funds the milestones that a chargeback left short."""

    def step(world: World) -> Ask:
        contract = next(con for con in world.heads("con") if con.pay.model == "milestone")
        body = {"amount": money(amount, "USD")}
        return ask("fund_contract", contract.client_id, body, contract_id=contract.id)

    return step


def topped_up(client: int, amount: int) -> Step:
    def step(world: World) -> Ask:
        return ask("create_top_up", world.store.of_kind["cli"][client], {"amount": money(amount, "USD")})

    return step


def charge_is_not_told(world: World) -> None:
    """Nobody says that the card's charge is booked."""
    world.stripe.notes = [note for note in world.stripe.notes if note["stripe_type"] != "charge.updated"]


def complete_building(world: World) -> Ask:
    """The end of the contract that is paid by milestones."""
    contract = next(con for con in world.heads("con") if con.pay.model == "milestone")
    return ask("complete_contract", contract.client_id, contract_id=contract.id)


SUBMIT = by_milestone("submit_milestone", "funded", worker=True, body={"note": "done"})
APPROVE = by_milestone("approve_milestone", "submitted")
CLOCK_IN = of_minutes("start_session", {}, worker=True)
CANCEL = of_minutes("cancel_contract")
BONUS = of_minutes("pay_bonus", {"amount": money(10, "USD"), "reason": "thanks"})
OFF = (work_off,) * 5
"""Contracts are looked at one a message here."""
TAKEN = (disputed(1, 0.992), work_off, work_off)
"""The wallet, and a part of one hold."""
ALL_TAKEN = (disputed(1, 0.9985), *OFF)
"""The wallet, two holds, and a half of the third."""
OWED = (CLOCK_IN, disputed(1), *OFF)
"""The running session keeps its money, so something is owed."""
WON, LOST = decided(won=True), decided(won=False)

RETURNS = (
    Flow("refund to the card", (refund, work_off, work_off), money=True),
    Flow("a refund comes back", (sent_back, work_off), (refund, work_off, work_off), money=True),
    Flow("Stripe is down as a refund is asked for", (later(61), work_off), (refund, work_in_vain)),
    Flow(
        "nobody tells of a refund that came back",
        (refund, work_off, work_off, sent_back, nobody_tells, later(31 * DAY_SECONDS), work_off),
    ),
    Flow("a chargeback takes the wallet", (disputed(1, 0.992), work_off), money=True),
    Flow("it takes a hold", (work_off,), TAKEN[:2], money=True),
    Flow("a running session keeps its money", (disputed(1), *OFF), (CLOCK_IN,)),
    Flow("it is won", (WON, work_off), TAKEN, money=True),
    Flow("it gives the hold back", (work_off,), (*TAKEN, WON, work_off), money=True),
    Flow("it is lost", (LOST, work_off, work_off), TAKEN),
    Flow("it is won by several contracts", (WON, *OFF), ALL_TAKEN),
    Flow("an inquiry goes on", (LOST, work_off), (disputed(1, inquiry=True), work_off)),
    Flow("nobody tells of a dispute", (every_night, work_off, work_off), (disputed(1, 0.5), nobody_tells)),
    Flow("nobody tells how it ended", (*TAKEN, WON, nobody_tells, later(7 * DAY_SECONDS), *OFF)),
    Flow(
        "the client says something to it",
        (of_chargeback("give_evidence", {"text": WINNING}), work_off, later(DAY_SECONDS), work_off, work_off),
        TAKEN,
    ),
    Flow("no work begins on a frozen contract", (tried(SUBMIT), tried(hand_in_piece)), (disputed(0), *OFF)),
    Flow("no session begins on a frozen contract", (tried(CLOCK_IN), work_off), ALL_TAKEN),
    Flow(
        "what is in review is left to it, and paid",
        (disputed(0), *OFF, APPROVE),
        (SUBMIT,),
    ),
    Flow(
        "a top-up settles what is owed",
        (topped_up(1, 5_000), card_pays, work_off, work_off),
        (*OWED, LOST, work_off),
    ),
    Flow(
        "milestones that lost their money are planned again",
        OFF,
        (disputed(0), *OFF, LOST, work_off, topped_up(0, 40_000), card_pays),
    ),
    Flow(
        "money that comes back settles what is owed, and nothing else",
        (CANCEL, tried(BONUS), work_off, work_off),
        (CLOCK_IN, disputed(1), *OFF, later(4_000), work_off, later(8 * DAY_SECONDS)),
    ),
    Flow(
        "the client funds again what was taken",
        (refilled(20_001), SUBMIT, work_off, WON, *OFF),
        (disputed(0), *OFF, topped_up(0, 40_000), card_pays, work_off, work_off),
    ),
    Flow(
        "a contract ends while a chargeback has its money",
        (complete_building, WON, *OFF),
        (disputed(0), *OFF),
    ),
    Flow(
        "finance writes off what is owed",
        (of_chargeback("write_off_chargeback", {"reason": "gone"}, staff=True),),
        (*OWED, LOST, work_off),
        money=True,
    ),
    Flow(
        "nobody tells what the card cost",
        (card_pays, charge_is_not_told, work_off, later(DAY_SECONDS), work_off),
        (topped_up(1, 5_000),),
    ),
    Flow(
        "nobody tells that the card has paid",
        (topped_up(1, 5_000), card_pays, nobody_tells, later(DAY_SECONDS), work_off),
    ),
)
