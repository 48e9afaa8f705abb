"""One way for all currencies, whatever their decimals: from card to bank, with a fee that is rounded."""

import csv
import io
from typing import Any

import pytest

from cli.audit import audit
from marketplace.shared.money import AMOUNT_MAX
from tests.people import World


def figures(rows: list[Any], currency: str) -> Any:
    return next(row for row in rows if row["currency"] == currency)


@pytest.mark.parametrize(
    ("currency", "country", "gross", "fee"),
    [("USD", "US", 10_005, 1_001), ("JPY", "JP", 10_004, 1_000), ("KWD", "KW", 10_015, 1_002)],
)
def test_money_goes_from_the_card_to_the_bank_in_its_own_minor_units(
    world: World, currency: str, country: str, gross: int, fee: int
) -> None:
    """A tenth of 10,004 and of 10,005 falls between two minor units: half up, and the worker has the rest."""
    finance, client = world.person("finance"), world.client()
    worker = world.worker(country=country, payouts=True)
    world.top_up(client, 90_000, currency)
    contract = world.milestone_contract(client, worker, gross, currency=currency)
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "Done"})
    client.post(f"{path}/approve")
    world.advance(days=7)
    payout = worker.post("/v1/payouts", {"amount": {"amount": gross - fee, "currency": currency}})
    world.advance(days=10)
    assert worker.get(f"/v1/payouts/{payout['id']}")["status"] == "paid"
    assert figures(worker.get("/v1/workers/me/earnings")["balances"], currency)["paid"] == gross - fee
    entries = client.get("/v1/wallet/entries")["data"]
    assert [(row["change"], row["balance"]) for row in entries] == [
        (-gross, 90_000 - gross),
        (90_000, 90_000),
    ]
    for account in ("worker:{}:available", "contract:{}:hold", "worker:{}:at_stripe"):
        owner = contract["id"] if account.startswith("contract") else worker.id
        statement = finance.get(f"/v1/finance/accounts/{account.format(owner)}/statement")
        (part,) = statement["parts"]
        moved = gross if owner == contract["id"] else gross - fee
        assert (part["currency"], part["credits"], part["closing_balance"]) == (currency, moved, 0)
        assert [row["balance"] for row in statement["data"]] == [-moved, 0]
    found = audit(world.system.runtime).breaches
    mine = (client.id, worker.id, contract["id"], payout["id"], currency)
    assert [breach for breach in found if any(name in breach.subject for name in mine)] == []


@pytest.mark.parametrize(
    ("currency", "earned"), [("USD", "0.13 0.22"), ("JPY", "13 22"), ("KWD", "0.013 0.022")]
)
def test_results_and_bonuses_are_paid_and_filed_in_a_currency_s_own_places(
    world: World, hours_of_its_own: None, currency: str, earned: str
) -> None:
    """A tenth of 15 and of 25 is rounded up; half of the task is never done, and its money comes back."""
    span = f"from={world.in_seconds(0)}&to={world.in_seconds(3_600)}"
    client, worker = world.client(), world.worker()
    world.top_up(client, 5_000, currency)
    pay = {"model": "per_result", "unit": {"amount": 15, "currency": currency}, "quantity": 2}
    contract = world.contract(client, worker, world.task(client, pay), {"price": pay["unit"], "message": "I"})
    path = f"/v1/contracts/{contract['id']}"
    client.post(f"{path}/fund", {"amount": {"amount": 30, "currency": currency}})
    result = worker.post(f"{path}/results", {"payload": {"label": "cat"}}, status=201)
    client.post(f"/v1/results/{result['id']}/accept")
    client.post(f"{path}/bonus", {"amount": {"amount": 25, "currency": currency}, "reason": "thanks"})
    client.post(f"{path}/complete")
    world.settle()
    assert figures(worker.get("/v1/workers/me/earnings")["balances"], currency)["available"] == 13 + 22
    assert figures(client.get("/v1/wallet")["balances"], currency)["available"] == 5_000 - 15 - 25
    file = world.person("finance").call("GET", f"/v1/finance/exports/earnings?{span}").text
    rows = [row for row in csv.DictReader(io.StringIO(file)) if row["worker_id"] == worker.id]
    assert " ".join(sorted(row["amount_decimal"] for row in rows)) == earned


def test_the_largest_amount_goes_through_and_one_more_does_not(world: World) -> None:
    client, worker = world.client(), world.worker()
    over = {"amount": AMOUNT_MAX + 1, "currency": "USD"}
    assert client.refused("/v1/wallet/top-ups", {"amount": over}) == (422, "invalid_request")
    for _ in range(2):
        world.top_up(client, AMOUNT_MAX)
    contract = world.milestone_contract(client, worker, AMOUNT_MAX)
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "Done"})
    client.post(f"{path}/approve")
    world.settle()
    assert [row["balance"] for row in client.get("/v1/wallet/entries")["data"]] == [
        AMOUNT_MAX,
        2 * AMOUNT_MAX,
        AMOUNT_MAX,
    ]
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == AMOUNT_MAX - 10_000_000
