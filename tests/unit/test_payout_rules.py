"""Who waits and for what, what a debt takes of a payout, and what finance may decide."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payouts.clearance import APPROVAL_SECONDS, Clearance
from marketplace.payouts.oversight import ApprovePayout, approve_payout
from marketplace.payouts.payout import BANK_SECONDS, Need, Payout, PayoutStatus, Reason
from marketplace.payouts.rules import PayoutRules
from marketplace.people.workers import Identity
from marketplace.settings import Settings
from marketplace.shared.errors import AlreadyApproved, Forbidden, IllegalTransition
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.leg import Leg
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Refused
from marketplace.shared.running import run
from marketplace.storage import codec
from tests.fakes.memory_store import MemoryStore

AT = 1_790_000_000
DAY = 86_400
RULES = PayoutRules()
NO_FUNDS = Refused("balance_insufficient", "insufficient funds")


def payout(clearance: Clearance) -> Payout:
    return Payout.requested("pay_1", "wrk_1", "acct_1", Money(9_000, "USD"), AT, clearance=clearance)


@pytest.mark.parametrize(
    ("amount", "currency", "needed"),
    [(1_000_000, "USD", 0), (1_000_001, "USD", 2), (1_500_000, "JPY", 0), (1_500_001, "JPY", 2)],
)
def test_what_is_above_its_currencys_threshold_needs_two_people(
    amount: int, currency: str, needed: int
) -> None:
    rules = replace(RULES, approval_above_in={"JPY": 1_500_000})
    assert rules.clearance(Money(amount, currency), verified_at=None, at=AT).approvals_needed == needed
    unwatched = replace(RULES, approval_above=None)
    assert unwatched.clearance(Money(amount, currency), verified_at=None, at=AT).approvals_needed == 0


@pytest.mark.parametrize(
    ("age", "held"), [(0, True), (3 * DAY - 1, True), (3 * DAY, False), (400 * DAY, False)]
)
def test_a_hold_counts_from_the_first_verification(age: int, held: bool) -> None:  # noqa: FBT001
    clearance = RULES.clearance(Money(1, "USD"), verified_at=AT - age, at=AT)
    assert clearance.held_until == (AT - age + 3 * DAY if held else None)
    assert clearance.holds(AT) == held
    assert RULES.clearance(Money(1, "USD"), verified_at=None, at=AT).is_given(AT)


@given(
    asked=st.integers(min_value=1, max_value=10**12),
    owed=st.integers(min_value=0, max_value=10**12),
    basis_points=st.integers(min_value=0, max_value=9_999),
)
def test_a_debt_takes_no_more_than_it_is_and_its_share_and_always_leaves_something(
    asked: int, owed: int, basis_points: int
) -> None:
    recovered = replace(RULES, recovery_basis_points=basis_points).recovered(asked, owed=owed)
    assert 0 <= recovered <= owed
    assert recovered < asked
    assert recovered * 10_000 <= asked * basis_points
    assert recovered == owed or (recovered + 1) * 10_000 > asked * basis_points


@given(st.lists(st.sampled_from("abc"), max_size=6))
def test_as_many_different_people_as_are_needed_and_nobody_twice(people: list[str]) -> None:
    clearance, approved = Clearance(approvals_needed=2), set[str]()
    for person in people:
        if person in approved:
            with pytest.raises(AlreadyApproved):
                clearance.approved(person, AT)
            continue
        clearance = clearance.approved(person, AT)
        approved.add(person)
    assert clearance.is_given(AT) == (len(approved) >= 2)


def test_an_expected_time_is_true_in_every_wait() -> None:
    held, watched = Clearance(held_until=AT + DAY), Clearance(approvals_needed=2)
    both = Clearance(held_until=AT + 9 * DAY, approvals_needed=2)
    expected = {
        held: AT + DAY + BANK_SECONDS,
        watched: AT + APPROVAL_SECONDS + BANK_SECONDS,
        both: AT + 9 * DAY + BANK_SECONDS,
    }
    for clearance, instant in expected.items():
        assert payout(clearance).expected(AT) == instant
        assert payout(clearance).expected(AT + 99 * DAY) == AT + 99 * DAY + BANK_SECONDS


def test_only_what_is_parked_can_be_cancelled() -> None:
    kept = payout(Clearance(held_until=AT + DAY))
    assert kept.need == Need.CLEARANCE
    assert kept.cancelled().status == PayoutStatus.CANCELLED
    free = payout(Clearance())
    short = free.transfer_answered(NO_FUNDS, AT)
    assert (short.need, short.cancelled().need) == (Need.CLEARANCE, Need.NOTHING)
    for too_late in (
        free,
        short.looked_after(AT),
        free.transfer_answered(Done("tr_1"), AT),
        kept.cancelled(),
    ):
        with pytest.raises(IllegalTransition):
            too_late.cancelled()


def test_what_was_stored_before_there_was_parking_may_have_been_sent() -> None:
    assert not Leg(AT).parked


def test_nothing_waits_for_two_things_at_once_and_the_approval_comes_first() -> None:
    both = payout(Clearance(held_until=AT + DAY, approvals_needed=2))
    assert (both.reason, both.sweep_at) == (Reason.NEEDS_APPROVAL, None)
    approved = both.approved("a", AT).approved("b", AT)
    assert (approved.reason, approved.sweep_at) == (Reason.HELD_NEW_ACCOUNT, AT + DAY)
    freed = approved.looked_after(AT + DAY)
    assert (freed.reason, freed.need, freed.transfer.planned_at) == (None, Need.TRANSFER, AT + DAY)


def test_nobody_approves_their_own_payout() -> None:
    store, own = MemoryStore(), Identity(new_id("idn"), "wrk_1")
    for head in (own, payout(Clearance(approvals_needed=2))):
        store.heads[head.id] = (1, codec.dump(head))
    cause = Cause(new_id("evt"), "finance:ada", new_id("req"), AT)
    with pytest.raises(Forbidden):
        run(store, cause, lambda tx: approve_payout(ApprovePayout("pay_1", own.id), tx))
    run(store, cause, lambda tx: approve_payout(ApprovePayout("pay_1", new_id("idn")), tx))


def test_a_deployment_chooses_its_rules_by_its_environment() -> None:
    base: dict[str, Any] = {
        name.upper(): name
        for name in (
            "heads_table",
            "balances_table",
            "events_table",
            "trail_table",
            "identity_issuer",
            "identity_jwks_url",
            "cursor_secret",
        )
    }
    assert Settings.from_environment(base).payout_rules == PayoutRules()
    chosen = {
        "PAYOUT_HOLD_SECONDS": "60",
        "PAYOUT_APPROVAL_ABOVE": "5",
        "PAYOUT_APPROVAL_ABOVE_IN": '{"JPY": 7}',
        "PAYOUT_RECOVERY_BASIS_POINTS": "100",
    }
    assert Settings.from_environment(base | chosen).payout_rules == PayoutRules(60, 5, {"JPY": 7}, 100)
    with pytest.raises(ValueError, match="payout_recovery_basis_points"):
        Settings.from_environment(base | {"PAYOUT_RECOVERY_BASIS_POINTS": "10000"})
