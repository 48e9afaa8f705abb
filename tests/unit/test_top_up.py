"""Top-ups: credited in full, once, whatever comes first; and Stripe's fees."""

from collections import Counter
from dataclasses import replace

import pytest

from marketplace.funding.ports import CardPayment, ChargeFee, OpenedPayment
from marketplace.funding.top_up import ATTACH_SECONDS_MAX, Refusal, TopUp, TopUpStatus
from marketplace.funding.use_cases import (
    PaymentMismatch,
    RequestTopUp,
    attach_payment,
    credit_top_up,
    post_charge_fee,
    refuse_top_up,
    request_top_up,
    wake_top_up,
)
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.events import Cause, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.fakes.memory_store import MemoryStore

AT = 1_790_000_000
CLIENT = new_id("cli")
OWNER = f"client:{CLIENT}"
USD = Money(5_000, "USD")
OPENED = OpenedPayment("pi_1", "pi_1_secret")


def cause(name: str = "", at: int = AT) -> Cause:
    return Cause(f"evt_{name}" if name else new_id("evt"), "stripe", new_id("req"), at)


def requested(store: MemoryStore) -> str:
    command = RequestTopUp(new_id("top"), CLIENT, USD)
    run(store, cause(), lambda tx: request_top_up(command, tx))
    return command.top_up_id


def payment(top_up_id: str) -> CardPayment:
    return CardPayment("pi_1", succeeded=True, received=USD, charge="ch_1", top_up_id=top_up_id)


def credit(store: MemoryStore, paid: CardPayment) -> None:
    run(store, cause(f"{paid.top_up_id}charged"), lambda tx: credit_top_up(paid, tx))


def read(store: MemoryStore, top_up_id: str) -> TopUp:
    found = store.read(TopUp, top_up_id)
    assert found is not None
    top_up: TopUp = found[0]
    return top_up


def test_the_whole_charge_is_the_clients_and_told_twice_it_is_credited_once() -> None:
    store = MemoryStore()
    top_up_id = requested(store)
    run(store, cause(), lambda tx: attach_payment(top_up_id, OPENED, tx))
    for _ in range(2):
        credit(store, payment(top_up_id))
    assert read(store, top_up_id).status == TopUpStatus.SUCCEEDED
    assert store.balances(OWNER) == {"USD": {"wallet": 5_000}}
    (journal,) = [event.journal for event in store.events.values() if event.journal]
    assert journal.references == ("ch_1", "pi_1")


def test_what_the_client_owes_is_settled_first() -> None:
    store = MemoryStore(kept=Counter({(OWNER, "USD", "receivable"): 1_200}))
    credit(store, payment(requested(store)))
    assert store.balances(OWNER) == {"USD": {"receivable": 0, "wallet": 3_800}}


def test_a_payment_may_be_heard_of_before_it_is_written_down_that_it_was_opened() -> None:
    store = MemoryStore()
    top_up_id = requested(store)
    credit(store, payment(top_up_id))
    run(store, cause(), lambda tx: attach_payment(top_up_id, OPENED, tx))
    top_up = read(store, top_up_id)
    assert (top_up.status, top_up.client_secret) == (TopUpStatus.SUCCEEDED, OPENED.client_secret)


@pytest.mark.parametrize("ending", ["expire", "refuse"])
def test_money_that_comes_after_all_is_not_lost(ending: str) -> None:
    store = MemoryStore()
    top_up_id = requested(store)
    if ending == "expire":
        run(store, cause(at=AT + ATTACH_SECONDS_MAX), lambda tx: wake_top_up(top_up_id, tx))
        assert read(store, top_up_id).status == TopUpStatus.EXPIRED
    else:
        run(store, cause(), lambda tx: refuse_top_up(top_up_id, Refusal("x", "no", ""), tx))
    with pytest.raises(IllegalTransition):
        run(store, cause(), lambda tx: attach_payment(top_up_id, OPENED, tx))
    credit(store, payment(top_up_id))
    assert store.balances(OWNER) == {"USD": {"wallet": 5_000}}


@pytest.mark.parametrize(
    "odd",
    [
        {"received": Money(4_999, "USD")},
        {"received": Money(5_000, "EUR")},
        {"succeeded": False},
        {"charge": ""},
    ],
)
def test_a_payment_that_does_not_fit_is_never_guessed_at(odd: dict[str, object]) -> None:
    store = MemoryStore()
    top_up_id = requested(store)
    run(store, cause(), lambda tx: attach_payment(top_up_id, OPENED, tx))
    with pytest.raises(PaymentMismatch):
        credit(store, replace(payment(top_up_id), **odd))  # type: ignore[arg-type]
    assert store.balances(OWNER) == {}


def test_of_two_payments_that_were_opened_the_first_that_is_paid_counts() -> None:
    store = MemoryStore()
    top_up_id = requested(store)
    run(store, cause(), lambda tx: attach_payment(top_up_id, OPENED, tx))
    other = replace(payment(top_up_id), payment_intent="pi_2", charge="ch_2")
    credit(store, other)
    credit(store, other)
    assert read(store, top_up_id).payment_intent == "pi_2"
    with pytest.raises(PaymentMismatch):
        credit(store, payment(top_up_id))
    assert store.balances(OWNER) == {"USD": {"wallet": 5_000}}


def test_an_unpaid_top_up_is_looked_up_twice_and_then_left_to_its_webhook() -> None:
    store = MemoryStore()
    top_up_id = requested(store)
    run(store, cause(), lambda tx: attach_payment(top_up_id, OPENED, tx))
    dues = []
    while (due_at := read(store, top_up_id).due_at) is not None:
        dues.append(due_at - AT)
        run(store, cause(at=due_at), lambda tx: wake_top_up(top_up_id, tx))
    assert dues == [86_400, 4 * 86_400]
    assert [event.type for event in store.events.values()].count(EventType.TOP_UP_DUE) == 2


def test_a_timer_that_fires_twice_changes_nothing_the_second_time() -> None:
    store = MemoryStore()
    top_up_id = requested(store)
    for _ in range(2):
        run(store, cause(at=AT + ATTACH_SECONDS_MAX), lambda tx: wake_top_up(top_up_id, tx))
    assert [event.type for event in store.events.values()].count(EventType.TOP_UP_EXPIRED) == 1


def test_stripes_fee_is_the_platforms_and_a_fee_of_nothing_has_no_journal() -> None:
    store = MemoryStore()

    def post(amount: int, name: str) -> None:
        fee = ChargeFee("txn_1", "ch_1", Money(amount, "USD"), "")
        run(store, cause(name), lambda tx: post_charge_fee(fee, tx))

    post(0, "none")
    assert not store.events
    for _ in range(2):
        post(175, "txn")
    (event,) = store.events.values()
    assert event.journal is not None
    assert event.about == event.journal.references == ("txn_1", "ch_1")
    assert [(row.account, row.debit, row.credit) for row in event.journal.postings] == [
        ("platform:stripe_fees", 175, 0),
        ("platform:stripe", 0, 175),
    ]
    with pytest.raises(PaymentMismatch):
        post_charge_fee(ChargeFee("txn_2", "ch_2", Money(-1, "USD"), ""), Transaction(store, cause()))
