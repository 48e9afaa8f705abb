"""Results: handing in against the hold, their answers, and what comes back."""

from dataclasses import replace
from functools import partial

import pytest

from chalicelib.work.results import ResultsLeft
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.contracts.endings import PayBonus, pay_bonus
from marketplace.contracts.shares import AgencyShares
from marketplace.people.privacy import Erasure, ErasureStatus, erasure_id
from marketplace.results.hold import places_left
from marketplace.results.result import REVERSAL_SECONDS, ResultStatus
from marketplace.results.use_cases import wake_result
from marketplace.shared.errors import (
    AlreadyExists,
    IllegalTransition,
    InsufficientFunds,
    NotFound,
)
from marketplace.shared.events import EventType
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.transaction import Transaction
from tests.piecework import BEGIN, Desk, Piecework

WEEK = 7 * 86_400


def hold_of(piecework: Piecework, worker: int = 0) -> tuple[int, ...]:
    contract = piecework.contract(worker)
    return (contract.funded, contract.held, contract.reserved, contract.released, contract.returned)


@pytest.mark.parametrize(
    ("status", "shut_at", "gets"),
    [
        (ErasureStatus.ASKED, None, 450),
        (ErasureStatus.ASKED, BEGIN, 0),
        (ErasureStatus.REFUSED, BEGIN, 450),
        (ErasureStatus.ERASING, BEGIN, 0),
        (ErasureStatus.ERASED, None, 0),
    ],
)
def test_a_bonus_reaches_nobody_who_is_forgotten(
    status: ErasureStatus, shut_at: int | None, gets: int
) -> None:
    job = Piecework()
    worker = job.contract().worker_id
    job.commit(
        lambda tx: tx.save(Erasure(erasure_id(worker), worker, BEGIN, worker, status, shut_at=shut_at))
    )
    bonus = PayBonus(job.contracts[0], job.client_id, new_id("bon"), Money(500, "USD"), "thanks")
    if gets:
        job.commit(lambda tx: pay_bonus(bonus, tx))
    else:
        with pytest.raises(IllegalTransition):
            job.commit(lambda tx: pay_bonus(bonus, tx))
    assert job.balance("available") == gets


def test_nothing_is_handed_in_on_an_offer_to_an_agency_which_has_no_shares_yet() -> None:
    job = Piecework()

    def offer(tx: Transaction) -> None:
        contract = tx.get(Contract, job.contracts[0])
        tx.save(replace(contract, status=ContractStatus.OFFERED, agency=AgencyShares(new_id("agy"))))

    job.commit(offer)
    with pytest.raises(IllegalTransition):
        job.submit()


def test_a_submitted_result_sets_its_price_aside_and_an_accepted_one_is_paid_less_the_fee() -> None:
    job = Piecework(price=1_005, funds=3_000)
    result = job.submit("a", label="cat")
    assert (result.status, result.review_ends_at) == (ResultStatus.SUBMITTED, BEGIN + WEEK)
    assert hold_of(job) == (3_000, 3_000, 1_005, 0, 0)
    assert (job.balance("in_review"), job.balance("available")) == (904, 0)
    assert job.accept(result).status == ResultStatus.ACCEPTED
    assert hold_of(job) == (3_000, 1_995, 0, 1_005, 0)
    assert (job.balance("in_review"), job.balance("available")) == (0, 904)


def test_a_rejected_result_gives_its_price_and_its_place_back() -> None:
    job = Piecework(price=1_000, quantity=1, funds=1_000)
    rejected = job.reject(job.submit("a"))
    assert (rejected.status, rejected.reason) == (ResultStatus.REJECTED, "blurred")
    assert hold_of(job) == (1_000, 1_000, 0, 0, 0)
    assert job.balance("in_review") == 0
    assert job.submit("b").in_review


def test_results_never_outrun_the_hold_nor_the_quantity() -> None:
    poor = Piecework(price=1_000, funds=1_999)
    poor.submit("a")
    with pytest.raises(InsufficientFunds):
        poor.submit("b")
    short = Piecework(quantity=2)
    short.accept(short.submit("a"))
    short.submit("b")
    with pytest.raises(IllegalTransition, match="quantity"):
        short.submit("c")
    assert places_left(short.contract()) == 0


def test_an_external_id_is_used_once_on_a_contract_whatever_became_of_it() -> None:
    job = Piecework(workers=2)
    job.reject(job.submit("a"))
    with pytest.raises(AlreadyExists):
        job.submit("a")
    assert job.submit("a", worker=1).id != job.of("a").id
    assert job.submit().id != job.submit().id


def test_only_an_active_contract_paid_by_the_result_takes_them_and_only_from_its_worker() -> None:
    job, stranger = Piecework(), Piecework()
    result = job.submit("a")
    stranger.store = job.store
    for act in (stranger.accept, stranger.reject, stranger.reverse):
        with pytest.raises(NotFound):
            act(result)
    job.accept(result)
    job.end("complete")
    with pytest.raises(IllegalTransition):
        job.submit("b")


def test_silence_accepts_as_of_when_it_was_due_and_a_late_no_comes_too_late() -> None:
    job = Piecework()
    result = job.submit("a")
    job.now += WEEK
    with pytest.raises(IllegalTransition, match="review"):
        job.reject(result)
    job.advance(5_000)
    assert (job.now_of(result).status, job.now_of(result).answered_at) == ("accepted", BEGIN + WEEK)
    assert (job.events[-1].type, job.events[-1].at) == (EventType.RESULT_ACCEPTED, BEGIN + WEEK)
    assert job.now_of(result).due_at is None


def test_a_timer_that_fires_early_late_or_for_nothing_changes_nothing() -> None:
    job = Piecework()
    result, rejected = job.submit("a"), job.reject(job.submit("b"))
    heads = dict(job.store.heads)
    for identifier, at in ((result.id, BEGIN + WEEK - 1), (rejected.id, BEGIN + WEEK), ("res_none", BEGIN)):
        job.commit(partial(wake_result, identifier), at=at)
    assert job.store.heads == heads


def test_an_answer_is_given_once() -> None:
    job = Piecework()
    accepted, rejected = job.accept(job.submit("a")), job.reject(job.submit("b"))
    for result in (accepted, rejected):
        for act in (job.accept, job.reject):
            with pytest.raises(IllegalTransition):
                act(result)
    with pytest.raises(IllegalTransition):
        job.reverse(rejected)


def test_a_reversal_takes_back_exactly_what_was_paid_and_frees_the_place() -> None:
    job = Piecework(price=1_005, quantity=1, funds=1_005)
    before = dict(job.store.kept)
    reversed_ = job.reverse(job.accept(job.submit("a")))
    assert (reversed_.status, reversed_.reason) == (ResultStatus.REVERSED, "copied")
    assert hold_of(job) == (1_005, 1_005, 0, 0, 0)
    assert job.contract().reversed == 1_005
    assert {name: amount for name, amount in job.store.kept.items() if amount} == before
    assert job.submit("b").in_review
    with pytest.raises(IllegalTransition):
        job.reverse(reversed_)


@pytest.mark.parametrize(("withdrawn", "available", "owed"), [(0, 900, 0), (500, 400, 500), (900, 0, 900)])
def test_what_the_worker_has_withdrawn_is_owed(withdrawn: int, available: int, owed: int) -> None:
    job = Piecework(price=1_000)
    result = job.accept(job.submit("a"))
    if withdrawn:
        job.withdraw(withdrawn)
    job.reverse(result)
    journal = job.events[-1].journal
    assert journal is not None
    worker, contract = f"worker:{result.worker_id}", f"contract:{result.contract_id}"
    sides = {posting.account: posting.debit - posting.credit for posting in journal.postings}
    expected = {f"{worker}:available": available, f"{worker}:owed": owed, "platform:fees": 100}
    expected[f"{contract}:hold"] = -1_000
    assert sides == {account: amount for account, amount in expected.items() if amount}
    assert (job.balance("available"), job.balance("owed")) == (900 - withdrawn - available, owed)


def test_an_acceptance_is_final_after_thirty_days_also_one_by_silence() -> None:
    job = Piecework()
    first, second = job.accept(job.submit("a")), job.accept(job.submit("b"))
    assert first.reversible_until == BEGIN + REVERSAL_SECONDS
    job.advance(REVERSAL_SECONDS - 1)
    job.reverse(first)
    job.advance(1)
    with pytest.raises(IllegalTransition, match="30 days"):
        job.reverse(second)


def test_a_reversal_after_the_end_goes_on_to_the_wallet() -> None:
    job = Piecework(price=1_000, funds=5_000)
    result = job.accept(job.submit("a"))
    job.end("complete")
    assert (hold_of(job), job.wallet) == ((5_000, 0, 0, 1_000, 4_000), -1_000)
    job.reverse(result)
    assert (hold_of(job), job.wallet) == ((5_000, 0, 0, 0, 5_000), 0)


def test_ending_waits_for_answers_and_only_the_worker_gives_up_what_waits() -> None:
    job = Piecework(price=1_000, funds=3_000)
    paid, waiting = job.accept(job.submit("a")), job.submit("b")
    for step, by in (("complete", "client"), ("complete", "worker"), ("cancel", "client")):
        with pytest.raises(IllegalTransition):
            job.end(step, by=by)
    job.end("cancel", by="worker")
    assert hold_of(job) == (3_000, 1_000, 1_000, 1_000, 1_000)
    with pytest.raises(IllegalTransition, match="cancelled"):
        job.accept(waiting)
    for _ in range(2):
        job.follow_all()
    assert (job.now_of(waiting).status, job.now_of(waiting).reason) == ("rejected", "contract_cancelled")
    assert (hold_of(job), job.wallet) == ((3_000, 0, 0, 1_000, 2_000), -1_000)
    assert (job.now_of(paid).status, job.balance("in_review")) == ("accepted", 0)


def test_what_the_list_does_not_show_yet_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Piecework()
    result = job.submit("a")
    job.end("cancel", by="worker")
    with monkeypatch.context() as lagging:
        lagging.setattr(Desk, "every", lambda *_: [])
        with pytest.raises(ResultsLeft):
            job.follow(job.events[-1])
    job.follow(job.events[-1])
    assert job.now_of(result).reason == "contract_cancelled"


def test_a_given_up_result_is_never_paid_by_silence() -> None:
    job = Piecework()
    result = job.submit("a")
    job.end("cancel", by="worker")
    job.advance(WEEK)
    assert (job.now_of(result).status, job.contract().held) == ("rejected", 0)


def test_a_repeated_call_has_one_effect() -> None:
    job = Piecework(price=1_000, funds=5_000)
    first = job.submit("a", key="submit")
    assert job.submit("a", key="submit") is None
    for act, name in ((job.accept, "accept"), (job.reverse, "reverse")):
        assert act(first, key=name) is not None
        assert act(first, key=name) is None
    assert hold_of(job) == (5_000, 5_000, 0, 0, 0)


def test_a_bonus_is_paid_beside_the_price() -> None:
    job = Piecework(price=1_000)
    job.accept(job.submit("a"))
    command = PayBonus(job.contracts[0], job.client_id, "bon_1", Money(500, "USD"), "careful")
    job.commit(lambda tx: pay_bonus(command, tx))
    assert (job.balance("available"), job.contract().released) == (1_350, 1_000)
