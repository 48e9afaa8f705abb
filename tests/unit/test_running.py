"""One cause, one effect, however often it is run and whatever the store answers."""

from collections import Counter
from dataclasses import dataclass, field, replace

import pytest

from marketplace.access.clients import Client
from marketplace.shared import accounts
from marketplace.shared.errors import (
    CommitConflict,
    CommitUnknown,
    IdempotencyKeyReused,
    IllegalTransition,
    InsufficientFunds,
    ProviderUnavailable,
    StoreSilent,
)
from marketplace.shared.events import Answer, Cause, EventType
from marketplace.shared.journal import Posting
from marketplace.shared.running import PATIENCE, Outcome, run
from marketplace.shared.store import Commit
from marketplace.shared.transaction import Transaction
from tests.fakes.memory_store import MemoryStore

CAUSE = Cause(event_id="evt_one", actor="cli_1", request_id="req_1", at=1_000, input_hash="h")
ACME = Client("cli_1", "Acme", "US", "a@acme.example", created_at=0)


@dataclass
class Faulty(MemoryStore):
    """Fails the next commits as told: `before` takes no effect, `after` loses the answer."""

    faults: list[tuple[str, Exception]] = field(default_factory=list)

    def commit(self, commit: Commit) -> None:
        when, fault = self.faults.pop(0) if self.faults else ("", None)
        if when != "before":
            super().commit(commit)
        if fault is not None:
            raise fault


def deposit(tx: Transaction) -> str:
    postings = (Posting(accounts.STRIPE, debit=5), Posting(accounts.wallet("cli_1"), credit=5))
    tx.save(tx.find(Client, "cli_1") or ACME)
    tx.post("USD", "deposit", postings)
    tx.publish(EventType.TOP_UP_SUCCEEDED, about=("cli_1",))
    return "done"


def run_deposit(store: MemoryStore, cause: Cause = CAUSE) -> Outcome[str]:
    return run(store, cause, deposit, lambda text: Answer(201, text), pause=lambda _: None)


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [("before", CommitConflict())],
        [("before", CommitUnknown())] * 3,
        [("after", CommitUnknown())],
        [("before", CommitUnknown()), ("after", CommitUnknown())],
        [("after", CommitConflict())],
    ],
)
def test_the_money_moves_once_and_the_answer_is_found_again(faults: list[tuple[str, Exception]]) -> None:
    store = Faulty(faults=faults)
    run_deposit(store)
    again = run_deposit(store)
    assert again.earlier is not None
    assert again.earlier.answer == Answer(201, "done")
    assert store.balances("client:cli_1") == {"USD": {"wallet": 5}}
    assert list(store.events) == ["evt_one"]


def test_another_input_under_the_same_cause_is_refused() -> None:
    store = MemoryStore()
    run_deposit(store)
    with pytest.raises(IdempotencyKeyReused):
        run_deposit(store, replace(CAUSE, input_hash="other"))


def test_a_refusal_binds_nothing_and_is_evaluated_again() -> None:
    store = MemoryStore()

    def refuse(tx: Transaction) -> None:
        raise IllegalTransition("not now")

    with pytest.raises(IllegalTransition):
        run(store, CAUSE, refuse)
    assert run_deposit(store).result == "done"


def test_a_call_that_changes_nothing_is_answered_the_same_for_ever() -> None:
    store, moods = MemoryStore(), iter(("first", "second"))
    for _ in range(2):
        outcome = run(store, CAUSE, lambda tx: next(moods), lambda text: Answer(200, text))
    assert outcome.earlier is not None
    assert outcome.earlier.answer == Answer(200, "first")


def test_a_store_that_stays_silent_is_unavailable_and_not_failed() -> None:
    store = Faulty(faults=[("before", CommitUnknown())] * PATIENCE.attempts_max)
    with pytest.raises(ProviderUnavailable):
        run_deposit(store)
    assert run_deposit(store).result == "done"


def test_a_lost_answer_is_found_even_when_the_call_brought_no_key() -> None:
    store = Faulty(faults=[("after", CommitUnknown())])
    assert run_deposit(store, replace(CAUSE, repeatable=False)).earlier is not None


def test_a_guarded_balance_never_goes_below_zero() -> None:
    store = MemoryStore(kept=Counter({("client:cli_1", "USD", "wallet"): 4}))

    def spend(tx: Transaction) -> None:
        tx.post(
            "USD", "fund", (Posting(accounts.wallet("cli_1"), debit=5), Posting("contract:c:hold", credit=5))
        )
        tx.publish(EventType.CONTRACT_FUNDED, about=("con_1",))

    with pytest.raises(InsufficientFunds):
        run(store, CAUSE, spend)
    assert not store.events


def test_what_adapts_to_a_balance_is_done_again_when_that_has_sunk() -> None:
    wallet = ("client:cli_1", "USD", "wallet")
    store = MemoryStore(kept=Counter({wallet: 9}))

    def spend_all(tx: Transaction) -> int:
        left = tx.adapted_balances("client:cli_1")["USD"]["wallet"]
        store.kept[wallet] = 4  # somebody else is faster
        spent = (Posting(accounts.wallet("cli_1"), debit=left), Posting("contract:c:hold", credit=left))
        tx.post("USD", "fund", spent)
        tx.publish(EventType.CONTRACT_FUNDED, about=("con_1",))
        return left

    assert run(store, CAUSE, spend_all, pause=lambda _: None).result == 4
    assert store.kept[wallet] == 0


def test_a_question_that_the_store_did_not_answer_is_asked_again() -> None:
    store, silences = MemoryStore(), [StoreSilent("no answer")]

    def deposit_after_a_silence(tx: Transaction) -> str:
        if silences:
            raise silences.pop()
        return deposit(tx)

    assert run(store, CAUSE, deposit_after_a_silence, pause=lambda _: None).result == "done"


def test_a_commit_carries_one_event_and_one_journal() -> None:
    tx = Transaction(MemoryStore(), CAUSE)
    deposit(tx)
    with pytest.raises(ValueError, match="one journal"):
        deposit(tx)
    with pytest.raises(ValueError, match="one event"):
        tx.publish(EventType.TOP_UP_SUCCEEDED, about=())
