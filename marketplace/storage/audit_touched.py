"""The audit's look at what the events of some hours have touched, with all that the laws need beside it.

    events of the hours ──> what they name: touched
    its history, its statement ──> counts and sums, from the beginning
    its lists ──> what claims its hold, its payouts, its seats

So the cost goes with what happened, and not with how much there is. A balance is held against the account's
statement, whose lines of these hours are held against their events in the same look. What has more beside it
than is read (`BESIDE_MAX`) is left to a look at everything.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from marketplace.bidding.bid import BidStatus
from marketplace.ledger.audit import Breach
from marketplace.ledger.audit_effects import effects_of
from marketplace.ledger.totals import INSTANT_MAX, Totals
from marketplace.reputation.rating import OTHER_SIDE, rating_id
from marketplace.shared.accounts import owner_and_name
from marketplace.shared.events import Event
from marketplace.shared.ids import prefix_of
from marketplace.storage import account_sums, audit_evidence, audit_paid, audit_payees, codec, marks, trail
from marketplace.storage.audit_heads import LEFT, TAKEN, TOUCHED, WHOLE
from marketplace.storage.audit_look import COUNTED, OWNER, OWNERS, PREFIXES, Look
from marketplace.storage.audit_spool import Spool
from marketplace.storage.buckets import BUCKET_SECONDS
from marketplace.storage.keys import (
    CONTRACT_OUTCOMES,
    CONTRACT_RESULTS,
    CONTRACT_SESSIONS,
    HOLDING_CONTRACTS,
    TASK_BIDS,
    WORKER_PAYOUTS,
    WORKER_SESSIONS,
    Listing,
)
from marketplace.storage.ledger import Indexed
from marketplace.storage.models import EventItem
from marketplace.storage.riding import batches
from marketplace.storage.rollups import DAY_SECONDS
from marketplace.storage.store import DynamoStore

EVENTS_MAX = 2_000
"""A look ends with the bucket in which it has seen so many."""
HISTORY_MAX = 1_000
"""So much of an object's history is read from each end."""
BESIDE_MAX = 1_000
"""So many of a contract's pieces of work, a worker's payouts or a client's contracts are read."""
SESSIONS_BESIDE = 50
"""So many of a worker's newest sessions are."""
_ALWAYS = INSTANT_MAX - DAY_SECONDS
_WORK: tuple[tuple[str, Listing[Any]], ...] = (
    ("ses", CONTRACT_SESSIONS),
    ("res", CONTRACT_RESULTS),
    ("out", CONTRACT_OUTCOMES),
)
_ACCOUNTS = {
    "cli": ("wallet", "refunding", "reinstated", "receivable"),
    "wrk": ("available", "owed", "in_transit", "at_stripe"),
    "con": ("hold", "client_fee"),
}
_WITH_EFFECTS = frozenset({"top", "pay", "ref", "chb", "res", "mil", "sus"})
_WITH_HISTORY = frozenset(prefix for prefix, _ in COUNTED) | _WITH_EFFECTS | {"rat"}


class TouchedLook(Look):
    """What was written from the bucket at `since` on (epoch seconds of real time); `reached` is where it has
    stopped, or `until`."""

    def __init__(self, store: DynamoStore, spool: Spool, since: int, until: int) -> None:
        super().__init__(store, spool, everything=False)
        self.reached = until
        self._since = since
        self._until = until

    def _meet(self, event: Indexed) -> None:
        self._touch(event.about)

    def _touch(self, identifiers: Iterable[str]) -> None:
        for name in identifiers:
            self._spool.name(TOUCHED, (name,))
            if prefix_of(name) in PREFIXES:
                self._spool.name(prefix_of(name), (name,))

    def _fill(self) -> Iterator[Breach]:
        yield from self._events()
        for prefix in PREFIXES:
            for identifier in self._touched(prefix):
                self._close(prefix, identifier)
        audit_paid.close_pairs(self._spool, self._reads, self._touched("con"))
        for identifier in self._spool.named(TOUCHED):
            if prefix_of(identifier) in _WITH_HISTORY:
                self._recall(identifier)

    def _touched(self, prefix: str) -> Iterator[str]:
        return (one for one in self._spool.named(prefix) if self._spool.is_named(TOUCHED, one))

    def _events(self) -> Iterator[Breach]:
        for start in marks.marked(self._since):
            if start >= self._until:
                return
            faults = list[Breach]()
            yield from audit_evidence.unprojected(self._posted(self._bucket(start, faults)))
            yield from faults
            if self.checked[10] >= EVENTS_MAX:
                self.reached = start + BUCKET_SECONDS
                return

    def _posted(self, events: Iterable[Event]) -> Iterator[Event]:
        """Also touches those whose accounts were posted to, whatever the event is about."""
        for event in events:
            if event.journal is not None:
                owners = {owner_and_name(posting.account)[0] for posting in event.journal.postings}
                self._touch(owner.partition(":")[2] for owner in sorted(owners))
                audit_payees.count_shares(self._spool, event.id, event.about, event.journal)
            yield event

    def _close(self, prefix: str, identifier: str) -> None:
        """Names what the laws of this object need beside it."""
        if prefix in OWNERS:
            self._post(prefix, identifier)
        if prefix == "con":
            self._name_all(identifier, *_WORK)
            audit_paid.count_paid_out(self._spool, identifier)
            self._spool.name("rat", (rating_id(identifier, side) for side in OTHER_SIDE))
        elif prefix == "wrk":
            self._name_all(identifier, ("pay", WORKER_PAYOUTS))
            self._spool.name("ses", islice(self._reads.ids(WORKER_SESSIONS, identifier), SESSIONS_BESIDE))
        elif prefix == "cli":
            self._name_all(identifier, ("con", HOLDING_CONTRACTS))
        elif prefix == "task":
            bids = self._reads.every(TASK_BIDS, identifier)
            taken = sum(bid.status == BidStatus.AWARDED for bid in bids)
            self._spool.count(identifier, TAKEN, taken)

    def _post(self, prefix: str, identifier: str) -> None:
        """What its statements come to."""
        owner, totals = OWNERS[prefix](identifier), Totals()
        for account in (f"{owner}:{name}" for name in _ACCOUNTS[prefix]):
            for currency, sides in account_sums.at(account, _ALWAYS).items():
                totals.count(currency, account, sides)
        self._spool.name(OWNER, (owner,))
        self._spool.post(totals)

    def _name_all(self, identifier: str, *lists: tuple[str, Listing[Any]]) -> None:
        """Names everything in these lists of it, if that can be."""
        found = [
            (prefix, list(islice(self._reads.ids(one, identifier), BESIDE_MAX))) for prefix, one in lists
        ]
        whole = all(len(ids) < BESIDE_MAX for _, ids in found)
        self._spool.name(WHOLE if whole else LEFT, (identifier,))
        for prefix, ids in found if whole else ():
            self._spool.name(prefix, ids)

    def _recall(self, identifier: str) -> None:
        """Counts what happened to it, from the beginning."""
        lines = trail.history(identifier, limit=HISTORY_MAX)
        if len(lines) == HISTORY_MAX:
            lines += trail.history(identifier, limit=HISTORY_MAX, newest_first=True)
        happened = {line.event_id: line for line in lines}
        for line in happened.values():
            self._tell((identifier,), line.type, line.at)
        if prefix_of(identifier) in _WITH_EFFECTS:
            self._count_effects(identifier, happened)

    def _count_effects(self, identifier: str, events: Iterable[str]) -> None:
        effects: Counter[str] = Counter()
        for some in batches(events):
            for event in map(codec.event_of, EventItem.batch_get(some)):
                for what, subject, change in effects_of(event.about, event.journal) if event.journal else ():
                    effects[what] += change * (subject == identifier)
        for what, change in effects.items():
            self._spool.count(identifier, what, change)
