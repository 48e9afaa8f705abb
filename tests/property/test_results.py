"""Laws of work paid by the result, for whatever both sides and the clock come up with."""

from collections import Counter
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.ledger.audit_effects import Effects
from marketplace.results.agreement import Ballot, Vote, agreed, votes_max
from marketplace.results.answers import canonical
from marketplace.results.hold import counts
from marketplace.results.result import Result, ResultStatus
from marketplace.shared.accounts import FEES, available, hold, owed
from marketplace.shared.errors import Conflict
from marketplace.work.terms import AGREEING_MAX, Review, ReviewPolicy
from tests.piecework import Piecework

DAY = 86_400
POLICIES = st.sampled_from([None, Review(ReviewPolicy.GOLD, "label")])
STEPS = st.sampled_from(
    ["submit", "accept", "reject", "reverse", "withdraw", "fund", "wait", "week", "month", "follow", "end"]
)
MOVES = st.lists(st.tuples(STEPS, st.integers(0, 12), st.sampled_from(["cat", "dog"])), max_size=40)


@settings(max_examples=200, deadline=None)
@given(
    MOVES,
    st.builds(
        Piecework,
        price=st.sampled_from([1, 5, 1_005, 99_999_999]),
        currency=st.sampled_from(["USD", "JPY", "KWD"]),
        quantity=st.integers(1, 6),
        funds=st.sampled_from([0, 5, 3_015, 10**9]),
        review=POLICIES,
    ),
)
def test_no_result_is_paid_twice_and_no_money_is_promised_twice_or_lost(
    moves: list[tuple[str, int, str]], job: Piecework
) -> None:
    if job.review is not None:
        job.know(**{f"i{number}": "cat" for number in range(0, 12, 2)})
    for step, number, label in moves:
        with suppress(Conflict):
            move(job, step, number, label)
        hold_the_laws(job)


def move(job: Piecework, step: str, number: int, label: str) -> None:
    """One step; what the state does not allow is refused and changes nothing."""
    results = job.results
    if step == "submit":
        job.submit(f"i{number}", label=label)
    elif step in ("accept", "reject", "reverse"):
        if results:
            {"accept": job.accept, "reject": job.reject, "reverse": job.reverse}[step](
                results[number % len(results)]
            )
    elif step == "end":
        job.end(("complete", "cancel")[number % 2], by=("client", "worker")[number // 2 % 2])
    elif step == "follow":
        job.follow_all()
    elif step == "withdraw":
        job.withdraw(job.balance("available") * number // 12 or 1)
    elif step == "fund":
        job.fund(number * job.price + 1)
    else:
        job.advance({"wait": 3_600 * number, "week": 7 * DAY, "month": 30 * DAY}[step])


def hold_the_laws(job: Piecework) -> None:
    contract, results = job.contract(), job.results
    by_status = Counter(result.status for result in results)
    submitted, accepted = by_status[ResultStatus.SUBMITTED], by_status[ResultStatus.ACCEPTED]
    assert contract.funded == contract.held + contract.released + contract.returned
    assert 0 <= contract.reserved <= contract.held
    assert contract.reserved == job.price * submitted
    assert contract.released == job.price * accepted
    assert (counts(contract).submitted, counts(contract).accepted) == (submitted, accepted)
    assert submitted + accepted <= job.quantity
    _hold_the_ledger(job, results)


def _hold_the_ledger(job: Piecework, results: list[Result]) -> None:
    contract, effects = job.contract(), Effects()
    folded: Counter[str] = Counter()
    for event in job.events:
        for posting in event.journal.postings if event.journal else ():
            folded[posting.account] += posting.credit - posting.debit
        if event.journal:
            effects.add(event.about, event.journal)
    assert not list(effects.breaches())
    paid = [result for result in results if result.status == ResultStatus.ACCEPTED]
    withdrawn = folded[f"worker:{contract.worker_id}:in_transit"]
    earned = folded[available(contract.worker_id)] + withdrawn + folded[owed(contract.worker_id)]
    assert earned == sum(result.net for result in paid)
    assert folded[FEES] == sum(result.fee for result in paid)
    assert folded[hold(contract.id)] == contract.held
    assert job.balance("available") == folded[available(contract.worker_id)] >= 0
    assert job.balance("owed") == -folded[owed(contract.worker_id)] >= 0
    assert job.balance("in_review") == sum(result.net for result in results if result.in_review)


ANSWERS = st.lists(st.sampled_from("abc"), max_size=votes_max(AGREEING_MAX))


@given(ANSWERS, st.integers(2, AGREEING_MAX), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter_and_at_most_one_can_be_right(
    answers: list[str], workers: int, chance: Any
) -> None:
    votes = [Vote(f"res_{number}", answer) for number, answer in enumerate(answers[: votes_max(workers)])]
    verdicts = Ballot("blt_1", workers, tuple(votes)).verdicts()
    chance.shuffle(votes)
    assert Ballot("blt_1", workers, tuple(votes)).verdicts() == verdicts
    given_often = [answer for answer, times in Counter(v.answer for v in votes).items() if times >= workers]
    assert given_often == ([] if not verdicts else [agreed((v.answer for v in votes), workers)])
    for first in range(len(votes)):
        early = Ballot("blt_1", workers, tuple(votes[:first])).verdicts()
        assert early.items() <= verdicts.items()


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(range(5)),
    st.lists(st.sampled_from("ab"), min_size=5, max_size=5),
    st.lists(st.integers(0, 40), max_size=12),
    st.randoms(use_true_random=False),
)
def test_agreement_comes_to_the_same_whatever_comes_first_late_or_twice(
    order: list[int], answers: list[str], looks: list[int], chance: Any
) -> None:
    job = Piecework(workers=5, review=Review(ReviewPolicy.AGREEMENT, "label", 3))
    for worker in order:
        job.submit("item", worker=worker, label=answers[worker])
        for look in looks[:3]:
            job.follow(job.events[look % len(job.events)])
    events = [event for event in job.events for _ in range(2)]
    chance.shuffle(events)
    for event in events:
        job.follow(event)
    right = agreed(answers, 3)
    for worker, answer in enumerate(answers):
        result = job.of("item", worker)
        assert result.status == (ResultStatus.ACCEPTED if answer == right else ResultStatus.REJECTED)
        assert job.balance("available", worker) == (result.net if answer == right else 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(JSON)
def test_one_answer_has_one_text(value: Any) -> None:
    assert canonical(_turned(value)) == canonical(value)


@given(st.integers(-(2**53), 2**53))
def test_numbers_are_compared_by_value_and_nothing_else_passes_for_one(number: int) -> None:
    assert canonical(float(number)) == canonical(number)
    assert len({canonical(number), canonical(str(number)), canonical([number])}) == 3
    assert canonical([True]) not in (canonical([1]), canonical(["true"]))


def _turned(value: Any) -> Any:
    """The same JSON with every object's names in another order."""
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return [_turned(part) for part in value] if isinstance(value, list) else value
