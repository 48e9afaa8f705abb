"""Reads the tables for the audit, without a scan: every event through the time index, heads and balances by
the ids that the events and the lists name. What has to be brought together goes through a file
(audit_spool.py), so that memory does not grow with what is read.

What is under way differs from one look to the next, so what is wrong in two looks is what is reported.

A look may begin at a day that is rolled up: then what was posted before is taken from the sums carried to
that day, which an earlier look has compared with their journals, and only what was named since is looked at.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter

from marketplace.bidding.bid import BidStatus
from marketplace.contracts.billing import Billing
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.ledger import audit as laws
from marketplace.ledger.audit import Breach, ContractMoney, TaskSeats, Worked
from marketplace.ledger.audit_payouts import PayoutMoney, part_breaches, payout_breaches
from marketplace.ledger.audit_steps import COUNTED, step_breaches
from marketplace.ledger.claims import claim_breaches
from marketplace.ledger.totals import Sides, Totals
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.payouts.payout import Payout, PayoutStatus
from marketplace.reputation.rating import Rating
from marketplace.results.result import Result
from marketplace.shared.accounts import client_owner, contract_owner, hold, is_kept, worker_owner
from marketplace.shared.events import Event
from marketplace.shared.ids import prefix_of
from marketplace.storage import (
    audit_evidence,
    audit_payees,
    claimed,
    codec,
    ledger,
    marks,
    riding,
    rollups,
    seals,
    trail,
)
from marketplace.storage.audit_spool import Spool
from marketplace.storage.keys import CLIENT_TASKS, SHELVES, TASK_BIDS, WORKER_SESSIONS
from marketplace.storage.models import HeadItem
from marketplace.storage.reads import Reads
from marketplace.storage.riding import batches
from marketplace.storage.store import DynamoStore
from marketplace.work.task import Task

HISTORY_MAX = 1_000
"""So much of one object's history a look that begins late reads."""
SESSIONS_BEFORE = 50
"""Of each worker whose session was named, a look that begins late also looks at so many of the newest."""
_PREFIXES = tuple(shelf.prefix for shelf in SHELVES)
_STEPPING = frozenset(prefix for prefix, _ in COUNTED)
_TAKEN, _OWNER, _CLOCKED = "seats taken", "owner", "who was clocked in"
"""What the spool counts and remembers beside events and ids."""
_AUDITED = "audited"
"""The cursor: everything written before it was audited."""
_OWNERS = {"cli": client_owner, "wrk": worker_owner, "con": contract_owner}


@dataclass(frozen=True)
class Report:
    """`checked` is how many things each law was held against: a law that looked at nothing proves nothing."""

    breaches: list[Breach] = field(default_factory=list)
    checked: Counter[int] = field(default_factory=Counter)

    @property
    def unproven(self) -> list[int]:
        """The laws that found nothing to look at."""
        return [law for law in laws.LAWS if not self.checked[law]]


def audit(store: DynamoStore, *, since: int = 0) -> Report:
    """Every law that the tables can answer for. `since` is the beginning of a day (epoch seconds of real
    time) up to which the ledger is rolled up; by default everything is looked at."""
    found, checked = _look(store, since)
    if found:
        again, checked = _look(store, since)
        found &= again
    return Report(sorted(found), checked)


def audit_since_the_last(store: DynamoStore) -> Report:
    """What was written since the last one that found nothing, from the beginning of a day on. What is broken
    is found again until it is mended."""
    rolled_up, since = seals.cursor(rollups.DAYS_UNTIL), seals.cursor(_AUDITED)
    report = audit(store, since=min(since, rolled_up))
    if not report.breaches:
        seals.move_cursor(_AUDITED, rolled_up)
    return report


@contextmanager
def every_head(store: DynamoStore, given: Sequence[str] = ()) -> Iterator[Iterable[str]]:
    """The ids that are given, or of all heads that any event or list names."""
    with Spool() as spool:
        yield given or _Look(store, spool, 0).named()


def _look(store: DynamoStore, since: int) -> tuple[set[Breach], Counter[int]]:
    with Spool() as spool:
        look = _Look(store, spool, since)
        return set(look.breaches()), look.checked


class _Look:
    """One pass over everything."""

    def __init__(self, store: DynamoStore, spool: Spool, since: int) -> None:
        self._store = store
        self._spool = spool
        self._since = since
        self._reads = Reads()
        self.checked: Counter[int] = Counter()

    def breaches(self) -> Iterator[Breach]:
        """What is wrong now."""
        sealed_until = seals.cursor("until")
        yield from self._events()
        self._name_what_lists_name()
        yield from self._sums(sealed_until)
        yield from self._balances()
        yield from self._heads()
        yield from self._money_away()
        yield from self._counts()
        yield from laws.overlaps_in_order(self._worked())
        for _, ratings in groupby(self._spool.rated(), key=itemgetter(1)):
            yield from laws.rating_breaches(ratings)

    def named(self) -> Iterator[str]:
        """Every head that is known by name."""
        for _ in self._events():
            pass  # what is broken is the audit's business
        self._name_what_lists_name()
        for prefix in _PREFIXES:
            yield from self._spool.named(prefix)

    def _events(self) -> Iterator[Breach]:
        for start in marks.marked(self._since):
            sums, faults = Totals(), list[Breach]()
            yield from audit_evidence.unprojected(self._bucket(start, sums, faults))
            yield from faults
            self._spool.post(sums)
            self._spool.keep_bucket(start, sums.dump() if sums.currencies else "")

    def _bucket(self, start: int, sums: Totals, faults: list[Breach]) -> Iterator[Event]:
        """The events of a bucket, counted; those whose journal is broken are left out."""
        for event in ledger.events_in(start):
            self._name(event.about, event.type)
            self.checked[10] += 1
            if event.journal_text is not None:
                self.checked[1] += 1
                broken = list(_journal_breaches(event.id, event.journal_text))
                faults += broken
                if broken:
                    continue
            told = event.told()
            self._count_journal(told, sums)
            yield told

    def _name(self, about: tuple[str, ...], kind: str) -> None:
        for name in about:
            prefix = prefix_of(name)
            if prefix in _PREFIXES:
                self._spool.name(prefix, (name,))
            if (prefix, kind) in COUNTED:
                self._spool.count(name, kind)

    def _count_journal(self, event: Event, sums: Totals) -> None:
        if event.journal is not None:
            sums.add(event.journal)
            for what, subject, change in laws.effects_of(event.about, event.journal):
                self._spool.count(subject, what, change)
            audit_payees.count_journal(self._spool, event.id, event.about, event.journal)

    def _sums(self, sealed_until: int) -> Iterator[Breach]:
        """All debits equal all credits, and what was sealed or rolled up is the sum of its journals."""
        whole = Totals()
        for currency, sides in self._spool.currencies():
            whole.count(currency, "everything", sides)
        yield from laws.currency_breaches(whole)
        yield from audit_evidence.wrong_seals(self._spool, self._since, sealed_until)
        for name, kept, sums in rollups.rolled(self._since):
            if kept != sums:
                yield Breach(2, name, "its rolled-up sum is not that of its seals")
        if self._since:
            before = rollups.written_before(self._since)
            yield from laws.currency_breaches(before)
            self._spool.post_to_named(_OWNER, before)

    def _name_what_lists_name(self) -> None:
        """What has just been made may be known to a list before any event of it has reached its table."""
        self._spool.name(_OWNER, self._spool.owners())
        for prefix, owner_of in _OWNERS.items():
            self._spool.name(_OWNER, map(owner_of, self._spool.named(prefix)))
            posted = (owner for owner in self._spool.owners() if owner.startswith(owner_of(prefix)))
            self._spool.name(prefix, (owner.partition(":")[2] for owner in posted))
        for client in self._spool.named("cli"):
            self._spool.name("task", self._reads.ids(CLIENT_TASKS, client))
        for task in self._spool.named("task"):
            self._spool.name("bid", self._reads.ids(TASK_BIDS, task))

    def _balances(self) -> Iterator[Breach]:
        for owners in batches(filter(is_kept, self._spool.named(_OWNER))):
            for owner, kept in self._store.balances_of(owners).items():
                self.checked[2] += 1
                yield from laws.balance_breaches(self._spool.of_owner(owner), {owner: kept})

    def _heads(self) -> Iterator[Breach]:
        """Every head that was named: contracts need what claims their hold first, tasks their contracts. A
        look that begins late has not seen all that claims a hold, and does not add it up."""
        kinds: dict[str, Callable[[HeadItem], Iterable[Breach]]] = {
            "res": self._result,
            "out": self._outcome,
            "ses": self._session,
            "rat": self._rating,
            "pay": self._payout,
            "con": self._contract,
            "bil": self._billing,
            "task": self._task,
        }
        for prefix in (*kinds, *(prefix for prefix in _PREFIXES if prefix not in kinds)):
            for items in batches(riding.heads(self._spool.named(prefix))):
                yield from self._riders(items)
                for item in items:
                    yield from kinds.get(prefix, _nothing)(item)

    def _riders(self, items: list[HeadItem]) -> Iterator[Breach]:
        for head, rider, kept in riding.riders(self._store, items):
            self.checked[9] += 1
            if kept is None:
                self._name(rider.about, rider.type)
                if riding.is_overdue(rider):
                    yield Breach(10, rider.id, f"still rides on {head}: `cli carry {head}` hands it on")
            elif kept != rider:
                yield Breach(9, rider.id, f"rides on {head} with other contents than its own")

    def _result(self, item: HeadItem) -> Iterable[Breach]:
        self._count_claims(claimed.by_result(codec.aggregate_of(Result, item)))
        return ()

    def _outcome(self, item: HeadItem) -> Iterable[Breach]:
        self._count_claims(claimed.by_outcome(codec.aggregate_of(Outcome, item)))
        return ()

    def _count_claims(self, claims: Iterable[claimed.Claim]) -> None:
        for contract, what, amount in claims:
            self._spool.count(contract, what, amount)

    def _session(self, item: HeadItem) -> Iterable[Breach]:
        session = codec.aggregate_of(Session, item)
        self.checked[7] += 1
        self._count_claims(claimed.by_session(session))
        self._spool.name(_CLOCKED, (session.worker_id,))
        self._spool.keep_worked(_worked(session))
        return ()

    def _rating(self, item: HeadItem) -> Iterable[Breach]:
        rating = codec.aggregate_of(Rating, item)
        self.checked[8] += 1
        self._spool.keep_rated(rating.contract_id, rating.side, rating.id)
        return ()

    def _payout(self, item: HeadItem) -> Iterable[Breach]:
        money = payout_money(codec.aggregate_of(Payout, item))
        self.checked[2] += 1
        for name, amount in money.figures.items():
            self._spool.count(worker_owner(money.worker_id), name, amount)
        return part_breaches(money)

    def _money_away(self) -> Iterator[Breach]:
        """A look that begins late has not seen all payouts, and does not add them up."""
        workers = (one for one in self._spool.named(_OWNER) if one.startswith(worker_owner("")))
        for owners in batches(workers) if not self._since else ():
            for owner, kept in self._store.balances_of(owners).items():
                counted = self._spool.counts_of(owner)
                yield from payout_breaches(owner, self._spool.of_owner(owner), counted, kept)

    def _contract(self, item: HeadItem) -> Iterator[Breach]:
        contract = codec.aggregate_of(Contract, item)
        self.checked[3] += 1
        declined = contract.status == ContractStatus.CANCELLED and contract.accepted_at is None
        self._spool.count(contract.task_id, _TAKEN, int(not declined))
        yield from laws.contract_breaches(self._money(contract))
        yield from audit_payees.contract_breaches(self._spool, contract)
        if not self._since:
            told = self._spool.counts_of(contract.id)
            audit_payees.count_billed(self._spool, contract)
            yield from claim_breaches(claimed.claims_on(contract, told))
            if contract.results is not None:
                yield from laws.result_breaches(claimed.results_of(contract, told))

    def _billing(self, item: HeadItem) -> Iterable[Breach]:
        return audit_payees.billing_breaches(self._spool, codec.aggregate_of(Billing, item))

    def _task(self, item: HeadItem) -> Iterable[Breach]:
        task = codec.aggregate_of(Task, item)
        self.checked[4] += 1
        taken = self._spool.counts_of(task.id).get(_TAKEN, 0)
        if self._since:
            bids = self._reads.every(TASK_BIDS, task.id)
            taken = sum(bid.status == BidStatus.AWARDED for bid in bids)
        return laws.seat_breaches(TaskSeats(task.id, task.seats, task.seats_left, taken))

    def _money(self, contract: Contract) -> ContractMoney:
        owner = contract_owner(contract.id)
        sides = self._spool.of_owner(owner).of_account(hold(contract.id)).get(contract.currency, Sides())
        return ContractMoney(
            id=contract.id,
            funded=contract.funded,
            held=contract.held,
            released=contract.released,
            returned=contract.returned,
            reserved=contract.reserved,
            hold=sides,
            reversed=contract.reversed,
            charged_back=contract.chargebacks.charged_back,
            restored=contract.chargebacks.restored,
        )

    def _counts(self) -> Iterator[Breach]:
        """What happened to each object, and how often."""
        for subject, counted in self._spool.counts():
            effects = [what for what in laws.EFFECTS if what in counted]
            for what in effects:
                self.checked[5] += 1
                yield from laws.effect_breaches(what, subject, counted[what])
            prefix = prefix_of(subject)
            if prefix in _STEPPING:
                self.checked[4] += 1
                yield from step_breaches(subject, prefix, self._steps(subject, counted))

    def _steps(self, subject: str, counted: Mapping[str, int]) -> Mapping[str, int]:
        if not self._since:
            return counted
        return Counter(line.type for line in trail.history(subject, limit=HISTORY_MAX))

    def _worked(self) -> Iterator[Worked]:
        if self._since:
            for worker in self._spool.named(_CLOCKED):
                newest = islice(self._reads.every(WORKER_SESSIONS, worker), SESSIONS_BEFORE)
                for session in newest:
                    self._spool.keep_worked(_worked(session))
        return self._spool.worked()


def payout_money(payout: Payout) -> PayoutMoney:
    """Where a payout's money is."""
    paid = payout.left.amount if payout.status == PayoutStatus.PAID else 0
    worker, currency = payout.worker_id, payout.amount.currency
    return PayoutMoney(payout.id, worker, currency, payout.in_transit, payout.at_stripe, paid)


def _journal_breaches(event_id: str, text: str) -> Iterator[Breach]:
    try:
        yield from laws.journal_breaches(event_id, json.loads(text))
        codec.load_journal(text, event_id, 0)
    except ValueError:
        yield Breach(1, event_id, "its journal cannot be read")


def _worked(session: Session) -> Worked:
    return Worked(session.id, session.worker_id, session.started_at, session.ended_at)


def _nothing(item: HeadItem) -> Iterable[Breach]:
    del item
    return ()
