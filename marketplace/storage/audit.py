"""Holds the tables to the laws, whole: every event through the time index, heads and balances by the ids that
the events and the lists name. What has to be brought together goes through a file (audit_spool.py), so that
memory does not grow with what is read.

What is under way differs from one look to the next, so what is wrong in two looks is what is reported.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from marketplace.ledger import audit as laws
from marketplace.ledger.audit import Breach
from marketplace.ledger.audit_effects import effects_of
from marketplace.ledger.totals import Totals
from marketplace.shared.events import Event
from marketplace.shared.ids import prefix_of
from marketplace.storage import audit_evidence, audit_payees, marks, rollups, seals
from marketplace.storage.audit_heads import LEFT
from marketplace.storage.audit_look import OWNER, OWNERS, PREFIXES, Look, Report
from marketplace.storage.audit_spool import Spool
from marketplace.storage.keys import CLIENT_TASKS, TASK_BIDS
from marketplace.storage.ledger import Indexed
from marketplace.storage.store import DynamoStore

__all__ = ["Report", "WholeLook", "audit", "every_head", "twice"]


def audit(store: DynamoStore) -> Report:
    """Every law that the tables can answer for."""
    return twice(lambda spool: WholeLook(store, spool))


def twice(look: Callable[[Spool], Look]) -> Report:
    """What a look finds, and another one after it still does."""
    found, report = set[Breach](), Report()
    for number in range(2):
        with Spool() as spool:
            taken = look(spool)
            seen, left = set(taken.breaches()), sum(1 for _ in spool.named(LEFT))
        found = found & seen if number else seen
        report = Report(sorted(found), taken.checked, left=left)
        if not found:
            break
    return report


@contextmanager
def every_head(store: DynamoStore, given: Sequence[str] = ()) -> Iterator[Iterable[str]]:
    """The ids that are given, or of all heads that any event or list names."""
    with Spool() as spool:
        yield given or WholeLook(store, spool).named()


class WholeLook(Look):
    """Everything there is."""

    def __init__(self, store: DynamoStore, spool: Spool) -> None:
        super().__init__(store, spool, everything=True)

    def named(self) -> Iterator[str]:
        """Every head that is known by name."""
        for _ in self._events():
            pass  # what is broken is the audit's business
        self._name_what_lists_name()
        for prefix in PREFIXES:
            yield from self._spool.named(prefix)

    def _meet(self, event: Indexed) -> None:
        for name in event.about:
            if prefix_of(name) in PREFIXES:
                self._spool.name(prefix_of(name), (name,))
        self._tell(event.about, event.type, event.at)

    def _fill(self) -> Iterator[Breach]:
        sealed_until = seals.cursor("until")
        yield from self._events()
        self._name_what_lists_name()
        yield from self._sums(sealed_until)

    def _events(self) -> Iterator[Breach]:
        for start in marks.marked():
            sums, faults = Totals(), list[Breach]()
            yield from audit_evidence.unprojected(self._counted(self._bucket(start, faults), sums))
            yield from faults
            self._spool.post(sums)
            self._spool.keep_bucket(start, sums.dump() if sums.currencies else "")

    def _counted(self, events: Iterable[Event], sums: Totals) -> Iterator[Event]:
        for event in events:
            if event.journal is not None:
                sums.add(event.journal)
                for what, subject, change in effects_of(event.about, event.journal):
                    self._spool.count(subject, what, change)
                audit_payees.count_journal(self._spool, event.id, event.about, event.journal)
            yield event

    def _sums(self, sealed_until: int) -> Iterator[Breach]:
        """All debits equal all credits, and what was sealed or rolled up is the sum of its journals."""
        whole = Totals()
        for currency, sides in self._spool.currencies():
            whole.count(currency, "everything", sides)
        yield from laws.currency_breaches(whole)
        yield from audit_evidence.wrong_seals(self._spool, sealed_until)
        yield from audit_evidence.wrong_rollups(rollups.rolled())

    def _name_what_lists_name(self) -> None:
        """What has just been made may be known to a list before any event of it has reached its table."""
        self._spool.name(OWNER, self._spool.owners())
        for prefix, owner_of in OWNERS.items():
            self._spool.name(OWNER, map(owner_of, self._spool.named(prefix)))
            posted = (owner for owner in self._spool.owners() if owner.startswith(owner_of(prefix)))
            self._spool.name(prefix, (owner.partition(":")[2] for owner in posted))
        for client in self._spool.named("cli"):
            self._spool.name("task", self._reads.ids(CLIENT_TASKS, client))
        for task in self._spool.named("task"):
            self._spool.name("bid", self._reads.ids(TASK_BIDS, task))
