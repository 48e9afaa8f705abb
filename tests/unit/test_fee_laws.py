"""Each law of fees and shares catches what breaks it, and is silent about what is right."""

from dataclasses import replace
from typing import Any

import pytest

from marketplace.contracts.fee_schedules import (
    CALENDAR_MAX,
    CurrencyFees,
    Effective,
    FeeCalendar,
    FeeSchedule,
)
from marketplace.contracts.fees import FeeTerms, Tier
from marketplace.ledger import postings
from marketplace.ledger.audit_fees import (
    ClientFee,
    PairMoney,
    billing_breaches,
    client_fee_breaches,
    given_in,
    share_breaches,
    shared_in,
)
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.journal import Journal
from tests.deals import Deal, agency, terms

MEMBERS = [("wrk_ada", 6_000), ("wrk_ben", 4_000)]


def journal(rows: postings.Postings) -> Journal:
    return Journal("jrn_1", "USD", 0, "a move", tuple(row for row in rows if row.debit or row.credit))


def breaches(rows: postings.Postings) -> list[Any]:
    about = ("mil_1", "con_1", "wrk_ada", "wrk_ben", "agn_1")
    ((contract, got),) = shared_in(about, journal(rows))
    assert contract == "con_1"
    return list(share_breaches("evt_1", got, MEMBERS))


def test_what_members_get_is_held_against_their_shares() -> None:
    assert not breaches(postings.released("con_1", {"wrk_ada": 6, "wrk_ben": 4}, fee=1))
    assert breaches(postings.released("con_1", {"wrk_ada": 7, "wrk_ben": 3}, fee=1))
    assert breaches(postings.released("con_1", {"wrk_ada": 10}, fee=1))
    assert breaches(postings.released("con_1", {"wrk_ada": 6, "wrk_eve": 4}, fee=1))


def test_what_members_give_back_is_held_against_their_shares_too() -> None:
    assert not breaches(postings.taken_back("con_1", available={"wrk_ada": 6}, owed={"wrk_ben": 4}, fee=1))
    assert breaches(postings.taken_back("con_1", available={"wrk_ada": 6}, owed={"wrk_ada": 4}, fee=1))


def test_a_bonus_is_what_it_takes_out_of_the_wallet_before_the_fee_on_top() -> None:
    rows = postings.bonus("cli_1", {"wrk_ada": 90}, fee=10)
    rows += postings.client_fee("cli_1", "con_1", held=0, earned=3)
    bonus = replace(journal(rows), description=postings.BONUS)
    assert list(given_in(("out_1", "con_1", "wrk_ada"), bonus)) == [("con_1", 100)]
    assert not list(given_in(("con_1",), journal(rows)))


def test_a_clients_fee_that_the_ledger_does_not_have_is_told() -> None:
    assert not list(client_fee_breaches(ClientFee("con_1", held=30, posted=30)))
    assert [row.subject for row in client_fee_breaches(ClientFee("con_1", held=30, posted=0))] == ["con_1"]


def test_billings_that_are_not_what_was_paid_are_told() -> None:
    assert not list(billing_breaches(PairMoney("bil_1", billed=50, released=30, bonuses=20)))
    assert [row.subject for row in billing_breaches(PairMoney("bil_1", 30, 30, 20))] == ["bil_1"]


def test_a_calendar_knows_what_was_in_effect_and_forgets_the_oldest() -> None:
    calendar = FeeCalendar("fcl_1")
    assert calendar.in_effect(100) is None
    for at in (10, 30, 20, 20):
        entry = Effective(at, f"fee_{at}_{len(calendar.entries)}")
        calendar = calendar.with_entry(entry, now=0)
    assert [calendar.in_effect(at) for at in (9, 10, 19, 20, 30)] == [
        None,
        "fee_10_0",
        "fee_10_0",
        "fee_20_3",
        "fee_30_1",
    ]
    for at in range(100, 100 + CALENDAR_MAX):
        calendar = calendar.with_entry(Effective(at, f"fee_{at}"), now=at)
    assert len(calendar.entries) == CALENDAR_MAX
    assert calendar.in_effect(99) is None


def test_no_more_schedules_may_be_to_come_than_the_calendar_keeps() -> None:
    calendar = FeeCalendar("fcl_1", (Effective(0, "fee_now"),))
    for at in range(1, CALENDAR_MAX):
        calendar = calendar.with_entry(Effective(at, f"fee_{at}"), now=0)
    with pytest.raises(InvalidRequest):
        calendar.with_entry(Effective(1, "fee_more"), now=0)
    assert calendar.in_effect(0) == "fee_now"


def test_a_currency_without_a_row_has_the_percentages_alone() -> None:
    dollars = CurrencyFees("USD", (Tier(100, 0),), fixed=30, minimum=50)
    schedule = FeeSchedule("fee_1", 0, 2_000, 300, (dollars,), 0)
    assert schedule.terms_in("USD") == FeeTerms("fee_1", (Tier(100, 0),), 30, 50, 300)
    assert schedule.terms_in("JPY") == FeeTerms("fee_1", client_basis_points=300)


def test_a_contract_with_tiers_and_an_agency_bills_the_agency() -> None:
    shared, alone = Deal(fees=terms((100, 0)), agency=agency(ada=10_000)), Deal(fees=terms((100, 0)))
    shared.pay(70)
    alone.pay(30)
    assert (shared.billed, alone.billed) == (70, 30)
    assert shared.contract().payee_id == "agn_1"
