"""The audit names whatever does not agree with fees, tiers and shares, by day and at night."""

import time
from dataclasses import replace

import pytest

from marketplace.contracts.billing import Billing, billing_id
from marketplace.contracts.contract import Contract
from marketplace.storage import audit_paid, ledger, marks
from marketplace.storage.audit import twice
from marketplace.storage.audit_touched import TouchedLook
from tests.integration.test_audit import breaches_of, changed_head, events_about, read
from tests.journey.test_fees_and_agencies import Publish, agency_of, hand_in, publish
from tests.people import World, usd

__all__ = ["publish"]  # pytest finds the fixture here


SINCE_SECONDS = 600
"""A piece of the night that holds whatever this test does."""
Written = dict[int, list[ledger.Indexed]]


def written_about(subject: str) -> Written:
    """The events about it, by bucket: of all that the tables hold the night shall look at these."""
    starts = marks.marked(int(time.time()) - SINCE_SECONDS)
    return {start: [one for one in ledger.events_in(start) if subject in one.about] for start in starts}


def at_night(
    world: World, monkeypatch: pytest.MonkeyPatch, written: Written
) -> tuple[dict[str, set[str]], int]:
    """What a look says, by whom it is about, and how many things it has left to the whole audit."""
    with monkeypatch.context() as only:
        only.setattr(ledger, "events_in", lambda start: iter(written.get(start, ())))
        store, now = world.system.runtime.store, int(time.time())
        report = twice(lambda spool: TouchedLook(store, spool, min(written), now + SINCE_SECONDS))
    found = report.breaches
    return {one.subject: {b.detail for b in found if b.subject == one.subject} for one in found}, report.left


def test_fees_tiers_and_shares_that_were_tampered_with_are_named(
    world: World, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    client, lead, other = world.client(USD=40_000), world.worker(), world.worker()
    agency = agency_of(lead, other, 2_500)
    rows = [{"title": name, "amount": usd(10_000)} for name in ("one", "two")]
    task = world.task(client, {"model": "milestone", "budget": usd(20_000)})
    bid = {"price": usd(20_000), "milestones": rows, "message": "", "agency_id": agency["id"]}
    made = world.contract(client, other, task, bid)
    client.post(f"/v1/contracts/{made['id']}/milestones/{made['milestones'][1]['id']}/fund")
    client.post(f"{hand_in(client, other, made)}/approve")
    client.post(f"/v1/contracts/{made['id']}/bonus", {"amount": usd(777), "reason": "thanks"}, status=201)
    world.settle()
    contract = read(world, Contract, made["id"])
    billing = read(world, Billing, billing_id(contract))
    paid = [event.id for event in events_about(contract.id, "milestone.approved", "bonus.paid")]
    ours = (contract.id, billing.id, *paid, lead.id, other.id, client.id)
    assert (billing.billed, breaches_of(world, *ours)) == (10_777, [])
    written = written_about(contract.id)
    assert at_night(world, monkeypatch, written) == ({}, 0)
    with changed_head(billing, billed=10_000):
        assert breaches_of(world, *ours) == [(3, billing.id)]
        told = "10000 was released and 777 given, 10000 is billed"
        assert at_night(world, monkeypatch, written) == ({billing.id: {told}}, 0)
        with monkeypatch.context() as short:
            short.setattr(audit_paid, "LINES_MAX", 1)
            assert at_night(world, monkeypatch, written) == ({}, 2)
    with changed_head(contract, fees=replace(contract.fees, client_basis_points=301)):
        assert breaches_of(world, *ours) == [(3, contract.id), (10, client.id)]
        told = "10000 is released, 9999 was posted to workers and fees"
        assert told in at_night(world, monkeypatch, written)[0][contract.id]
    shares = tuple(replace(row, basis_points=5_000) for row in contract.agency.members)
    with changed_head(contract, agency=replace(contract.agency, members=shares)):
        assert breaches_of(world, *ours) == sorted((3, event) for event in paid)
