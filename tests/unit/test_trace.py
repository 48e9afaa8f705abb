"""A trace runs from the cause to the bank line, and never through somebody's whole life."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from marketplace.ledger.trace import EVENTS_MAX, trace
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import derived_id
from marketplace.shared.journal import Journal, Posting
from marketplace.shared.transaction import journal_id


@dataclass
class Book:
    """Histories in memory: events in the order in which they were written."""

    written: list[Event] = field(default_factory=list)

    def write(
        self,
        event_type: EventType,
        *about: str,
        call: str = "",
        caused_by: str = "",
        references: tuple[str, ...] | None = None,
    ) -> Event:
        event_id = derived_id("evt", str(len(self.written)))
        journal = None
        if references is not None:
            postings = (Posting("platform:bank", debit=5), Posting("platform:stripe", credit=5))
            journal = Journal(journal_id(event_id), "USD", 9, "moved", postings, references)
        event = Event(
            id=event_id,
            type=event_type,
            at=9,
            actor="somebody",
            request_id=derived_id("req", event_id),
            about=about,
            caused_by=caused_by,
            call=call,
            journal=journal,
        )
        self.written.append(event)
        return event

    def events_about(self, identifier: str, limit: int) -> list[str]:
        found = []
        for event in self.written:
            references = event.journal.references if event.journal else ()
            if identifier in (*event.about, *references, event.request_id, event.caused_by):
                found.append(event.id)
        return found[:limit]

    def events(self, identifiers: Iterable[str]) -> list[Event]:
        wanted = set(identifiers)
        return [event for event in self.written if event.id in wanted]

    def drawn_by(self, account: str, currency: str, event_id: str) -> list[str]:
        return [event.id for event in self.written if event.details.get("took") == event_id]

    def kinds(self, identifier: str) -> list[str]:
        return [link.kind for link in trace(identifier, self)]


def payout_story(book: Book) -> Event:
    asked = book.write(EventType.PAYOUT_REQUESTED, "pay_1", "wrk_1", call="request_payout", references=())
    book.write(
        EventType.PAYOUT_SENT,
        "pay_1",
        "wrk_1",
        "tr_1",
        "po_1",
        caused_by=asked.id,
        references=("tr_1", "po_1"),
    )
    heard = book.write(EventType.STRIPE_EVENT_RECEIVED, "po_1", "acct_1")
    book.write(
        EventType.PAYOUT_PAID, "pay_1", "wrk_1", "tr_1", "po_1", caused_by=heard.id, references=("po_1",)
    )
    return asked


def test_a_payout_traces_from_the_call_to_the_bank_line() -> None:
    book = Book()
    asked = payout_story(book)
    expected = ["request", "event", "journal", "payout", "event", "journal", "transfer", "bank_payout"]
    expected += ["event", "event", "journal"]
    links = trace("pay_1", book)
    assert [link.kind for link in links] == expected
    assert links[0].id == asked.request_id
    assert links[0].detail == "request_payout"


def test_every_id_of_the_chain_leads_to_the_same_chain() -> None:
    book = Book()
    asked = payout_story(book)
    whole = trace("pay_1", book)
    for identifier in ("tr_1", "po_1", asked.id, asked.request_id, journal_id(asked.id)):
        assert trace(identifier, book) == whole


def test_a_chain_does_not_grow_through_the_worker() -> None:
    book = Book()
    payout_story(book)
    book.write(EventType.PAYOUT_REQUESTED, "pay_2", "wrk_1", references=())
    assert "pay_2" not in {link.id for link in trace("pay_1", book)}


def test_an_id_that_nobody_knows_has_no_chain() -> None:
    book = Book()
    payout_story(book)
    assert trace("pay_9", book) == []
    assert trace(derived_id("evt", "never"), book) == []


def test_a_chain_has_an_end_however_long_the_history() -> None:
    book = Book()
    for number in range(EVENTS_MAX * 2):
        book.write(EventType.PAYOUT_WAITING, f"pay_{number}", f"pay_{number + 1}")
    assert book.kinds("pay_0").count("event") <= EVENTS_MAX
