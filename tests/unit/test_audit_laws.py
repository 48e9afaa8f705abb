"""Each law catches what breaks it, names the id, and is silent about what is right."""

from dataclasses import replace
from typing import Any

import pytest

from marketplace.ledger import postings
from marketplace.ledger.audit import (
    Breach,
    ContractMoney,
    Rated,
    ResultMoney,
    TaskSeats,
    Worked,
    balance_breaches,
    contract_breaches,
    currency_breaches,
    journal_breaches,
    overlap_breaches,
    rating_breaches,
    result_breaches,
    seat_breaches,
)
from marketplace.ledger.audit_states import state_breaches
from marketplace.ledger.audit_steps import step_breaches
from marketplace.ledger.claims import (
    Claims,
    ClientHolds,
    Earned,
    claim_breaches,
    earned_breaches,
    holds_breaches,
)
from marketplace.ledger.totals import Sides, Totals
from marketplace.shared.journal import Journal, Posting

EVENT = "evt_1"
CONTRACT = ContractMoney("con_1", 100, 30, 50, 20, 10, Sides(debits=70, credits=100))
RESULTS = ResultMoney("con_1", 10, 5, submitted=2, accepted=3, waiting=2, paid=3, released=30)


def journal(*rows: Posting) -> Journal:
    return Journal("jrn_1", "USD", 0, "a move", tuple(row for row in rows if row.debit or row.credit))


def stored(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"currency": "USD", "postings": [{"account": "a", **row} for row in rows]}


def laws(breaches: Any) -> list[tuple[int, str]]:
    return list(dict.fromkeys((breach.law, breach.subject) for breach in breaches))


def test_a_balanced_journal_is_lawful() -> None:
    assert not list(journal_breaches(EVENT, stored({"debit": 5}, {"credit": 5})))


@pytest.mark.parametrize(
    "broken",
    [
        stored({"debit": 5}, {"credit": 4}),
        stored({"debit": 5.0}, {"credit": 5}),
        stored({"debit": True}, {"credit": 1}),
        stored({"debit": -5}, {"credit": -5}),
        stored({"debit": 5, "credit": 5}, {"debit": 1}, {"credit": 1}),
        stored({"debit": 5}),
    ],
)
def test_a_broken_journal_names_its_event(broken: dict[str, Any]) -> None:
    assert laws(journal_breaches(EVENT, broken)) == [(1, EVENT)]


def test_kept_balances_must_be_the_fold_of_their_postings() -> None:
    totals = Totals.of([journal(*postings.card_charged("cli_1", gross=900, receivable=200))])
    kept = {"client:cli_1": {"USD": {"wallet": 700, "receivable": -200, "paid": 5}}}
    assert not list(balance_breaches(totals, kept))
    kept["client:cli_1"]["USD"]["wallet"] = 701
    assert laws(balance_breaches(totals, kept)) == [(2, "client:cli_1:wallet")]


def test_a_kept_balance_that_nobody_posted_to_is_found() -> None:
    assert laws(balance_breaches(Totals(), {"worker:wrk_1": {"USD": {"available": 1}}})) == [
        (2, "worker:wrk_1:available")
    ]


def test_a_guarded_balance_below_zero_is_found() -> None:
    totals = Totals.of([journal(*postings.funded("cli_1", "con_1", 10))])
    kept = {"client:cli_1": {"USD": {"wallet": -10}}}
    assert laws(balance_breaches(totals, kept)) == [(2, "client:cli_1:wallet")]


def test_a_ledger_of_balanced_journals_balances() -> None:
    assert not list(currency_breaches(Totals.of([journal(*postings.funded("cli_1", "con_1", 10))])))


def test_a_contract_that_adds_up_is_lawful() -> None:
    assert not list(contract_breaches(CONTRACT))


@pytest.mark.parametrize(
    "changes",
    [
        {"funded": 101, "hold": Sides(debits=71, credits=101), "held": 30},
        {"reserved": 31},
        {"reserved": -1},
        {"hold": Sides(debits=69, credits=99)},
        {"hold": Sides(debits=71, credits=100)},
    ],
)
def test_a_contract_that_does_not_is_found(changes: dict[str, Any]) -> None:
    found = laws(contract_breaches(replace(CONTRACT, **changes)))
    assert found
    assert set(found) == {(3, "con_1")}


def test_what_came_back_from_the_worker_is_no_further_funding() -> None:
    after = replace(CONTRACT, held=40, released=40, reversed=10, hold=Sides(debits=70, credits=110))
    assert not list(contract_breaches(after))
    assert laws(contract_breaches(replace(after, reversed=0))) == [(3, "con_1")]


def test_what_a_chargeback_took_is_accounted_for_and_what_it_gave_back_is_no_further_funding() -> None:
    taken = replace(CONTRACT, held=20, charged_back=10, hold=Sides(debits=80, credits=100))
    assert not list(contract_breaches(taken))
    assert laws(contract_breaches(replace(taken, charged_back=0))) == [(3, "con_1")]
    restored = replace(CONTRACT, restored=10, hold=Sides(debits=80, credits=110))
    assert not list(contract_breaches(restored))
    assert laws(contract_breaches(replace(restored, restored=0))) == [(3, "con_1")]


@pytest.mark.parametrize(
    "changes",
    [{"waiting": 1}, {"paid": 4}, {"disputed": 1}, {"quantity": 4}, {"withheld": 1}, {"released": 40}],
)
def test_a_contract_paid_by_the_result_pays_for_each_accepted_one(changes: dict[str, Any]) -> None:
    assert not list(result_breaches(RESULTS))
    assert laws(result_breaches(replace(RESULTS, **changes))) == [(3, "con_1")]


def test_what_is_reserved_is_for_something_that_can_be_named() -> None:
    claims = Claims("con_1", 10, sessions=1, results=2, milestones=3, outcomes=4)
    assert not list(claim_breaches(claims))
    for reserved in (9, 11):
        assert laws(claim_breaches(replace(claims, reserved=reserved))) == [(3, "con_1")]


def test_seats_are_what_was_not_taken() -> None:
    assert not list(seat_breaches(TaskSeats("task_1", seats=2, seats_left=1, taken=1)))
    assert laws(seat_breaches(TaskSeats("task_1", seats=2, seats_left=0, taken=3))) == [(4, "task_1")]
    assert laws(seat_breaches(TaskSeats("task_1", seats=2, seats_left=2, taken=1))) == [(4, "task_1")]


def test_work_ends_once_and_is_approved_at_most_as_often_as_handed_in() -> None:
    lawful = {"milestone.submitted": 2, "milestone.changes_requested": 1, "milestone.approved": 1}
    assert not list(step_breaches("mil_1", "mil", lawful))
    for broken in ({"milestone.approved": 1}, {**lawful, "milestone.cancelled": 1}):
        assert laws(step_breaches("mil_1", "mil", broken)) == [(4, "mil_1")]


def test_sessions_of_one_worker_may_touch_and_not_overlap() -> None:
    first, second = Worked("ses_1", "wrk_1", 0, 60), Worked("ses_2", "wrk_1", 60, None)
    other = Worked("ses_3", "wrk_2", 30, 90)
    assert not list(overlap_breaches([second, other, first]))
    late = Worked("ses_4", "wrk_1", 59, 61)
    assert (7, "ses_4") in laws(overlap_breaches([first, late]))
    assert (7, "ses_5") in laws(overlap_breaches([second, Worked("ses_5", "wrk_1", 99, 100)]))


def test_one_rating_a_side() -> None:
    sides = (("rat_1", "client"), ("rat_2", "worker"), ("rat_3", "client"))
    ratings = [Rated(rating, "con_1", side, revealed=True) for rating, side in sides]
    assert list(rating_breaches(ratings[:2])) == []
    assert list(rating_breaches(ratings)) == [Breach(8, "rat_3", "rates con_1 a second time, after rat_1")]


@pytest.mark.parametrize(("revealed", "shown_at"), [(False, None), (True, 100), (True, None), (True, 99)])
def test_a_rating_is_hidden_until_both_are_in_or_its_window_has_closed(
    *, revealed: bool, shown_at: int | None
) -> None:
    alone = Rated("rat_1", "con_1", "client", revealed=revealed, reveals_at=100, shown_at=shown_at)
    lawful = not revealed or shown_at == 100
    assert laws(rating_breaches([alone])) == ([] if lawful else [(8, "rat_1")])
    both = [alone, Rated("rat_2", "con_1", "worker", revealed=True)]
    assert laws(rating_breaches(both)) == ([] if revealed else [(8, "rat_1")])


def test_what_is_released_is_what_work_was_paid_and_what_was_posted() -> None:
    earned = Earned("con_1", 50, work=50, posted=50)
    assert not list(earned_breaches(earned))
    assert not list(earned_breaches(Earned("con_1", 50)))
    for wrong in (replace(earned, work=49), replace(earned, posted=51), replace(earned, released=51)):
        assert laws(earned_breaches(wrong)) == [(3, "con_1")]


def test_a_client_is_told_what_its_contracts_hold() -> None:
    assert not list(holds_breaches(ClientHolds("cli_1", "USD", (50, 1), (50, 1))))
    assert laws(holds_breaches(ClientHolds("cli_1", "USD", (50, 1), (50, 2)))) == [(10, "cli_1")]


def test_what_stands_in_a_state_has_come_to_it() -> None:
    assert not list(state_breaches("mil_1", "mil", "approved", {"outcome.applied": 1}))
    assert not list(state_breaches("mil_1", "mil", "planned", {}))
    assert laws(state_breaches("mil_1", "mil", "approved", {"milestone.submitted": 1})) == [(4, "mil_1")]
