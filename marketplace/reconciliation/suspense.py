"""Suspense: what Stripe moved and nobody can explain yet is booked, so that the ledger agrees with Stripe,
and taken back when what explains it arrives.

    missing_in_ledger ──book──> suspense ──reverse──> explained by its own event
"""

from marketplace.ledger import postings
from marketplace.reconciliation.breaks import Break
from marketplace.shared.errors import IllegalTransition, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_id, renamed
from marketplace.shared.records import dataclass, replace
from marketplace.shared.store import Store
from marketplace.shared.transaction import Transaction, journal_id


@dataclass(frozen=True)
class SuspenseEntry:
    """What is in suspense for one line of Stripe's, whichever reconciliations found it: `change` is minor
    units into our balance there, `journal` holds it in suspense, None once it was taken back."""

    id: str
    break_id: str
    change: int
    currency: str
    journal: str | None = None


@dataclass(frozen=True)
class BookToSuspense:
    """`reason` says what is known."""

    break_id: str
    reason: str


@dataclass(frozen=True)
class ReverseJournal:
    """`reason` says what explains it."""

    journal_id: str
    reason: str


def suspense_id(balance_transaction: str, change: int, *, is_fee: bool = False) -> str:
    """One for each line of Stripe's: its movement, or its fee."""
    part = ("fee",) if is_fee else ()
    return derived_id("sus", balance_transaction, str(change), *part)


def book_to_suspense(command: BookToSuspense, tx: Transaction) -> Break:
    """The next reconciliation finds the line matched. Raises NotFound, IllegalTransition where the ledger
    lacks nothing, or has it already."""
    found = tx.get(Break, command.break_id)
    if found.change is None or found.stripe is None or found.resolved_at is not None:
        raise IllegalTransition("only an open line that the ledger lacks can be booked to suspense")
    entry_id = suspense_id(found.stripe, found.change, is_fee=bool(found.is_fee))
    earlier = tx.find(SuspenseEntry, entry_id)
    if earlier is not None and earlier.journal is not None:
        raise IllegalTransition(f"it is booked to suspense already, by {earlier.journal}")
    journal = journal_id(tx.cause.event_id)
    entry = SuspenseEntry(entry_id, found.id, found.change, found.amount.currency, journal)
    booked = found.suspended(journal)
    tx.save(booked, entry)
    moved = postings.suspended(entry.change)
    tx.post(entry.currency, "book to suspense", moved, references=[found.stripe])
    tx.publish(EventType.SUSPENSE_POSTED, about=_about(entry, found), reason=command.reason)
    return booked


def reverse_suspense(command: ReverseJournal, tx: Transaction) -> Break:
    """The exact reverse, once. Only suspense can be reversed by hand: every other moment has a reverse of its
    own, with the state that goes with it. Raises NotFound, IllegalTransition."""
    event = tx.store.event(renamed(command.journal_id, "evt"))
    if event is None or event.journal is None:
        raise NotFound
    if event.type != EventType.SUSPENSE_POSTED:
        raise IllegalTransition(f"a journal of {event.type} has a reverse of its own; only suspense has none")
    entry = tx.get(SuspenseEntry, event.about[0])
    if entry.journal != command.journal_id:
        raise IllegalTransition("this journal has been reversed")
    found = tx.get(Break, entry.break_id).taken_back()
    tx.save(replace(entry, journal=None), found)
    references = [*event.journal.references, command.journal_id]
    moved = postings.suspense_reversed(entry.change)
    tx.post(entry.currency, "reverse suspense", moved, references=references)
    tx.publish(EventType.SUSPENSE_REVERSED, about=_about(entry, found), reason=command.reason)
    return found


def is_in_suspense(journal: str, store: Store) -> bool:
    """Whether a journal against suspense still stands: neither taken back nor what takes one back."""
    event = store.event(renamed(journal, "evt"))
    if event is None or event.type not in (EventType.SUSPENSE_POSTED, EventType.SUSPENSE_REVERSED):
        return True
    entry = store.read(SuspenseEntry, event.about[0])
    return entry is None or entry[0].journal == journal


def _about(entry: SuspenseEntry, found: Break) -> tuple[str, ...]:
    return tuple(name for name in (entry.id, found.id, found.reconciliation_id, found.stripe) if name)
