"""What must hold after every commit, checked on what that commit changed. A breach is an AssertionError
that begins with the number of its law."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from marketplace.bidding.bid import Bid
from marketplace.contracts.contract import Contract
from marketplace.ledger.audit import KEPT_NAMES
from marketplace.metering.session import Session
from marketplace.payouts.payout import Payout
from marketplace.reputation.rating import Rating
from marketplace.shared.accounts import is_kept
from marketplace.shared.books import Books
from marketplace.shared.clock import Clock
from marketplace.shared.events import Event
from marketplace.shared.store import Commit
from marketplace.work.task import Task
from tests.simulation.laws import clocks, contracts, pay, periods, returns
from tests.simulation.laws.bids import BidLaws
from tests.simulation.laws.disputes import CLAIMING, DIVIDING, Claims, DisputeLaws, Pairs
from tests.simulation.laws.minutes import MinuteLaws, check_reach
from tests.simulation.laws.payees import TERMS, PayeeLaws
from tests.simulation.laws.payouts import PayoutLaws
from tests.simulation.laws.results import PAID_BY_THE_PIECE, ResultLaws
from tests.simulation.laws.tables import NEXT_STATES

GUARDED = ("wallet", "available", "refunding", "reinstated", "receivable", "owed", "withdrawn")
SILENCE_SECONDS = 180
SKEW_SECONDS = 10
"""How far two of our machines may be apart."""
RATING_SECONDS = 14 * 86_400


@dataclass
class CommitLaws:
    """Running sums: `folded` is credits less debits by currency and account, `kept` the balances beside it,
    `taken` the contracts that sit on a task, `worked` the sessions of a worker."""

    clock: Clock
    folded: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    journals: set[str] = field(default_factory=set)
    taken: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    worked: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    contracts: dict[str, Any] = field(default_factory=dict)
    once: Counter[tuple[str, str]] = field(default_factory=Counter)
    results: ResultLaws = field(default_factory=ResultLaws)
    payouts: PayoutLaws = field(default_factory=PayoutLaws)
    minutes: MinuteLaws = field(default_factory=MinuteLaws)
    disputes: DisputeLaws = field(default_factory=DisputeLaws)
    payees: PayeeLaws = field(default_factory=PayeeLaws)
    bids: BidLaws = field(default_factory=BidLaws)
    closed_until: int = 0

    def copy(self, clock: Clock) -> "CommitLaws":
        """The same sums."""
        return CommitLaws(
            clock,
            Counter(self.folded),
            Counter(self.kept),
            set(self.journals),
            defaultdict(set, {task: set(taken) for task, taken in self.taken.items()}),
            defaultdict(dict, {worker: dict(worked) for worker, worked in self.worked.items()}),
            dict(self.contracts),
            Counter(self.once),
            self.results.copy(),
            self.payouts.copy(),
            self.minutes.copy(),
            self.disputes.copy(),
            self.payees.copy(),
            self.bids.copy(),
            self.closed_until,
        )

    def seen(self, commit: Commit, before: list[Any]) -> None:
        """One commit took effect; `before` are its heads as they were."""
        event = commit.event
        touched = self._ledger(event) if event is not None and event.journal is not None else ()
        self._balances(commit, touched)
        pairs = [(change.aggregate, old) for change, old in zip(commit.heads, before, strict=True)]
        kinds = {type(new) for new, _ in pairs}
        claims = {} if kinds.isdisjoint(CLAIMING) else self.disputes.claimed(pairs, self.minutes)
        if len(pairs) > 1:
            pairs.sort(key=_contracts_first)
        for new, old in pairs:
            self._head(new, old)
        if not kinds.isdisjoint(TERMS):
            self.payees.seen(pairs, self.clock.now())
        if Books in kinds:
            self.closed_until = periods.closed_until(commit, self.closed_until)
        if event is not None:
            self._told(event, commit, before, pairs, claims)

    def _told(self, event: Event, commit: Commit, before: list[Any], pairs: Pairs, claims: Claims) -> None:
        """The laws of those kinds of things that an event is about."""
        kinds = {type(new) for new, _ in pairs}
        if Contract in kinds:
            pay.check(event, commit, before, self.minutes)
            returns.check(event, pairs)
        if pay.is_bonus(event):
            pay.check_bonus(event, self.contracts[event.about[1]], pairs)
        self._effects(event)
        if not kinds.isdisjoint(PAID_BY_THE_PIECE):
            self.results.seen(event, pairs, self.contracts, self.kept)
        self.payouts.seen(event, pairs)
        if Payout in kinds:
            self.payouts.owned_as_posted(event, pairs, self.folded)
        if not kinds.isdisjoint(DIVIDING):
            self.disputes.seen(event, pairs, claims)
        if event.actor == "timer":
            clocks.check(event, pairs)

    def _ledger(self, event: Event) -> tuple[tuple[str, str], ...]:
        """Laws 1 and 5: the journal balances and is new."""
        journal = event.journal
        assert journal is not None
        periods.posted_in_time(event, self.closed_until)
        assert journal.id not in self.journals, f"law 1: {journal.id} is posted twice"
        self.journals.add(journal.id)
        sums, touched = 0, []
        for posting in journal.postings:
            amounts = (posting.debit, posting.credit)
            whole = all(type(amount) is int and amount >= 0 for amount in amounts) and any(amounts)
            assert whole, f"law 1: {journal.id} has {posting}"
            sums += posting.debit - posting.credit
            place = (journal.currency, posting.account)
            self.folded[place] += posting.credit - posting.debit
            touched.append(place)
        assert sums == 0, f"law 1: {journal.id} is off by {sums}"
        return tuple(touched)

    def _balances(self, commit: Commit, posted: tuple[tuple[str, str], ...]) -> None:
        """Law 2: what is kept is what was posted, and nothing guarded is below zero."""
        places = [place for place in posted if is_kept(place[1])]
        for (owner, currency, name), amount in commit.balances.items():
            owed = self.kept[currency, f"{owner}:receivable"]
            settles = (owner, currency, "receivable") in commit.balances
            spends = name == "wallet" and amount < 0 and not settles
            assert not (spends and owed), f"law 2: {owner} spends while {owed} {currency} are owed"
        for (owner, currency, name), amount in commit.balances.items():
            place = (currency, f"{owner}:{name}")
            self.kept[place] += amount
            assert self.kept[place] >= 0 or name not in GUARDED, f"law 2: {place} is {self.kept[place]}"
            if name in KEPT_NAMES:
                places.append(place)
        for place in places:
            grows_by_debit = place[1].endswith((":receivable", ":owed"))
            posted_sum = -self.folded[place] if grows_by_debit else self.folded[place]
            assert self.kept[place] == posted_sum, f"law 2: {place} is {self.kept[place]}, not {posted_sum}"

    def _head(self, new: Any, old: Any) -> None:
        table = NEXT_STATES.get(type(new))
        if table is not None and old is not None and new.status != old.status:
            assert new.status in table[old.status], f"law 4: {new.id} went from {old.status} to {new.status}"
        check = _CHECKS.get(type(new))
        if check is not None:
            check(self, new, old)
        if type(new) is Contract:
            check_reach(new, self.clock.now() + SKEW_SECONDS)

    def _contract(self, new: Contract, old: Contract | None) -> None:
        """Law 3, and seats by the offers that stand."""
        self.contracts[new.id] = new
        told = (
            f"{new.id}: funded {new.funded} held {new.held} released {new.released} returned {new.returned}"
        )
        told = f"{told} charged back {new.chargebacks.charged_back}"
        posted = [self.folded[new.currency, f"contract:{new.id}:{name}"] for name in ("hold", "client_fee")]
        contracts.holds_together(new, told, hold=posted[0], client_fee=posted[1])
        fallen = new.status == "cancelled" and new.accepted_at is None
        seats = self.taken[new.task_id]
        seats.discard(new.id) if fallen else seats.add(new.id)
        if new.status in ("completed", "cancelled"):
            assert new.headroom == 0 or new.corrections_asked, f"law 3: {told} after its end"
            assert new.running is None, f"law 3: {new.id} ended while somebody worked"
        if new.pay.model == "milestone":
            needed = sum(row.amount for row in new.milestones if row.status in ("funded", "submitted"))
            there, needed = new.held + returns.short(new, told), needed + self.disputes.withheld(new.id)
            assert there == needed, f"law 3: {told}, its milestones need {needed}"
        cap = new.pay.cap_seconds
        assert cap is None or new.billed_seconds <= cap, f"law 7: {new.id} bills beyond its cap"
        if old is not None:
            contracts.moves_in_turn(new, old, told)

    def _bid(self, new: Bid, old: Bid | None) -> None:
        self.bids.bid(new, old)

    def _task(self, new: Task, _: Task | None) -> None:
        """Law 4."""
        self.bids.task(new)
        taken = len(self.taken[new.id])
        seated = new.seats_left >= 0 and taken <= new.seats
        assert seated, f"law 4: {new.id} has {taken} of {new.seats}"
        if new.status != "draft":
            assert new.seats_left == new.seats - taken, f"law 4: {new.id} has {new.seats_left} left"

    def _session(self, new: Session, old: Session | None) -> None:
        """Law 7: nothing is proven across silence or ahead of time, and nothing changes after the end."""
        now = self.clock.now() + 1
        if old is not None and new.last_proven_at != old.last_proven_at:
            assert new.last_proven_at < now + SKEW_SECONDS, f"law 7: {new.id} is proven ahead of time"
        if old is None:
            running = [one.id for one in self.worked[new.worker_id].values() if one.ended_at is None]
            assert not running, f"law 7: {new.id} beside {running}"
            self.minutes.began(new, self.contracts[new.contract_id])
        elif old.ended_at is None:
            gap = new.last_proven_at - old.last_proven_at
            stopped = new.end_reason == "worker"
            assert 0 <= gap <= SILENCE_SECONDS or (stopped and gap >= 0), f"law 7: {new.id} proves {gap} s"
            assert not stopped or gap <= SILENCE_SECONDS, f"law 7: {new.id} was stopped after {gap} s"
        else:
            same = (new.started_at, new.ended_at) == (old.started_at, old.ended_at)
            assert same, f"law 7: {new.id} changed after its end"
            if new.corrected_seconds != old.corrected_seconds:
                self.minutes.corrected(new, now + SKEW_SECONDS)
        if new.ended_at is not None and (old is None or old.ended_at is None):
            self._end(new)
        others = self.worked[new.worker_id]
        others[new.id] = new
        for other in others.values():
            first, second = sorted((new, other), key=lambda one: (one.started_at, one.ended_at or now))
            ends_at = first.ended_at or now
            assert first is second or ends_at <= second.started_at, f"law 7: {new.id} overlaps {other.id}"

    def _end(self, new: Session) -> None:
        ends = {"silence": new.last_proven_at, "hold": new.limit_at, "cap": new.limit_at}
        expected = ends.get(str(new.end_reason), new.last_proven_at)
        assert new.ended_at == expected, f"law 7: {new.id} ended by {new.end_reason} at {new.ended_at}"
        assert new.ended_at <= new.limit_at, f"law 7: {new.id} ran beyond its limit"
        assert new.ended_at - new.last_proven_at <= SILENCE_SECONDS, f"law 7: {new.id} bills unproven time"
        assert new.terms.seconds_left is None or new.billable_seconds <= new.terms.seconds_left, (
            f"law 7: {new.id} bills beyond the cap"
        )
        self.minutes.ended(new, self.contracts[new.contract_id])

    def _rating(self, new: Rating, old: Rating | None) -> None:
        """Law 8."""
        if new.revealed and (old is None or not old.revealed):
            contract = self.contracts[new.contract_id]
            both = len(set(contract.rated_by)) == 2
            closed = self.clock.now() >= contract.ended_at + RATING_SECONDS
            assert closed or both, f"law 8: {new.id} is shown too early"
        if old is not None:
            same = (old.overall, old.comment, old.side) == (new.overall, new.comment, new.side)
            assert same, f"law 8: {new.id} changed"
            assert new.revealed >= old.revealed, f"law 8: {new.id} is hidden again"

    def _payout(self, new: Payout, old: Payout | None) -> None:
        if old is not None and old.transfer.stripe_id is not None:
            same = new.transfer.stripe_id == old.transfer.stripe_id
            assert same, f"law 5: {new.id} has another transfer"

    def _effects(self, event: Event) -> None:
        """Law 5, as our own books say it."""
        if event.type in _ONCE:
            subject = (str(event.type), event.about[0])
            self.once[subject] += 1
            assert self.once[subject] == 1, f"law 5: {subject} happened twice"


def _contracts_first(pair: tuple[Any, Any]) -> bool:
    return type(pair[0]) is not Contract


_ONCE = frozenset(
    {
        "top_up.succeeded",
        "milestone.approved",
        "stripe_fee.posted",
        "session.stopped",
        "result.accepted",
        "result.reversed",
        "refund.requested",
        "chargeback.funds_withdrawn",
        "chargeback.funds_reinstated",
        "payout.pending",
        "payout.cancelled",
        "dispute.open",
        "dispute.settled",
        "dispute.decided",
        "dispute.withdrawn",
        "outcome.applied",
        "outcome.returned",
    }
)

_CHECKS: dict[type, Callable[[CommitLaws, Any, Any], None]] = {
    Bid: CommitLaws._bid,
    Contract: CommitLaws._contract,
    Task: CommitLaws._task,
    Session: CommitLaws._session,
    Rating: CommitLaws._rating,
    Payout: CommitLaws._payout,
}
