"""Disputed money: held, divided once, to the cent, by who may divide it; and what scorecards say of pay."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.disputes.dispute import Dispute
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.results.result import Result
from marketplace.shared.events import Event
from tests.simulation.laws import pay
from tests.simulation.laws.clocks import contested
from tests.simulation.laws.fees import half_up
from tests.simulation.laws.minutes import MinuteLaws

ANSWER_SECONDS = 7 * 86_400
UNCLAIMED_SECONDS = 14 * 86_400
SESSION_REVIEW_SECONDS = 7 * 86_400
OBJECTION_SECONDS = 7 * 86_400
Pairs = Sequence[tuple[Any, Any]]
"""Heads of a commit, and what they were."""

CLAIMING = frozenset({Contract, Session, Result, Outcome, Dispute})
"""What claims money that is set aside, or divides it."""
DIVIDING = frozenset({Dispute, Outcome})

WHOLE = 10_000

Claims = dict[str, int]
"""Subject to minor units."""


@dataclass
class DisputeLaws:
    """`claims` is what each contract's work has set aside, and `reserved` what the contract says; `live` is
    the dispute of each subject, `scored` what has an outcome."""

    claims: dict[str, Claims] = field(default_factory=lambda: defaultdict(dict))
    reserved: Claims = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)
    scored: set[str] = field(default_factory=set)

    def copy(self) -> "DisputeLaws":
        """The same claims."""
        return DisputeLaws(
            defaultdict(dict, {con: dict(claims) for con, claims in self.claims.items()}),
            dict(self.reserved),
            dict(self.live),
            set(self.scored),
        )

    def withheld(self, contract_id: str) -> int:
        """What outcomes have set aside, minor units."""
        claims = self.claims[contract_id]
        return sum(amount for subject, amount in claims.items() if subject.startswith("out_"))

    def claimed(self, pairs: Pairs, minutes: MinuteLaws) -> Claims:
        """Law 3: takes down what is claimed now; of what is disputed or scored in this commit, answers what
        was claimed before."""
        decided = [new for new, _ in pairs if type(new) in DIVIDING]
        before = {one.subject_id: self.claims[one.contract_id].get(one.subject_id, 0) for one in decided}
        touched = {self._claim(new, minutes) for new, _ in pairs} - {""}
        for new, _ in pairs:
            if type(new) is Contract:
                self.reserved[new.id] = new.reserved
        for identifier in touched:
            reserved, claims = self.reserved[identifier], self.claims[identifier]
            told = f"{identifier} has reserved {reserved} for {claims}"
            assert reserved == sum(claims.values()), f"law 3: {told}"
        return before

    def seen(self, event: Event, pairs: Pairs, before: Claims) -> None:
        """Laws 3 and 4, after a commit; `before` is what was claimed then."""
        for new, old in pairs:
            if type(new) is Dispute and old is None and new.opened_by == "clock":
                _unclaimed(new, event, pairs)
            if type(new) is Dispute:
                self._dispute(new, old, event, pairs, before[new.subject_id])
            elif type(new) is Outcome:
                again = old is None and new.subject_id in self.scored
                assert not again, f"law 5: {new.subject_id} is scored twice"
                self.scored.add(new.subject_id)
                _outcome(new, old, event, pairs, before[new.subject_id])

    def _claim(self, new: Any, minutes: MinuteLaws) -> str:
        """Keeps what it claims now; the id of the contract, if it has a claim on one."""
        if type(new) is Contract:
            rows = {row.id: row.amount if contested(row) else 0 for row in new.milestones}
            self.claims[new.id].update(rows)
            return new.id
        if type(new) is Session:
            waits = new.status in ("stopped", "disputed")
            rest = minutes.whole(new) - new.paid if waits else 0
            self.claims[new.contract_id][new.id] = rest
        elif type(new) is Result:
            waits = new.status == "submitted" or contested(new)
            self.claims[new.contract_id][new.id] = new.price.amount if waits else 0
        elif type(new) is Outcome:
            self.claims[new.contract_id][new.id] = new.deduction if new.status == "withheld" else 0
        else:
            return ""
        return str(new.contract_id)

    def _dispute(self, new: Dispute, old: Dispute | None, event: Event, pairs: Pairs, before: int) -> None:
        if old is None:
            other = self.live.setdefault(new.subject_id, new.id)
            assert other == new.id, f"law 4: {new.id} beside {other}"
            held = self.claims[new.contract_id][new.subject_id]
            assert held == new.amount.amount, f"law 3: {new.id} is about {new.amount}, {held} is held"
            return
        assert old.ending is None, f"law 4: {new.id} changed after its end"
        if new.status == "escalated" != old.status and event.actor == "timer":
            made_at = old.offer.made_at if old.offer else event.at
            assert event.at >= made_at + ANSWER_SECONDS, f"law 4: {new.id} was escalated too early"
        if new.ending is not None:
            assert self.live.pop(new.subject_id) == new.id
        if new.status == "settled":
            _settled(new, old, event)
        elif new.status == "decided":
            by_operator = event.actor.startswith("operator:") and new.ending is not None and new.ending.reason
            assert by_operator, f"law 4: {new.id} was decided by {event.actor}: {new.ending}"
        if new.status in ("settled", "decided"):
            _divided(new, event, pairs, before)


def _unclaimed(new: Dispute, event: Event, pairs: Pairs) -> None:
    """Nobody has spoken for the minutes in time."""
    (session,) = [one for one, _ in pairs if one.id == new.subject_id]
    until = (session.ended_at or 0) + SESSION_REVIEW_SECONDS + UNCLAIMED_SECONDS
    timely = event.actor == "timer" and event.at >= until and session.dispute is not None
    assert timely, f"law 4: {event.actor} opened {new.id} at {event.at}, not {until}"


def _settled(new: Dispute, old: Dispute, event: Event) -> None:
    offer = old.offer
    assert offer is not None, f"law 4: {new.id} was settled without an offer"
    assert new.ending is not None
    other = new.client_id if offer.by == "worker" else new.worker_id
    assert event.actor == other, f"law 4: {new.id}: {event.actor} took the offer of {offer.by}"
    assert event.at < offer.made_at + ANSWER_SECONDS, f"law 4: {new.id} was settled after its offer lapsed"
    assert new.ending.to_worker == offer.to_worker, f"law 3: {new}"


def _divided(new: Dispute, event: Event, pairs: Pairs, held: int) -> None:
    """All of what was held goes somewhere: the worker's side as said, the rest not to the worker."""
    assert new.ending is not None
    got = new.ending.to_worker
    assert got is not None
    assert 0 <= got <= held == new.amount.amount, f"law 3: {new.id} divides {held}: {got}"
    paid, back = pay.divided(event, pairs)
    assert paid == got, f"law 3: {new.id} gives the worker {paid}, not {got}"
    assert back in (0, held - got), f"law 3: {new.id} returns {back} of {held - got}"


def _outcome(new: Outcome, old: Outcome | None, event: Event, pairs: Pairs, before: int) -> None:
    """Bonus and deduction are as their terms say, and never above their caps."""
    if old is not None:
        if new.status == "returned":
            assert event.at >= new.created_at + OBJECTION_SECONDS, f"law 4: {new.id} returns too early"
            assert not contested(old), f"law 4: {new.id} returns what is disputed"
        return
    weights = sum(row.weight for row in new.rows)
    exact = Fraction(sum(row.weight * row.points for row in new.rows), weights)
    assert new.score == half_up(exact), f"law 3: {new.id} scores {new.score}"
    paid, _ = pay.divided(event, pairs)
    assert not (new.bonus and new.deduction), f"law 3: {new.id} earns and loses"
    amount = new.bonus or new.deduction
    if new.band is not None:
        share = half_up(Fraction(new.price * new.band.share, WHOLE))
        assert 0 <= amount <= min(share, new.band.cap.amount), f"law 3: {new.id}: {amount} of {share}"
    assert sum(row.part for row in new.rows) == amount, f"law 3: {new.id} has other parts than {amount}"
    if new.deduction:
        # work without a claim before has one from here on: a milestone's money stood under itself
        whole = before or new.price
        assert paid == whole - new.deduction, f"law 3: {new.id} pays {paid} of {whole}"
        assert new.reason, f"law 4: {new.id} gives no reason"
    else:
        assert paid == new.bonus, f"law 3: {new.id} pays {paid}"
