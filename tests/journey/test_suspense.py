"""Money that Stripe moved and nobody can explain: booked to suspense once, named every night, taken back."""

from typing import Any

import pytest

from cli.audit import audit
from cli.watch import report_unmoved
from marketplace.ledger import postings
from marketplace.reconciliation import suspense
from marketplace.storage import stripe_account
from tests.dashboard import Dashboard
from tests.journey.test_reconciliation import reconcile
from tests.people import Caller, World
from tests.simulation.mutants import rewritten

AMOUNT = 4_321
SUSPENSE = "/v1/finance/accounts/platform:suspense"


@pytest.fixture
def finance(world: World) -> Caller:
    return world.person("finance")


def charged_by_nobody(world: World) -> None:
    """Somebody charges a card in Stripe's dashboard."""
    Dashboard(world.system.runtime.settings).charge(AMOUNT)
    world.settle()


def unexplained(world: World, finance: Caller, start: int) -> list[Any]:
    """The exceptions of a reconciliation since `start` that only Stripe knows."""
    run = reconcile(world, finance, start, world.system.clock.now())
    rows = finance.get(f"/v1/finance/reconciliations/{run['id']}/exceptions")["data"]
    return [row for row in rows if row["class"] == "missing_in_ledger"]


def in_suspense(finance: Caller) -> int:
    rows = finance.get(SUSPENSE)["balances"]
    return sum(row["balance"] for row in rows if row["currency"] == "USD")


def test_what_nobody_can_explain_waits_in_suspense_until_somebody_can(
    world: World, finance: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    world.advance(days=6)
    start, before = world.system.clock.now(), in_suspense(finance)
    charged_by_nobody(world)
    world.advance(hours=1)
    (one,), (again,) = (unexplained(world, finance, start) for _ in range(2))
    assert (one["amount"], one["suspense"]) == ({"amount": AMOUNT, "currency": "USD"}, None)
    suspend, reason = f"/v1/finance/exceptions/{one['id']}/suspend", {"reason": "who was that?"}
    booked = finance.post(suspend, reason)
    assert booked["status"] == "open"
    journal = finance.get(f"/v1/finance/journals/{booked['suspense']}")
    assert {(p["account"], p["debit"], p["credit"]) for p in journal["postings"]} == {
        ("platform:stripe", AMOUNT, 0),
        ("platform:suspense", 0, AMOUNT),
    }
    for twice in (suspend, f"/v1/finance/exceptions/{again['id']}/suspend"):
        assert finance.refused(twice, reason) == (409, "illegal_transition")
    world.settle()
    assert in_suspense(finance) == before - AMOUNT
    assert unexplained(world, finance, start) == []
    assert report_unmoved(world.system.runtime) == 1
    assert "platform:suspense: " in capsys.readouterr().out
    reverse = f"/v1/finance/journals/{booked['suspense']}/reverse"
    assert finance.post(reverse, {"reason": "a test charge"})["suspense"] is None
    assert finance.refused(reverse, {"reason": "again"}) == (409, "illegal_transition")
    world.settle()
    assert in_suspense(finance) == before
    assert [row["amount"]["amount"] for row in unexplained(world, finance, start)] == [AMOUNT]
    found = audit(world.system.runtime).breaches
    assert [breach for breach in found if one["id"] in breach.subject or "sus_" in breach.subject] == []
    booked_anew = finance.post(suspend, reason)["suspense"]
    assert booked_anew != booked["suspense"]
    assert finance.post(f"/v1/finance/journals/{booked_anew}/reverse", reason)["suspense"] is None


@pytest.mark.deep
@pytest.mark.parametrize(
    ("function", "right", "wrong"),
    [
        (suspense.book_to_suspense, "earlier is not None and earlier.journal is not None", "False"),
        (postings.suspense_reversed, "suspended(-change)", "suspended(change)"),
        (stripe_account.without_reversals, "line.document not in gone", "True"),
    ],
)
def test_a_planted_bug_is_noticed(
    world: World,
    finance: Caller,
    capsys: pytest.CaptureFixture[str],
    function: Any,
    right: str,
    wrong: str,
) -> None:
    with rewritten(function, right, wrong)(), pytest.raises(AssertionError):
        test_what_nobody_can_explain_waits_in_suspense_until_somebody_can(world, finance, capsys)


def test_only_suspense_is_reversed_by_hand(world: World, finance: Caller) -> None:
    client = world.client(USD=1_000)
    entry = client.get("/v1/wallet/entries")["data"][0]
    path, reason = f"/v1/finance/journals/{entry['journal_id']}/reverse", {"reason": "no"}
    assert finance.refused(path, reason) == (409, "illegal_transition")
    assert client.refused(path, reason) == (403, "forbidden")
    for unknown in ("journals/jrn_01k00000000000000000000000/reverse", "exceptions/brk_x/suspend"):
        assert finance.refused(f"/v1/finance/{unknown}", reason) == (404, "not_found")
