"""What a dispute does to its subject, by the kind of work, and what becomes of minutes nobody speaks for."""

from functools import partial
from typing import Any

import pytest

from chalicelib.wakes import WAKES
from marketplace.contracts.access import Side
from marketplace.disputes import use_cases
from marketplace.disputes.dispute import ANSWER_SECONDS, Dispute, DisputeStatus, Party
from marketplace.disputes.use_cases import DecideDispute, MakeOffer, OpenDispute, OwnDispute
from marketplace.metering.session import UNCLAIMED_SECONDS, SessionStatus
from marketplace.people.workers import Identity
from marketplace.results.hold import counts
from marketplace.results.result import ResultStatus
from marketplace.shared.errors import Forbidden, IllegalTransition, InsufficientFunds
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.work.terms import Review, ReviewPolicy
from tests.piecework import Piecework
from tests.shifts import Shift

DAY = 86_400


def claim(job: Any, contract: Any, subject: str, requested: int, *, by: str = "worker") -> Dispute:
    side = Side(worker_id=contract.worker_id) if by == "worker" else Side(client_id=contract.client_id)
    command = OpenDispute(contract.id, side, subject, "no", Money(requested, "USD"), new_id("dis"))
    made: Dispute = job.commit(lambda tx: use_cases.open_dispute(command, tx))
    return made


def withdraw(job: Any, contract: Any, dispute: Dispute, *, by: str = "worker") -> None:
    side = Side(worker_id=contract.worker_id) if by == "worker" else Side(client_id=contract.client_id)
    job.commit(lambda tx: use_cases.withdraw_dispute(OwnDispute(dispute.id, side), tx))


def decide(job: Any, dispute: Dispute, to_worker: int, identity: str = "idn_ann") -> Dispute:
    command = DecideDispute(dispute.id, "operator:ann", identity, Money(to_worker, "USD"), "so")
    job.commit(lambda tx: WAKES["dis"](dispute.id, tx), at=dispute.opened_at + ANSWER_SECONDS)
    decided: Dispute = job.commit(lambda tx: use_cases.decide_dispute(command, tx))
    return decided


def test_disputed_minutes_are_left_alone_and_a_withdrawn_dispute_gives_their_clock_back() -> None:
    shift = Shift()
    session = shift.worked(120)
    shift.advance(3 * DAY)
    dispute = claim(shift, shift.contract, session.id, 50, by="client")
    for refused in (partial(shift.approve, session), partial(shift.dispute, session, 60)):
        with pytest.raises(IllegalTransition):
            refused()
    shift.advance(5 * DAY)
    assert shift.session(session.id).status == SessionStatus.STOPPED
    withdraw(shift, shift.contract, dispute, by="client")
    back = shift.session(session.id)
    assert (back.contest, back.review_ends_at) == (None, (session.review_ends_at or 0) + 5 * DAY)
    shift.advance(4 * DAY)
    assert shift.session(session.id).status == SessionStatus.APPROVED


def test_a_correction_may_be_declined_but_not_paid_beside_a_dispute() -> None:
    shift = Shift()
    session = shift.worked(60)
    shift.advance(600)
    shift.ask(session, 60)
    claim(shift, shift.contract, session.id, 50)
    with pytest.raises(IllegalTransition):
        shift.accept(session)
    assert shift.decline(session).rest == session.gross
    with pytest.raises(IllegalTransition):
        shift.ask(session, 60)


def test_minutes_that_nobody_speaks_for_go_to_an_operator_as_of_when_they_were_due() -> None:
    shift = Shift(rate="55")
    session = shift.worked(101)
    shift.dispute(session, 50)
    unclaimed_at = (session.review_ends_at or 0) + UNCLAIMED_SECONDS
    shift.advance(40 * DAY)
    contest = shift.session(session.id).contest
    assert contest is not None
    found = shift.store.read(Dispute, contest.by)
    assert found is not None
    dispute = found[0]
    assert (dispute.status, dispute.opened_by) == (DisputeStatus.ESCALATED, Party.CLOCK)
    assert (dispute.escalated_at, dispute.amount.amount, dispute.claim) == (unclaimed_at, 47, "too long")
    for side in ("worker", "client"):
        with pytest.raises(IllegalTransition):
            withdraw(shift, shift.contract, dispute, by=side)
    decide(shift, dispute, 40)
    settled = shift.session(session.id)
    assert (settled.status, settled.paid, settled.rest, settled.due_at) == ("approved", 86, 0, None)
    assert (shift.contract.reserved, shift.contract.released, shift.available) == (0, 86, 77)


def test_a_disputed_result_is_neither_accepted_nor_rejected_by_anybody_or_anything_else() -> None:
    job = Piecework(price=1_005, funds=2_010, quantity=2)
    result = job.submit("a", label="cat")
    dispute = claim(job, job.contract(), result.id, 1_005)
    for refused in (partial(job.accept, result), partial(job.reject, result)):
        with pytest.raises(IllegalTransition):
            refused()
    job.advance(9 * DAY)
    assert job.now_of(result).status == ResultStatus.SUBMITTED
    assert (counts(job.contract()).submitted, counts(job.contract()).contested) == (0, 1)
    job.end("cancel", by="worker")
    job.follow_all()
    assert (job.contract().held, job.contract().reserved) == (1_005, 1_005)
    decide(job, dispute, 5)
    assert (job.now_of(result).status, job.contract().held, job.contract().returned) == ("accepted", 0, 2_005)
    assert (job.balance("available"), job.balance("in_review")) == (4, 0)
    with pytest.raises(IllegalTransition):
        job.reverse(result)


def test_a_rejected_result_is_disputed_with_place_and_price_anew_if_there_are_any() -> None:
    job = Piecework(price=1_005, funds=1_005, quantity=1)
    rejected = job.reject(job.submit("a", label="cat"))
    other = job.submit("b", label="cat")
    with pytest.raises(IllegalTransition):
        claim(job, job.contract(), rejected.id, 1)
    job.reject(other)
    dispute = claim(job, job.contract(), rejected.id, 1)
    assert (job.contract().reserved, job.balance("in_review")) == (1_005, 904)
    withdraw(job, job.contract(), dispute)
    assert (job.contract().reserved, job.balance("in_review")) == (0, 0)
    assert job.now_of(rejected).status == ResultStatus.REJECTED
    job.advance(15 * DAY)
    with pytest.raises(IllegalTransition):
        claim(job, job.contract(), other.id, 1)


def test_without_money_a_rejected_result_is_not_disputed() -> None:
    job = Piecework(price=1_005, funds=1_005, quantity=2)
    rejected = job.reject(job.submit("a", label="cat"))
    job.submit("b", label="cat")
    with pytest.raises(InsufficientFunds):
        claim(job, job.contract(), rejected.id, 1)


def test_nobody_decides_about_their_own_money() -> None:
    shift = Shift(rate="55")
    dispute = claim(shift, shift.contract, shift.worked(101).id, 50)
    shift.commit(lambda tx: tx.save(Identity("idn_bob", dispute.worker_id)))
    with pytest.raises(Forbidden):
        decide(shift, dispute, 50, identity="idn_bob")
    assert decide(shift, dispute, 50).status == DisputeStatus.DECIDED


@pytest.mark.parametrize(("by", "better", "worse"), [("worker", 49, 51), ("client", 44, 42)])
def test_who_takes_an_offer_gets_at_least_what_they_saw(by: str, better: int, worse: int) -> None:
    shift = Shift(rate="55")
    dispute = claim(shift, shift.contract, shift.worked(101).id, 50, by=by)
    side = Side(**{f"{by}_id": getattr(shift.contract, f"{by}_id")})

    def offer(to_worker: int) -> None:
        command = MakeOffer(dispute.id, side, Money(to_worker, "USD"))
        shift.commit(lambda tx: use_cases.make_offer(command, tx))

    for refused in (worse, dispute.offer.to_worker if dispute.offer else 0):
        with pytest.raises(IllegalTransition):
            offer(refused)
    offer(better)


def test_nobody_escapes_the_verdict_of_others_by_a_dispute() -> None:
    job = Piecework(workers=3, review=Review(ReviewPolicy.AGREEMENT, "label", 2))
    wrong = job.submit("i", worker=0, label="dog")
    dispute = claim(job, job.contract(0), wrong.id, 1)
    for worker in (1, 2):
        job.submit("i", worker=worker, label="cat")
    job.follow_all()
    assert job.now_of(wrong).status == ResultStatus.SUBMITTED
    withdraw(job, job.contract(0), dispute)
    job.follow_all()
    assert job.now_of(wrong).status == ResultStatus.REJECTED
