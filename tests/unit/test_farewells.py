"""Being forgotten: the doors are shut before the last look, and open as they were if that finds something."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from marketplace.access.suspending import Reinstate, Suspend, reinstate, suspend
from marketplace.access.suspension import PLATFORM, ReasonCode, Suspension, suspension_id
from marketplace.contracts.contract import Contract
from marketplace.people.forgetting import (
    RequestErasure,
    decide_erasure,
    look_further,
    request_erasure,
    wake_erasure,
)
from marketplace.people.privacy import STILL_SECONDS, Erasure, ErasureStatus, erasure_id
from marketplace.people.workers import Worker
from marketplace.results.hold import reversible_until
from marketplace.results.result import REVERSAL_SECONDS
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.fakes.memory_store import MemoryStore
from tests.piecework import Piecework

AT = 1_790_000_000
BOUND = ("contracts:open",)


class Farewell:
    """A worker who has asked to be forgotten."""

    def __init__(self, *, ask: bool = True) -> None:
        self.store, self.now, self.id = MemoryStore(), AT, new_id("wrk")
        self.do(lambda tx: tx.save(Worker(self.id, "Ada", "US", ("en",), (), "", AT)))
        if ask:
            self.ask()

    def do(self, work: Callable[[Transaction], object]) -> None:
        run(self.store, Cause(new_id("evt"), "", new_id("req"), self.now, repeatable=False), work)

    def ask(self) -> None:
        self.do(lambda tx: request_erasure(RequestErasure(self.id, Worker, self.id, ()), tx))

    def change(self, **now: Any) -> None:
        self.do(lambda tx: tx.save(replace(tx.get(Erasure, erasure_id(self.id)), **now)))

    def looked(self, *reasons: str) -> None:
        """Everything was looked at, by the message that is next."""
        self.do(lambda tx: decide_erasure(self.id, self.erasure.steps, reasons, tx))

    def wait(self) -> None:
        self.now += STILL_SECONDS
        self.do(lambda tx: wake_erasure(erasure_id(self.id), tx))

    def suspend(self) -> None:
        self.now += 1
        self.do(lambda tx: suspend(Suspend(self.id, Worker, "olga", ReasonCode.FRAUD, "looked into"), tx))

    def reinstate(self) -> None:
        self.now += 1
        self.do(lambda tx: reinstate(Reinstate(self.id, "olga", None, "a mistake"), tx))

    def found(self, kind: type[Any], identifier: str) -> Any:
        found = self.store.read(kind, identifier)
        return found and found[0]

    @property
    def erasure(self) -> Erasure:
        found: Erasure = self.found(Erasure, erasure_id(self.id))
        return found

    @property
    def out(self) -> str:
        """Who keeps them out; empty when nobody does."""
        found = self.found(Suspension, suspension_id(self.id))
        return found.by if found and found.stands else ""


def test_what_comes_between_the_two_looks_opens_the_doors_again_and_it_may_be_asked_again() -> None:
    worker = Farewell()
    worker.looked()
    assert (worker.out, worker.erasure.status, worker.erasure.due_at) == (
        PLATFORM,
        "asked",
        AT + STILL_SECONDS,
    )
    worker.wait()
    worker.looked(*BOUND)
    assert (worker.out, worker.erasure.status, worker.erasure.reasons) == ("", "refused", BOUND)
    worker.ask()
    worker.looked()
    worker.wait()
    worker.looked()
    assert (worker.out, worker.erasure.status) == (PLATFORM, "erasing")


def test_messages_that_come_again_and_timers_that_fire_again_do_nothing() -> None:
    worker = Farewell()
    worker.do(lambda tx: look_further(worker.id, 0, "[0, 1]", tx))
    for step in (0, 1, 0, 1):
        worker.do(lambda tx, step=step: decide_erasure(worker.id, step, (), tx))  # type: ignore[misc]
    shut = worker.erasure
    assert (shut.status, shut.steps, shut.after) == ("asked", 2, "")
    worker.do(lambda tx: wake_erasure(shut.id, tx))
    assert worker.erasure == shut
    worker.wait()
    worker.do(lambda tx: wake_erasure(shut.id, tx))
    assert worker.erasure == replace(shut, due_at=None)


@pytest.mark.parametrize("reasons", [(), BOUND])
@pytest.mark.parametrize("when", ["before", "while it waits"])
def test_an_operators_suspension_stands_unless_they_are_forgotten(
    when: str, reasons: tuple[str, ...]
) -> None:
    worker = Farewell(ask=False)
    if when == "before":
        worker.suspend()
    worker.ask()
    worker.looked()
    if when != "before":
        worker.suspend()
    assert worker.out == "olga"
    worker.wait()
    worker.looked(*reasons)
    assert (worker.out, worker.erasure.status) == (("olga", "refused") if reasons else (PLATFORM, "erasing"))


def test_whom_an_operator_lets_in_meanwhile_is_looked_at_twice_more() -> None:
    worker = Farewell(ask=False)
    worker.suspend()
    worker.ask()
    worker.looked()
    worker.reinstate()
    worker.wait()
    worker.looked()
    assert (worker.out, worker.erasure.due_at) == (PLATFORM, worker.now + STILL_SECONDS)
    worker.wait()
    worker.looked()
    assert worker.erasure.status == "erasing"


def test_nobody_lets_in_or_suspends_who_is_forgotten() -> None:
    worker = Farewell()
    worker.looked()
    with pytest.raises(IllegalTransition):
        worker.reinstate()
    worker.wait()
    worker.looked()
    for again in (worker.reinstate, worker.suspend):
        with pytest.raises(IllegalTransition):
            again()


def test_an_erasure_from_before_there_were_two_looks_is_gone_on_with() -> None:
    asked, begun = Farewell(), Farewell()
    asked.change(after="[0, 7]", steps=3)
    asked.looked()
    asked.wait()
    asked.looked()
    assert asked.erasure.status == "erasing"
    begun.change(status=ErasureStatus.ERASING, steps=5)
    begun.looked()
    assert (begun.erasure.status, begun.erasure.steps) == ("erasing", 5)


def test_a_contract_tells_until_when_pay_for_its_results_can_be_taken_back() -> None:
    job = Piecework()
    assert reversible_until(job.contract()) == 0
    job.accept(job.submit())
    job.now += 86_400
    job.accept(job.submit())
    assert reversible_until(job.contract()) == job.now + REVERSAL_SECONDS
    counts = job.contract().results
    assert counts is not None
    old: Contract = replace(job.contract(), results=replace(counts, paid_at=None), ended_at=job.now)
    assert reversible_until(old) == job.now + old.review_seconds + REVERSAL_SECONDS
