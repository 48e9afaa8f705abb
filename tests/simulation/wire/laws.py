"""What must hold of the tables at rest, beside what holds of any world; the product's storage reads it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

from marketplace.ledger.totals import INSTANT_MAX
from marketplace.shared.accounts import owner_and_name
from marketplace.storage import holdings, ledger, marks, trail
from marketplace.storage.audit import audit, twice
from marketplace.storage.audit_touched import TouchedLook
from marketplace.storage.holdings import NOTHING_HELD
from marketplace.storage.keys import Listing
from marketplace.storage.reads import Reads
from marketplace.storage.shelves import SHELVES

PROJECTED = 10
"""The law that everything is in its histories and statements, and counted in what clients are shown."""


def the_tables_audit_finds_nothing(world: Any) -> Iterator[str]:
    """The audit, as production runs it. What came before the story was projected by nobody, and few stories
    project: `what_is_projected_is_in_the_trail` looks there instead."""
    return (str(breach) for breach in audit(world.store.product).breaches if breach.law != PROJECTED)


def the_nightly_audit_finds_nothing(world: Any) -> Iterator[str]:
    """It reads histories and statements: in every other story that projects (a look costs as much as half a
    story), where what came before is projected now."""
    if not world.queues.projects or len(world.store.events) % 2:
        return
    store = world.store.product
    trail.project(store.connection, islice(world.store.events.values(), world.given_before))
    found = twice(lambda spool: TouchedLook(store, spool, 0, INSTANT_MAX)).breaches
    yield from (f"at night: {breach}" for breach in found if breach.law != PROJECTED)


def every_event_is_in_its_table(world: Any) -> Iterator[str]:
    """Law 10: what rode has been carried, and whoever reads the time index finds everything."""
    store = world.store
    there = {event.id for start in marks.marked() for event in ledger.events_in(start)}
    yield from (f"{event_id} is in no marked bucket" for event_id in store.events.keys() - there)
    yield from (f"{event_id} was seen by nobody" for event_id in there - store.events.keys())


def heads_and_lists_are_read_as_they_were_written(world: Any) -> Iterator[str]:
    """Each list of each kind, by its index, holds whoever belongs to it, and nobody else."""
    reads, store = Reads(world.store.connection), world.store
    for listing in chain.from_iterable(shelf.lists for shelf in SHELVES):
        if listing.kind in _LISTED:
            yield from _list_breaches(listing, reads, store)


def _list_breaches(listing: Listing[Any], reads: Reads, store: Any) -> Iterator[str]:
    belong: dict[str, set[str]] = {}
    for _, aggregate in store.heads.values():
        if type(aggregate) is listing.kind and (key := listing.key_of(aggregate)) is not None:
            belong.setdefault(key, set()).add(aggregate.id)
    for key, expected in belong.items():
        found = {row.id for row in reads.every(listing, key)}
        if found != expected:
            yield f"{listing.name} of {key} lacks {expected - found}, and shows {found - expected}"


_LISTED = frozenset(shelf.kind for shelf in SHELVES if shelf.prefix in ("pay", "res"))
"""Kinds whose lists money depends on; the others are written by the same lines."""


def what_is_projected_is_in_the_trail(world: Any) -> Iterator[str]:
    """Every row that an event makes is there, in stories that project."""
    if world.queues.projects:
        rows = world.store.tables.items["trail"]
        for event in islice(world.store.events.values(), world.given_before, None):
            if not all(row[:2] in rows for row in trail.rows_of(event)):
                yield f"{event.id} is not in the trail"


def clients_hold_what_their_contracts_do(world: Any) -> Iterator[str]:
    """The figures beside the ledger have counted each event of the story once, in stories that project."""
    if not world.queues.projects:
        return
    expected: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for event in islice(world.store.events.values(), world.given_before, None):
        for posting in event.journal.postings if event.journal else ():
            owner, name = owner_and_name(posting.account)
            if owner.startswith("contract:"):
                client = world.head(owner.partition(":")[2]).client_id
                gained = posting.credit - posting.debit
                expected[client][event.journal.currency, name] += gained
    for client, figures in expected.items():
        found = holdings.held(world.store.product, client)
        for (currency, name), amount in figures.items():
            there = found.get(currency, NOTHING_HELD)
            counted = there.held if name == "hold" else there.fees
            if counted != amount:
                yield f"{client} has {counted} {currency} as its {name}, contracts gained {amount}"


LAWS: tuple[Callable[[Any], Iterator[str]], ...] = (
    the_tables_audit_finds_nothing,
    the_nightly_audit_finds_nothing,
    every_event_is_in_its_table,
    heads_and_lists_are_read_as_they_were_written,
    what_is_projected_is_in_the_trail,
    clients_hold_what_their_contracts_do,
)
