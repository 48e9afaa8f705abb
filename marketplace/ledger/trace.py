"""From any id to the whole chain, cause first: call → event → journal → transfer → bank line.

The chain grows along what causes what (`caused_by`, both ways), along the ids that money passes through,
and from what a worker earned to the payouts that took it, first in, first out. It never grows through a
client, worker, contract, task or Stripe account: they stand in too many stories.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from marketplace.shared.accounts import is_available
from marketplace.shared.events import Event
from marketplace.shared.ids import is_id, prefix_of, renamed
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import JOURNAL_PREFIX

EVENTS_MAX = 200
"""A chain is cut there."""
HISTORY_MAX = 50
"""Of a longer history, so many events are followed from each of its ends."""
ID_LENGTH_MAX = 100

KINDS = {
    "top": "top_up",
    "pi": "payment_intent",
    "ch": "charge",
    "py": "charge",
    "txn": "balance_transaction",
    "ref": "refund",
    "re": "card_refund",
    "chb": "chargeback",
    "dp": "card_dispute",
    "du": "card_dispute",
    "ses": "session",
    "mil": "milestone",
    "res": "result",
    "bon": "bonus",
    "pay": "payout",
    "tr": "transfer",
    "trr": "transfer_reversal",
    "po": "bank_payout",
    "rec": "reconciliation",
}
"""What an id's prefix stands for, in the order in which money passes them."""

REQUEST = "request"
"""The kind of link whose detail is the name of an HTTP operation."""

_RANK = {prefix: rank for rank, prefix in enumerate(KINDS)}
_EVENT_PREFIX = "evt"


@dataclass(frozen=True)
class Link:
    """One step of the chain; `at` is business time, epoch seconds."""

    kind: str
    id: str
    at: int
    detail: str


class Histories(Protocol):
    """What the trail and the events table can tell."""

    def events_about(self, identifier: str, limit: int) -> list[str]:
        """The ids of the events in its history: the first `limit` of them, and the last."""
        ...

    def events(self, identifiers: Iterable[str]) -> list[Event]:
        """Those that are there, in the order in which they were committed."""
        ...

    def drawn_by(self, account: str, currency: str, event_id: str) -> list[str]:
        """The ids of the events that took what this event brought to a worker's `account`."""
        ...


def trace(identifier: str, histories: Histories) -> list[Link]:
    """The chain around `identifier`, empty when nobody knows it."""
    found: dict[str, Event] = {}
    seen, frontier = {identifier}, [identifier]
    while frontier and len(found) < EVENTS_MAX:
        wanted = {event for identifier in frontier for event in _events_of(identifier, histories)}
        fresh = histories.events(sorted(wanted - found.keys()))
        found |= {event.id: event for event in fresh[: EVENTS_MAX - len(found)]}
        leads = dict.fromkeys(lead for event in fresh for lead in (*_leads(event), *_drawn(event, histories)))
        frontier = [lead for lead in leads if lead not in seen]
        seen.update(frontier)
    return list(_chain(histories.events(found)))


def _events_of(identifier: str, histories: Histories) -> list[str]:
    about = histories.events_about(identifier, HISTORY_MAX)
    if is_id(identifier, JOURNAL_PREFIX):
        about.append(renamed(identifier, _EVENT_PREFIX))
    elif is_id(identifier, _EVENT_PREFIX):
        about.append(identifier)
    return about


def _named(event: Event) -> list[str]:
    """The ids of the money's way that the event names, in the order in which money passes them."""
    references = event.journal.references if event.journal else ()
    named = [name for name in (*event.about, *references) if prefix_of(name) in KINDS]
    return sorted(dict.fromkeys(named), key=lambda name: _RANK[prefix_of(name)])


def _leads(event: Event) -> list[str]:
    leads = [event.id, event.caused_by, event.request_id, *_named(event)]
    return [lead for lead in leads if lead]


def _drawn(event: Event, histories: Histories) -> Iterator[str]:
    """What became of the money that the event brought to workers."""
    if event.journal is not None:
        for posting in event.journal.postings:
            if posting.credit and is_available(posting.account):
                yield from histories.drawn_by(posting.account, event.journal.currency, event.id)


def _chain(events: Iterable[Event]) -> Iterator[Link]:
    """The links of the events in their order, each id where it first appears."""
    shown: set[str] = set()
    for event in events:
        for link in _links(event):
            if link.id not in shown:
                shown.add(link.id)
                yield link


def _links(event: Event) -> Iterator[Link]:
    if event.call:
        yield Link(REQUEST, event.request_id, event.at, event.call)
    yield Link("event", event.id, event.at, f"{event.type} by {event.actor}")
    if event.journal is not None:
        amount = max(max(posting.debit, posting.credit) for posting in event.journal.postings)
        detail = f"{event.journal.description}: {amount} {event.journal.currency} in minor units"
        yield Link("journal", event.journal.id, event.journal.at, detail)
    for name in _named(event):
        yield Link(KINDS[prefix_of(name)], name, event.at, str(event.type))
