"""Where stories begin: played once, without faults, and copied for every seed."""

from collections.abc import Callable
from functools import cache, partial
from random import Random
from typing import Any

from marketplace.access.use_cases import CreateClient, create_client
from marketplace.contracts.fee_schedules import NOTICE_SECONDS
from marketplace.people.use_cases import CreateWorker, create_worker
from marketplace.people.workers import identity_id
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.simulation.calls import FINANCE, STAFF, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.deeds.clients import rate
from tests.simulation.deeds.disputes import scorecard
from tests.simulation.settling import settle
from tests.simulation.wire.world import WireWorld
from tests.simulation.world import SETTINGS, World, at_work

WORLDS: dict[int, type[World]] = {1: World, 2: WireWorld}
CLIENTS, WORKERS = 2, 3
FLOAT = 40_000
"""Minor units of each currency that we have at Stripe from before: it bears the cards' fees."""


def do(world: World, told: Ask) -> str:
    """A call that succeeds; the id of what it made."""
    answer = world.call(told)
    assert answer.text, (told, answer)
    return answer.text.split()[0]


@cache
def opening(name: str, *, encoded: bool = False, level: int = 1) -> World:
    """`people` with money, verified accounts and nothing to do; a market, `trading`; the same on `payday`,
    with one payout on its way to the bank and one asked for; `sharing` is a market with a schedule of fees,
    and an agency."""
    world = WORLDS[level](Random(0), encoded=encoded)
    world.rendered, world.outside.over = False, True
    with at_work(world):
        _people(world)
        settle(world, horizon_seconds=3_600)
        if name == "sharing":
            _agree(world)
        if name != "people":
            _trade(world)
        if name == "payday":
            _withdraw(world)
        settle(world, horizon_seconds=3_600)
        if name == "payday":
            do(world, ask("create_payout", world.store.of_kind["wrk"][1]))
    return world


def _people(world: World) -> None:
    for number in range(CLIENTS):
        names = (new_id("cli"), new_id("key"), f"Client {number}", "US", "a@example.com")
        _made(world, partial(create_client, CreateClient(*names, live=False)))
        for currency in ("USD", "JPY")[: 2 - number]:
            _top_up(world, names[0], money(100_000, currency))
    for currency in ("USD", "JPY", "KWD"):
        world.stripe.fund(currency, FLOAT)
    for number in range(WORKERS):
        person = identity_id(SETTINGS.identity_issuer, FINANCE[-1]) if number == 0 else new_id("idn")
        command = CreateWorker(new_id("wrk"), person, f"Worker {number}", "US", ("en",), (), "")
        _made(world, partial(create_worker, command))
        world.call(ask("open_payout_account", command.worker_id))
        if number < WORKERS - 1:
            world.stripe.verify(world.heads("poa")[-1].stripe_account)


def _made(world: World, work: Callable[[Transaction], object]) -> None:
    cause = Cause(new_id("evt"), "operator", new_id("req"), world.clock.now())
    run(world.store, cause, work)


def _top_up(world: World, client: str, amount: dict[str, Any]) -> None:
    world.call(Ask("create_top_up", client, body={"amount": amount}, key=new_id("key")))
    world.stripe.pay(world.heads("top")[-1].payment_intent, fee=amount["amount"] * 29 // 1_000)


def _agree(world: World) -> None:
    """Fees of every kind, and an agency of the first worker with the two others."""
    lead, *others = world.store.of_kind["wrk"]
    tiers = [{"above": 5_000, "basis_points": 1_000}, {"above": 20_000, "basis_points": 500}]
    dollars = {"currency": "USD", "fixed": 7, "minimum": 50, "tiers": tiers}
    body = {"basis_points": 2_000, "client_basis_points": 333, "currencies": [dollars]}
    do(world, ask("publish_fee_schedule", STAFF, body))
    agency = do(world, ask("create_agency", lead, {"name": "All three"}))
    for worker in others:
        share = {"worker_id": worker, "share_basis_points": 3_333}
        do(world, ask("invite_member", lead, share, agency_id=agency))
        do(world, ask("join_agency", worker, agency_id=agency))
    world.wait(NOTICE_SECONDS)


def _trade(world: World) -> None:
    """A contract of each kind under way, a bid, and an offer; the first worker has earned something."""
    client, other = world.store.of_kind["cli"]
    first, second, third = world.store.of_kind["wrk"]
    building = {"model": "milestone", "budget": money(30_000, "USD")}
    parts = [{"title": str(part), "amount": money(part, "USD")} for part in (9_999, 20_001)]
    contract = _hired(world, client, first, building, {"price": money(30_000, "USD"), "milestones": parts})
    body = {"amount": money(30_000, "USD")}
    do(world, ask("fund_contract", client, body, contract_id=contract))
    names = {"contract_id": contract, "milestone_id": world.head(contract).milestones[0].id}
    do(world, ask("submit_milestone", first, {"note": "done"}, **names))
    do(world, ask("approve_milestone", client, **names))
    for worker, price, cap in (
        (first, "35.5", {}),
        (second, "120", {"cap_seconds": 90}),
        (first, "50", {"classes": {"talk": rate("90", "USD"), "wait": rate("0.5", "USD")}}),
    ):
        terms = {"model": "per_minute", "rate": rate(price, "USD"), "increment_seconds": 60, **cap}
        contract = _hired(world, other, worker, terms, {"price": rate(price, "USD")})
        body = {"amount": money(300, "USD")}
        do(world, ask("fund_contract", other, body, contract_id=contract))
    _pieces(world, client, first)
    terms = {"model": "milestone", "budget": money(10_000, "USD")}
    task = _posted(world, client, terms)
    for worker in (first, second, third):
        do(world, ask("submit_bid", worker, {"price": money(10_000, "USD"), "message": "I"}, task_id=task))
    do(world, ask("award", client, bid_id=world.heads("bid")[-1].id))


def _pieces(world: World, client: str, worker: str) -> None:
    """A contract that pays for each accepted result, two of them, with money for three."""
    terms = {"model": "per_result", "unit": money(1_255, "USD"), "quantity": 2}
    contract = _hired(world, client, worker, terms, {"price": money(1_255, "USD")})
    do(world, ask("fund_contract", client, {"amount": money(4_000, "USD")}, contract_id=contract))


def _withdraw(world: World) -> None:
    """Both verified workers get a bonus; the first one has it sent."""
    for contract in world.heads("con")[1:3]:
        body = {"amount": money(2_222, "USD"), "reason": "thanks"}
        do(world, ask("pay_bonus", contract.client_id, body, contract_id=contract.id))
    do(world, ask("create_payout", world.store.of_kind["wrk"][0]))


def _posted(world: World, client: str, pay: dict[str, Any]) -> str:
    body: dict[str, Any] = {
        "title": "Work",
        "description": "Do it.",
        "category": "cx",
        "pay": pay,
        "seats": 2,
    }
    body |= {"outcomes": scorecard("USD")}
    task = do(world, ask("post_task", client, body))
    do(world, ask("publish_task", client, task_id=task))
    return task


def _hired(world: World, client: str, worker: str, pay: dict[str, Any], offer: dict[str, Any]) -> str:
    task = _posted(world, client, pay)
    led = [row.id for row in world.heads("agn") if row.lead_id == worker]
    shared = {"agency_id": led[0]} if led else {}
    bid = do(world, ask("submit_bid", worker, {**offer, **shared, "message": "I"}, task_id=task))
    contract = do(world, ask("award", client, bid_id=bid))
    do(world, ask("accept_offer", worker, contract_id=contract))
    return contract
