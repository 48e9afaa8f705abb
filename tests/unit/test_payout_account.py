"""A worker's payout account: opened once, believed as it was read last."""

from dataclasses import replace

import pytest

from marketplace.people.payout_account import (
    ATTEMPT_SECONDS_MAX,
    PayoutAccount,
    StaleAccount,
    attach_payout_account,
    give_up_attempt,
    payout_account_id,
    request_payout_account,
    update_payout_account,
)
from marketplace.people.ports import AccountState, OnboardingLink
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.storage import codec
from tests.fakes.memory_store import MemoryStore

AT = 1_790_000_000
WORKER = Worker(new_id("wrk"), "Ada", "US", ("en",), (), "Agent", AT)
STATE = AccountState("acct_1", payouts_enabled=False, requirements=("individual.dob",), worker_id=WORKER.id)
VERIFIED = replace(STATE, payouts_enabled=True, requirements=())
LINK = OnboardingLink("https://connect.example/1", AT + 300)


def cause(at: int = AT) -> Cause:
    return Cause(new_id("evt"), WORKER.id, new_id("req"), at)


def requested(store: MemoryStore, at: int = AT) -> PayoutAccount:
    store.heads.setdefault(WORKER.id, (1, codec.dump(WORKER)))
    account = run(store, cause(at), lambda tx: request_payout_account(WORKER.id, tx)).result
    assert account is not None
    return account


def opened(store: MemoryStore) -> PayoutAccount:
    wanted = requested(store)
    run(store, cause(), lambda tx: attach_payout_account(wanted, STATE, LINK, tx))
    return read(store)


def read(store: MemoryStore) -> PayoutAccount:
    found = store.read(PayoutAccount, payout_account_id(WORKER.id))
    assert found is not None
    account: PayoutAccount = found[0]
    return account


def test_every_try_of_a_day_has_the_same_key_and_later_ones_another() -> None:
    store = MemoryStore()
    keys = [
        requested(store, AT + age).create_key for age in (0, 5, ATTEMPT_SECONDS_MAX - 1, ATTEMPT_SECONDS_MAX)
    ]
    assert keys == [f"{WORKER.id}:account:{attempt}" for attempt in (1, 1, 1, 2)]


def test_a_refused_try_is_followed_by_one_with_a_new_key() -> None:
    store = MemoryStore()
    wanted = requested(store)
    for _ in range(2):
        run(store, cause(), lambda tx: give_up_attempt(wanted, tx))
    assert read(store).attempt == 2


def test_a_worker_who_has_moved_asks_anew() -> None:
    store = MemoryStore()
    requested(store)
    store.heads[WORKER.id] = (2, codec.dump(replace(WORKER, country="DE")))
    assert (requested(store).country, requested(store).attempt) == ("DE", 2)


def test_an_opened_account_is_left_as_it_is() -> None:
    store = MemoryStore()
    account = opened(store)
    events = len(store.events)
    assert requested(store) == account
    assert len(store.events) == events


def test_what_was_read_before_somebody_else_wrote_is_read_again() -> None:
    store = MemoryStore()
    seen = opened(store)
    run(store, cause(), lambda tx: update_payout_account(seen, VERIFIED, tx))
    assert read(store).payouts_enabled
    with pytest.raises(StaleAccount):
        run(store, cause(), lambda tx: update_payout_account(seen, STATE, tx))
    run(store, cause(), lambda tx: attach_payout_account(seen, STATE, LINK, tx))
    assert read(store).payouts_enabled


def test_news_that_are_none_write_nothing() -> None:
    store = MemoryStore()
    seen = opened(store)
    events = len(store.events)
    run(store, cause(), lambda tx: update_payout_account(seen, STATE, tx))
    assert len(store.events) == events


def test_news_of_another_account_are_not_this_workers() -> None:
    store = MemoryStore()
    seen = opened(store)
    with pytest.raises(NotFound):
        run(
            store,
            cause(),
            lambda tx: update_payout_account(seen, replace(STATE, stripe_account="acct_2"), tx),
        )
