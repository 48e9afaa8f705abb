"""What client companies do: post work, award it, pay for it, end it."""

from typing import Any

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask, deed, in_status, money, one_of
from tests.simulation.world import World

PRICES = (1, 99, 1_250, 10_001, 40_000)
CURRENCIES = ("USD", "JPY", "KWD")
FIELD = {"field": "label"}
AGREEMENT = {"policy": "agreement", **FIELD, "workers": 2}
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe")
RATES = ("0.5", "35.5", "120", "1999.9999")


def pay_of(world: World) -> dict[str, Any]:
    """Terms of one of the three ways to earn."""
    chance, currency = world.chance, "USD" if world.chance.random() < 0.7 else world.chance.choice(CURRENCIES)
    price = money(chance.choice(PRICES), currency)
    model = chance.choice(("milestone", "per_result", "per_minute", "per_minute"))
    if model == "milestone":
        return {"model": model, "budget": price}
    if model == "per_result":
        review = chance.choice(({}, {"review": {"policy": "gold", **FIELD}}, {"review": AGREEMENT}))
        return {"model": model, "unit": price, "quantity": chance.choice((1, 3)), **review}
    terms: dict[str, Any] = {"model": model, "rate": rate(chance.choice(RATES), currency)}
    if chance.random() < 0.5:
        terms["cap_seconds"] = chance.choice((30, 600, 3_600))
    if chance.random() < 0.5:
        terms |= {
            "increment_seconds": chance.choice((1, 60, 360)),
            "minimum_seconds": chance.choice((0, 300)),
        }
    return terms | _beyond_the_rate(world, currency)


def _beyond_the_rate(world: World, currency: str) -> dict[str, Any]:
    """Classes with rates of their own, a floor, caps by the calendar; often none of them."""
    chance, terms = world.chance, dict[str, Any]()
    if chance.random() < 0.4:
        own = {name: rate(chance.choice(RATES), currency) for name in ("talk", "hold", "wait")}
        terms["classes"] = own if chance.random() < 0.7 else {"talk": rate("0.5", currency)}
    if chance.random() < 0.2:
        terms["minimum_pay"] = money(chance.choice((1, 99, 250)), currency)
    if chance.random() < 0.3:
        terms["cap_seconds_per_day"] = chance.choice((90, 600, 7_200))
        terms["time_zone"] = chance.choice(ZONES)
    if chance.random() < 0.1:
        terms["cap_seconds_per_week"] = chance.choice((100, 900))
    return terms


def rate(amount: str, currency: str) -> dict[str, str]:
    """Minor units a minute, as a body has it."""
    return {"amount_decimal": amount, "currency": currency, "per": "minute"}


@deed("post_task", 2)
def post(world: World) -> Ask:
    body: dict[str, Any] = {"title": "Calls", "description": "Answer them.", "category": "cx"}
    body |= {"pay": pay_of(world), "seats": world.chance.choice((1, 1, 2))}
    if world.chance.random() < 0.2:
        body["bidding_closes_at"] = world.clock.now() + world.chance.choice((-1, 600, 86_400))
    return ask("post_task", world.chance.choice(world.store.of_kind["cli"]), body)


@deed("publish_task", 2)
def publish(world: World) -> Ask | None:
    task = one_of(world, "task", in_status("draft"))
    return task and ask("publish_task", task.client_id, task_id=task.id)


@deed("change_task", 1)
def change(world: World) -> Ask | None:
    task = one_of(world, "task", in_status("draft", "open"))
    if task is None:
        return None
    body = {"title": "Other calls"} if task.status == "open" else {"seats": world.chance.choice((1, 2, 3))}
    return ask("change_task", task.client_id, body, task_id=task.id)


@deed("close_task", 1)
def close(world: World) -> Ask | None:
    task = one_of(world, "task", in_status("open", "filled")) if world.chance.random() < 0.3 else None
    return task and ask("close_task", task.client_id, task_id=task.id)


@deed("award", 6)
def award(world: World) -> Ask | None:
    bid = one_of(world, "bid", in_status("submitted", "shortlisted"))
    return bid and ask("award", bid.client_id, bid_id=bid.id)


@deed("shortlist_bid", 1)
def shortlist(world: World) -> Ask | None:
    bid = one_of(world, "bid", in_status("submitted"))
    return bid and ask("shortlist_bid", bid.client_id, bid_id=bid.id)


@deed("decline_bid", 1)
def decline(world: World) -> Ask | None:
    bid = one_of(world, "bid", in_status("submitted", "shortlisted"))
    return bid and ask("decline_bid", bid.client_id, bid_id=bid.id)


@deed("fund_contract", 5)
def fund(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("active"))
    if contract is None:
        return None
    planned = [row.amount for row in contract.milestones if row.status == "planned"]
    units = [contract.pay.unit.amount * 3] if contract.pay.unit else []
    amount = world.chance.choice((*PRICES, *planned, *units, sum(planned) or 300))
    body = {"amount": money(amount, contract.currency)}
    return ask("fund_contract", contract.client_id, body, contract_id=contract.id)


def milestone(world: World, *statuses: str) -> Any:
    """(contract, milestone) in one of these states, or now and then any; None if there is none."""
    careless = world.chance.random() < 0.1
    rows = [
        (contract, row)
        for contract in world.heads("con")
        for row in contract.milestones
        if careless or row.status in statuses
    ]
    return world.chance.choice(rows) if rows else None


def _step(world: World, operation: str, statuses: tuple[str, ...], body: Any = None) -> Ask | None:
    found = milestone(world, *statuses)
    if found is None:
        return None
    contract, row = found
    return ask(operation, contract.client_id, body, contract_id=contract.id, milestone_id=row.id)


@deed("fund_milestone", 4)
def fund_one(world: World) -> Ask | None:
    return _step(world, "fund_milestone", ("planned",))


@deed("approve_milestone", 5)
def approve(world: World) -> Ask | None:
    return _step(world, "approve_milestone", ("submitted",))


@deed("request_changes", 1)
def send_back(world: World) -> Ask | None:
    return _step(world, "request_changes", ("submitted",), {"reason": "more"})


@deed("cancel_milestone", 1)
def drop(world: World) -> Ask | None:
    return _step(world, "cancel_milestone", ("planned", "funded"))


@deed("plan_milestone", 1)
def plan(world: World) -> Ask | None:
    contract = one_of(world, "con", lambda row: row.status == "active" and row.pay.model == "milestone")
    if contract is None:
        return None
    body = {"title": "More", "amount": money(world.chance.choice(PRICES), contract.currency)}
    return ask("plan_milestone", contract.client_id, body, contract_id=contract.id)


@deed("pay_bonus", 2)
def bonus(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("active", "completed"))
    if contract is None:
        return None
    body = {"amount": money(world.chance.choice(PRICES), contract.currency), "reason": "thanks"}
    return ask("pay_bonus", contract.client_id, body, contract_id=contract.id)


@deed("pause_contract", 1)
def pause(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("active"))
    return contract and ask("pause_contract", contract.client_id, contract_id=contract.id)


@deed("resume_contract", 2)
def resume(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("paused"))
    return contract and ask("resume_contract", contract.client_id, contract_id=contract.id)


@deed("complete_contract", 2)
def complete(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("active", "paused"))
    return contract and ask("complete_contract", _side(world, contract), contract_id=contract.id)


@deed("cancel_contract", 1)
def cancel(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("offered", "active", "paused"))
    return contract and ask("cancel_contract", _side(world, contract), contract_id=contract.id)


@deed("give_rating", 3)
def rate_other(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("completed"))
    if contract is None:
        return None
    body = {"overall": world.chance.randint(1, 5)}
    return ask("give_rating", _side(world, contract), body, contract_id=contract.id)


@deed("create_top_up", 4)
def top_up(world: World) -> Ask:
    client = world.chance.choice(world.store.of_kind["cli"])
    amount = money(world.chance.choice((49, 5_000, 20_000)), world.chance.choice(("USD", "USD", *CURRENCIES)))
    return ask("create_top_up", client, {"amount": amount})


def _side(world: World, contract: Any) -> str:
    side: str = world.chance.choice((contract.client_id, contract.worker_id))
    return side
