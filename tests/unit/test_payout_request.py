"""Asking for a payout: what is refused, and in which order."""

from collections import Counter
from dataclasses import replace

import pytest

from marketplace.payouts.payout import Payout
from marketplace.payouts.use_cases import RequestPayout, request_payout
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.shared.errors import (
    CurrencyRequired,
    DomainError,
    InsufficientFunds,
    InvalidRequest,
    PayoutsDisabled,
)
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.running import run
from marketplace.storage import codec
from tests.fakes.memory_store import MemoryStore

AT = 1_790_000_000
WORKER = new_id("wrk")
OWNER = f"worker:{WORKER}"
ACCOUNT = PayoutAccount(
    payout_account_id(WORKER), WORKER, "US", AT, AT, stripe_account="acct_1", payouts_enabled=True
)


def store_with(account: PayoutAccount | None = ACCOUNT, **available: int) -> MemoryStore:
    store = MemoryStore(
        kept=Counter({(OWNER, currency, "available"): n for currency, n in available.items()})
    )
    if account is not None:
        store.heads[account.id] = (1, codec.dump(account))
    return store


def ask(store: MemoryStore, amount: Money | None = None) -> Payout:
    command = RequestPayout(new_id("pay"), WORKER, amount)
    cause = Cause(new_id("evt"), WORKER, new_id("req"), AT)
    payout = run(store, cause, lambda tx: request_payout(command, tx)).result
    assert payout is not None
    return payout


def test_without_an_amount_everything_is_withdrawn() -> None:
    store = store_with(USD=12_345, EUR=0)
    assert ask(store).amount == Money(12_345, "USD")
    left = store.balances(OWNER)["USD"]
    assert (left["available"], left["withdrawn"]) == (0, 12_345)


@pytest.mark.parametrize(
    ("store", "amount", "refusal"),
    [
        (store_with(USD=500, EUR=500), None, CurrencyRequired),
        (store_with(None, USD=500, EUR=500), None, CurrencyRequired),
        (store_with(USD=500), Money(99, "USD"), InvalidRequest),
        (store_with(None, USD=500), Money(99, "USD"), InvalidRequest),
        (store_with(None, USD=500), Money(100, "USD"), PayoutsDisabled),
        (store_with(replace(ACCOUNT, payouts_enabled=False), USD=500), None, PayoutsDisabled),
        (store_with(replace(ACCOUNT, stripe_account=None), USD=500), None, PayoutsDisabled),
        (store_with(USD=500), Money(501, "USD"), InsufficientFunds),
        (store_with(USD=500), Money(100, "EUR"), InsufficientFunds),
        (store_with(USD=99), None, InsufficientFunds),
        (store_with(), None, InsufficientFunds),
        (store_with(None), None, PayoutsDisabled),
        (store_with(KWD=999), Money(999, "KWD"), InvalidRequest),
    ],
)
def test_a_payout_is_refused(store: MemoryStore, amount: Money | None, refusal: type[DomainError]) -> None:
    kept = dict(store.kept)
    with pytest.raises(refusal) as raised:
        ask(store, amount)
    assert raised.type is refusal
    assert {name: value for name, value in store.kept.items() if value} == {
        k: v for k, v in kept.items() if v
    }


def test_a_yen_is_enough() -> None:
    assert ask(store_with(JPY=1)).amount == Money(1, "JPY")
