"""Minutes of several classes, a floor and caps by the calendar, over HTTP."""

from typing import Any

import pytest

from tests.people import Caller, World, usd


def rate(amount: str, currency: str = "USD") -> dict[str, str]:
    return {"amount_decimal": amount, "currency": currency, "per": "minute"}


def hired(world: World, **terms: Any) -> tuple[Caller, Caller, str]:
    """A client, a worker, and their funded contract at 60 a minute."""
    client, worker = world.client(USD=20_000), world.worker()
    contract = world.minute_contract(client, worker, rate="60", **terms)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(10_000)})
    return client, worker, contract["id"]


def test_a_phone_tells_what_its_minutes_are_and_each_is_paid_at_its_rate(world: World) -> None:
    client, worker, contract = hired(world, classes={"talk": rate("120"), "wait": rate("6")})
    session = worker.post(f"/v1/contracts/{contract}/sessions", status=201)
    path = f"/v1/sessions/{session['id']}"
    world.advance(seconds=100)
    beat = {"sequence": 1, "at": world.in_seconds(0)}
    worker.post(f"{path}/heartbeat", beat, status=200)
    wait = {"class": "wait", "sequence": 2, "at": world.in_seconds(-40)}
    talk = {"class": "talk", "sequence": 1, "at": world.in_seconds(-90)}
    for body in (wait, talk, wait):
        said = worker.post(f"{path}/class", body, status=200)
    assert said["classes"] == {"talk": 50, "hold": 0, "wrap": 0, "wait": 40, "unclassed": 10}
    assert said["amount"] == usd(114)
    assert client.refused(f"{path}/class", wait) == (403, "forbidden")
    assert world.worker().refused(f"{path}/class", wait) == (404, "not_found")
    assert worker.refused(f"{path}/class", {**wait, "class": "lunch"}) == (422, "invalid_request")
    worker.post(f"{path}/stop", status=200)
    assert worker.refused(f"{path}/class", {**talk, "sequence": 3}) == (409, "session_ended")
    world.advance(seconds=60)
    asked = {"seconds": 30, "reason": "No signal", "class": "talk"}
    correction = worker.post(f"{path}/correction", asked, status=200)["correction"]
    assert (correction["class"], correction["seconds"]) == ("talk", 30)
    corrected = client.post(f"{path}/correction/accept", status=200)
    assert (corrected["classes"]["talk"], corrected["paid"]) == (80, usd(174))


def test_a_shift_is_paid_its_floor_and_a_day_ends_at_its_cap(world: World) -> None:
    zone = "UTC" if 1 <= int(world.in_seconds(0)[11:13]) < 23 else "Asia/Tokyo"  # far from its midnight
    client, worker, contract = hired(world, minimum_pay=usd(500), cap_seconds_per_day=90, time_zone=zone)
    pay = client.get(f"/v1/contracts/{contract}")["pay"]
    assert (pay["minimum_pay"], pay["time_zone"], pay["classes"]) == (usd(500), zone, None)
    path = f"/v1/contracts/{contract}/sessions"
    session = worker.post(path, status=201)
    world.advance(seconds=100)
    ended = client.get(f"/v1/sessions/{session['id']}")
    assert (ended["end_reason"], ended["billable_seconds"], ended["amount"]) == ("cap", 90, usd(500))
    assert (ended["minimum_pay"], ended["prepaid_seconds"], ended["classes"]) == (usd(500), 0, None)
    assert worker.refused(path) == (409, "illegal_transition")
    world.advance(days=1)
    assert worker.post(path, status=201)["status"] == "running"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"classes": {}}, "invalid_request"),
        ({"classes": {"lunch": rate("1")}}, "invalid_request"),
        ({"classes": {"talk": None}}, "invalid_request"),
        ({"classes": {"talk": rate("1", "JPY")}}, "currency_mismatch"),
        ({"minimum_pay": {"amount": 1, "currency": "JPY"}}, "currency_mismatch"),
        ({"time_zone": "Europe/Atlantis"}, "invalid_request"),
        ({"time_zone": "../../etc/passwd"}, "invalid_request"),
        ({"cap_seconds_per_day": 86_401}, "invalid_request"),
        ({"cap_seconds_per_week": 0}, "invalid_request"),
    ],
)
def test_terms_that_cannot_be_are_refused(world: World, terms: Any, code: str) -> None:
    body = {"title": "T", "description": "D", "category": "cx"}
    pay = {"model": "per_minute", "rate": rate("60"), **terms}
    assert world.client().refused("/v1/tasks", {**body, "pay": pay}) == (422, code)
