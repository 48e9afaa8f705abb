"""What workers do: bid, accept, hand in, withdraw."""

from tests.simulation.calls import STAFF, Ask
from tests.simulation.deeds import ask, deed, in_status, money, one_of
from tests.simulation.deeds.clients import PRICES, RATES, milestone, rate
from tests.simulation.world import World


@deed("submit_bid", 5)
def bid(world: World) -> Ask | None:
    task, worker = one_of(world, "task", in_status("open")), world.chance.choice(world.store.of_kind["wrk"])
    if task is None:
        return None
    body: dict[str, object] = {"message": "I can."}
    agencies = [row.id for row in world.heads("agn") if row.has(worker)]
    if agencies and world.chance.random() < 0.5:
        body["agency_id"] = world.chance.choice(agencies)
    if task.pay.model == "per_minute":
        body["price"] = rate(world.chance.choice(RATES), task.pay.currency)
        return ask("submit_bid", worker, body, task_id=task.id)
    parts = [world.chance.choice(PRICES) for _ in range(world.chance.choice((1, 1, 2, 3)))]
    body["price"] = money(sum(parts), task.pay.currency)
    if task.pay.model == "milestone" and world.chance.random() < 0.7:
        body["milestones"] = [
            {"title": f"part {index}", "amount": money(part, task.pay.currency)}
            for index, part in enumerate(parts)
        ]
    return ask("submit_bid", worker, body, task_id=task.id)


@deed("withdraw_bid", 1)
def withdraw(world: World) -> Ask | None:
    found = one_of(world, "bid", in_status("submitted", "shortlisted"))
    return found and ask("withdraw_bid", found.worker_id, bid_id=found.id)


@deed("accept_offer", 6)
def accept(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("offered"))
    return contract and ask("accept_offer", contract.worker_id, contract_id=contract.id)


@deed("decline_offer", 1)
def decline(world: World) -> Ask | None:
    contract = one_of(world, "con", in_status("offered"))
    return contract and ask("decline_offer", contract.worker_id, contract_id=contract.id)


@deed("submit_milestone", 5)
def submit(world: World) -> Ask | None:
    found = milestone(world, "funded")
    if found is None:
        return None
    contract, row = found
    body = {"note": "done"}
    return ask("submit_milestone", contract.worker_id, body, contract_id=contract.id, milestone_id=row.id)


@deed("create_payout", 6)
def payout(world: World) -> Ask:
    worker = world.chance.choice(world.store.of_kind["wrk"])
    body: dict[str, object] = {"method": "instant"} if world.chance.random() < 0.25 else {}
    if world.chance.random() < 0.6:
        body["amount"] = money(world.chance.choice((99, 100, 1_000, 20_000)), "USD")
    return ask("create_payout", worker, body)


@deed("open_payout_account", 1)
def open_account(world: World) -> Ask:
    return ask("open_payout_account", world.chance.choice(world.store.of_kind["wrk"]))


@deed("update_worker", 1)
def update(world: World) -> Ask:
    return ask("update_worker", world.chance.choice(world.store.of_kind["wrk"]), {"headline": "Here"})


@deed("retry_payout", 2)
def retry(world: World) -> Ask | None:
    found = one_of(world, "pay", in_status("failed"))
    return found and ask("retry_payout", STAFF, payout_id=found.id)


@deed("start_reconciliation", 1)
def reconcile(world: World) -> Ask:
    now = world.clock.now()
    return ask("start_reconciliation", STAFF, {"from": now - world.chance.choice((1, 86_400)), "to": now})


@deed("resolve_exception", 1)
def explain(world: World) -> Ask | None:
    found = one_of(world, "brk", lambda row: row.resolved_at is None)
    return found and ask("resolve_exception", STAFF, {"reason": "seen"}, exception_id=found.id)
