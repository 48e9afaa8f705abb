"""Laws of money that goes back to cards: in whatever order it is told, and whatever contracts hold."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.contracts import freezing
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.funding import chargebacks, contested_holds, refunds
from marketplace.funding.chargeback import Chargeback, chargeback_id
from marketplace.funding.dispute_desk import DisputeDesk
from marketplace.funding.ports import CardDispute, CardRefund, DisputeMovement
from marketplace.funding.refund import Refund
from marketplace.funding.refund_courier import RefundCourier
from marketplace.funding.refunds import RequestRefund
from marketplace.funding.taken_hold import taken_hold_id
from marketplace.funding.top_up import TopUp, TopUpStatus
from marketplace.shared.accounts import STRIPE, STRIPE_FEES, client_owner
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done
from marketplace.shared.running import run
from marketplace.shared.store import Commit, HeadChange
from marketplace.shared.transaction import Transaction
from marketplace.work.terms import Pay, PayModel
from tests.fakes.crashing_store import SettableClock
from tests.fakes.fake_stripe import FakeStripe
from tests.fakes.memory_store import MemoryStore

CLIENT, TOP_UP = new_id("cli"), new_id("top")
WALLET = (client_owner(CLIENT), "USD", "wallet")
AMOUNTS = st.integers(1, 5_000)


def cause(name: str = "") -> Cause:
    return Cause(f"evt_{name}" if name else new_id("evt"), "stripe", new_id("req"), 0)


def paid_up(amount: int, wallet: int) -> MemoryStore:
    """A client whose card has paid `amount`, and `wallet` of it is unspent."""
    store = MemoryStore()
    top_up = TopUp(TOP_UP, CLIENT, Money(amount, "USD"), 0, TopUpStatus.SUCCEEDED, payment_intent="pi_1")
    store.commit(Commit((HeadChange(top_up),), Counter({WALLET: wallet}), None))
    return store


def posted(store: MemoryStore, account: str) -> int:
    """Debits less credits."""
    journals = [event.journal for event in store.events.values() if event.journal]
    rows = [row for journal in journals for row in journal.postings if row.account == account]
    return sum(row.debit - row.credit for row in rows)


LIVES = st.sampled_from(
    [("succeeded",), ("pending", "succeeded"), ("pending", "failed"), ("succeeded", "failed"), ("canceled",)]
)


@settings(max_examples=100, deadline=None)
@given(LIVES, st.lists(st.integers(0, 1), max_size=6), AMOUNTS)
def test_a_refund_comes_to_the_same_in_whatever_order_it_is_told(
    life: tuple[str, ...], told: list[int], amount: int
) -> None:
    store = paid_up(amount, amount)
    command = RequestRefund(new_id("ref"), CLIENT, TOP_UP, Money(amount, "USD"))
    run(store, cause(), lambda tx: refunds.request_refund(command, tx))
    refund = CardRefund("re_1", "", command.amount, command.refund_id, "ch_1", "txn_1")
    seen = [
        replace(refund, state=state, failure_balance_transaction="txn_2" if state == "failed" else "")
        for state in life
    ]
    event = Event(new_id("evt"), EventType.REFUND_DUE, 0, "stripe", new_id("req"), ())
    clock = SettableClock()
    courier = RefundCourier(store, FakeStripe(clock), clock, event)  # type: ignore[arg-type]  # never asked
    for index in (*told, -1, *told):
        courier.record(seen[min(index, len(seen) - 1)])
    found = store.read(Refund, command.refund_id)
    assert found is not None
    gone = life[-1] in ("failed", "canceled")
    assert (found[0].status, found[0].taken, found[0].returned) == (life[-1], True, gone)
    assert store.kept[WALLET] == (amount if gone else 0)
    assert store.kept[client_owner(CLIENT), "USD", "refunding"] == 0
    assert posted(store, STRIPE) == (0 if gone else -amount)


def holding(amount: int, *, reserved: int = 0) -> Contract:
    pay = Pay(PayModel.PER_RESULT, unit=Money(1, "USD"), quantity=5)
    names = (new_id("con"), new_id("task"), new_id("bid"), CLIENT, new_id("wrk"), "Work")
    return Contract(
        *names, pay, 1_000, 0, 0, 0, ContractStatus.ACTIVE, funded=amount, held=amount, reserved=reserved
    )


@settings(max_examples=100, deadline=None)
@given(AMOUNTS, st.integers(0, 3_000), st.lists(st.tuples(AMOUNTS, st.integers(0, 5_000)), max_size=5))
def test_a_won_chargeback_leaves_everything_as_it_was(
    amount: int, wallet: int, holds: list[tuple[int, int]]
) -> None:
    store = paid_up(amount, wallet)
    contracts = [holding(held, reserved=min(held, reserved)) for held, reserved in holds]
    for contract in contracts:
        store.commit(Commit((HeadChange(contract),), Counter(), None))
    before = dict(store.heads), +store.kept
    disputed = Money(amount, "USD")
    dispute = CardDispute("du_1", "needs_response", "fraudulent", disputed, "ch_1", "pi_1", TOP_UP, 0, 9, 0)
    identifier = chargeback_id(dispute)
    taken, back = DisputeMovement("txn_1", -amount, 1_500), DisputeMovement("txn_2", amount, 0)

    def do(work: Callable[[Transaction], object]) -> None:
        run(store, cause(), work)

    do(partial(chargebacks.record_dispute, dispute, new_id("chb")))
    for _ in range(2):
        do(partial(chargebacks.withdraw_funds, identifier, taken))
        for contract in contracts:
            do(partial(contested_holds.take_hold, identifier, contract.id))
    assert posted(store, STRIPE) == -amount
    open_ = sum(contract.headroom for contract in contracts)
    owed = store.kept[client_owner(CLIENT), "USD", "receivable"]
    assert owed == max(0, amount - wallet - open_)
    for _ in range(2):
        do(partial(chargebacks.reinstate_funds, identifier, back))
        for contract in contracts:
            taken_id = taken_hold_id(identifier, contract.id)
            if taken_id in store.heads:
                do(partial(contested_holds.release_hold, taken_id))
    assert (+store.kept, posted(store, STRIPE)) == (before[1], 0)
    for contract in contracts:
        found = store.read(Contract, contract.id)
        assert found is not None
        assert (found[0].held, found[0].reserved) == (contract.held, contract.reserved)
        assert (found[0].chargebacks.charged_back, found[0].chargebacks.frozen_by) == (0, ())
    chargeback = store.read(Chargeback, identifier)
    assert chargeback is not None
    assert not chargeback[0].is_contested


@given(st.integers(0, 1_500), AMOUNTS, st.permutations(range(2)))
def test_all_of_stripes_lines_about_a_dispute_are_booked_at_once_and_once_also_a_fee_that_comes_back(
    returned: int, amount: int, order: list[int]
) -> None:
    both = (DisputeMovement("txn_1", -amount, 1_500), DisputeMovement("txn_2", amount, -returned))
    lines = (both[order[0]], both[order[1]])
    store, disputed = paid_up(amount, amount), Money(amount, "USD")
    won = CardDispute("du_1", "won", "fraudulent", disputed, "ch_1", "pi_1", TOP_UP, 0, 9, 1, lines)
    desk = DisputeDesk(store, OneDispute(won), SettableClock(), new_id, new_id("req"))  # type: ignore[arg-type]  # it is asked nothing else
    for _ in range(2):
        desk.learn(won.id)
        assert (posted(store, STRIPE), posted(store, STRIPE_FEES)) == (returned - 1_500, 1_500 - returned)


@dataclass
class OneDispute:
    """Stripe, of which only this is asked."""

    stands: CardDispute

    def dispute(self, _: str) -> Done[CardDispute]:
        return Done(self.stands)


ROWS = st.lists(
    st.tuples(AMOUNTS, st.sampled_from(["planned", "funded", "submitted"])), min_size=1, max_size=6
)


@given(ROWS, st.integers(1, 10_000), st.sampled_from(["won", "lost"]))
def test_milestones_have_their_money_again_or_are_planned_again(
    rows: list[tuple[int, str]], wanted: int, ends: str
) -> None:
    milestones = tuple(
        Milestone(new_id("mil"), "Part", amount, MilestoneStatus(status)) for amount, status in rows
    )
    held = needed(milestones)
    names = (new_id("con"), new_id("task"), new_id("bid"), CLIENT, new_id("wrk"), "Work")
    pay = Pay(PayModel.MILESTONE, budget=Money(1, "USD"))
    contract = Contract(
        *names, pay, 1_000, 0, 0, 0, ContractStatus.ACTIVE, milestones, funded=held, held=held
    )
    amount = min(wanted, freezing.open_to(contract))
    if not amount:
        return
    short = freezing.taken(contract, "chb_1", amount)
    submitted = sum(row.amount for row in milestones if row.status == "submitted")
    assert short.held >= submitted
    assert short.held + short.chargebacks.short == held
    if ends == "won":
        back = freezing.given_back(short, "chb_1", amount, at=0)
        assert (back.held, back.milestones, back.chargebacks.charged_back) == (held, milestones, 0)
        return
    thawed = freezing.unfrozen(short, "chb_1", at=0)
    assert thawed.held == needed(thawed.milestones)
    assert thawed.funded == thawed.held + thawed.returned + thawed.chargebacks.charged_back
    kept = [row for row in thawed.milestones if row.status == "submitted"]
    assert kept == [row for row in milestones if row.status == "submitted"]


def needed(milestones: tuple[Milestone, ...]) -> int:
    return sum(row.amount for row in milestones if row.status in ("funded", "submitted"))


@given(st.lists(AMOUNTS, min_size=1, max_size=8), AMOUNTS)
def test_refunds_of_one_top_up_stay_within_it(asked: list[int], amount: int) -> None:
    store, left = paid_up(amount, 10**9), amount
    for wanted in asked:
        command = RequestRefund(new_id("ref"), CLIENT, TOP_UP, Money(wanted, "USD"))
        if wanted > left:
            with pytest.raises(InvalidRequest):
                run(store, cause(), partial(refunds.request_refund, command))
        else:
            run(store, cause(), partial(refunds.request_refund, command))
            left -= wanted
    assert store.kept[client_owner(CLIENT), "USD", "refunding"] == amount - left
