"""A look of the audit: everything that was spooled, held to the laws.

    events, histories, statements ──> spool ──> balances, heads, counts ──> breaches

What fills the spool differs: all there is (audit.py), or what the events of some hours have touched
(audit_nightly.py). Nothing is scanned: heads and balances are read by the ids that events and lists name.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import field
from itertools import groupby

from marketplace.ledger import audit as laws
from marketplace.ledger import audit_states, audit_steps
from marketplace.ledger.audit import Breach
from marketplace.ledger.audit_effects import EFFECTS, effect_breaches
from marketplace.ledger.audit_payouts import payout_breaches
from marketplace.ledger.audit_steps import step_breaches
from marketplace.ledger.claims import ClientHolds, holds_breaches
from marketplace.shared.accounts import client_owner, contract_owner, is_kept, worker_owner
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import prefix_of
from marketplace.shared.records import dataclass
from marketplace.storage import codec, holdings, ledger, riding
from marketplace.storage.audit_heads import Heads
from marketplace.storage.audit_periods import ClosedPeriods
from marketplace.storage.audit_spool import SHOWN_AT, Spool
from marketplace.storage.holdings import NOTHING_HELD, Holdings
from marketplace.storage.ledger import Indexed
from marketplace.storage.models import HeadItem
from marketplace.storage.personal_answers import are_one
from marketplace.storage.reads import Reads
from marketplace.storage.riding import batches
from marketplace.storage.shelves import SHELVES
from marketplace.storage.store import DynamoStore

PREFIXES = tuple(shelf.prefix for shelf in SHELVES)
OWNERS = {"cli": client_owner, "wrk": worker_owner, "con": contract_owner}
OWNER = "owner"
"""How the spool remembers owners of accounts, beside the prefixes of ids."""
_STEPPING = frozenset(prefix for prefix, _ in audit_steps.COUNTED)
COUNTED = audit_steps.COUNTED | audit_states.COUNTED
"""Prefix and type of the events that are counted of what they are about."""


@dataclass(frozen=True)
class Report:
    """`checked` is how many things each law was held against: a law that looked at nothing proves nothing.
    `behind_seconds` is how old the oldest thing is that there was no time for, `left` how many things have
    more beside them than was read."""

    breaches: list[Breach] = field(default_factory=list)
    checked: Counter[int] = field(default_factory=Counter)
    behind_seconds: int = 0
    left: int = 0

    @property
    def unproven(self) -> list[int]:
        """The laws that found nothing to look at."""
        return [law for law in laws.LAWS if not self.checked[law]]


class Look:
    """One pass. `everything` is whether the spool will hold all that there is."""

    def __init__(self, store: DynamoStore, spool: Spool, *, everything: bool) -> None:
        self.checked: Counter[int] = Counter()
        self._store = store
        self._spool = spool
        self._reads = Reads(store.connection)
        self._heads = Heads(spool, self.checked, everything=everything)
        self._everything = everything
        self._closed = ClosedPeriods(store, self._reads)

    def breaches(self) -> Iterator[Breach]:
        """What is wrong now."""
        yield from self._fill()
        yield from self._balances()
        for prefix in (*Heads.FIRST, *(prefix for prefix in PREFIXES if prefix not in Heads.FIRST)):
            for items in batches(riding.heads(self._spool.named(prefix))):
                yield from self._riders(items)
                for item in items:
                    yield from self._heads.breaches(item)
        yield from self._money_away()
        yield from self._counts()
        yield from laws.overlaps_in_order(self._spool.worked())
        for _, ratings in groupby(self._spool.rated(), key=lambda rated: rated.contract_id):
            yield from laws.rating_breaches(ratings)
        yield from self._holds()
        yield from self._closed.wrong_totals(everything=self._everything)

    def _fill(self) -> Iterator[Breach]:
        """Fills the spool; tells what shows on the way."""
        raise NotImplementedError

    def _meet(self, event: Indexed) -> None:
        """Remembers what an event is about."""
        raise NotImplementedError

    def _bucket(self, start: int, faults: list[Breach]) -> Iterator[Event]:
        """The events of a bucket, all of them met; those whose journal is broken are left out."""
        for event in ledger.events_in(start):
            self._meet(event)
            self.checked[10] += 1
            if event.journal_text is not None:
                self.checked[1] += 1
                broken = list(_journal_breaches(event.id, event.journal_text))
                faults += broken
                if broken:
                    continue
            told = event.told()
            faults += self._closed.posted_late(told)
            yield told

    def _tell(self, about: Iterable[str], kind: str, at: int) -> None:
        """Counts an event of what it is about."""
        for name in about:
            if (prefix_of(name), kind) in COUNTED:
                self._spool.count(name, kind)
            if kind == EventType.RATING_REVEALED and prefix_of(name) == "rat":
                self._spool.count(name, SHOWN_AT, at)

    def _balances(self) -> Iterator[Breach]:
        for owners in batches(filter(is_kept, self._spool.named(OWNER))):
            for owner, kept in self._store.balances_of(owners).items():
                self.checked[2] += 1
                yield from laws.balance_breaches(self._spool.of_owner(owner), {owner: kept})

    def _riders(self, items: list[HeadItem]) -> Iterator[Breach]:
        for head, rider, kept in riding.riders(self._store, items):
            self.checked[9] += 1
            if kept is None:
                self._tell(rider.about, rider.type, rider.at)
                if riding.is_overdue(rider):
                    yield Breach(10, rider.id, f"still rides on {head}: `cli carry {head}` hands it on")
            elif not are_one(rider, kept):
                yield Breach(9, rider.id, f"rides on {head} with other contents than its own")

    def _money_away(self) -> Iterator[Breach]:
        workers = (one for one in self._spool.named("wrk") if self._heads.is_whole(one))
        for owners in batches(map(worker_owner, workers)):
            for owner, kept in self._store.balances_of(owners).items():
                counted = self._spool.counts_of(owner)
                yield from payout_breaches(owner, self._spool.of_owner(owner), counted, kept)

    def _counts(self) -> Iterator[Breach]:
        """What happened to each object, and how often."""
        for subject, counted in self._spool.counts():
            for what in EFFECTS:
                if what in counted:
                    self.checked[5] += 1
                    yield from effect_breaches(what, subject, counted[what])
            prefix = prefix_of(subject)
            if prefix in _STEPPING:
                self.checked[4] += 1
                yield from step_breaches(subject, prefix, counted)

    def _holds(self) -> Iterator[Breach]:
        """The figure that a client is shown follows the ledger behind the commits."""
        for client in self._spool.named("cli"):
            if self._heads.is_whole(client):
                counted = self._spool.counts_of(client_owner(client))
                told = holdings.held(self._store, client)
                for currency in sorted({*told, *(name.split()[0] for name in counted)}):
                    self.checked[10] += 1
                    shown = told.get(currency, NOTHING_HELD)
                    figures = (counted.get(f"{currency} {name}", 0) for name in holdings.FIGURES)
                    there = Holdings(*figures)
                    held = ((one.held, one.fees) for one in (shown, there))
                    yield from holds_breaches(ClientHolds(client, currency, *held))


def _journal_breaches(event_id: str, text: str) -> Iterator[Breach]:
    try:
        yield from laws.journal_breaches(event_id, json.loads(text))
        codec.load_journal(text, event_id, 0)
    except ValueError:
        yield Breach(1, event_id, "its journal cannot be read")
