"""What finance's files count as what."""

from marketplace.exports import rows
from marketplace.ledger import postings
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id, renamed
from marketplace.shared.journal import Journal

WORKER = new_id("wrk")


def posted(event_type: EventType, *parts: postings.Postings) -> tuple[Event, Journal]:
    event = Event(new_id("evt"), event_type, 1_790_000_000, "payouts", new_id("req"), about=(WORKER,))
    lines = tuple(line for part in parts for line in part if line.debit or line.credit)
    return event, Journal(renamed(event.id, "jrn"), "USD", event.at, "", lines)


def test_a_withdrawal_and_its_fee_are_no_earnings_however_it_ends() -> None:
    """Ten dollars are asked for at once, for fifty cents, and go the standard way, or not at all."""
    asked = posted(EventType.PAYOUT_REQUESTED, postings.payout_requested(WORKER, 950, fee=50))
    refused = posted(EventType.PAYOUT_WAITING, postings.instant_fee_returned(WORKER, 50))
    returned = posted(EventType.PAYOUT_FAILED, postings.instant_fee_returned(WORKER, 50))
    undone = posted(EventType.PAYOUT_CANCELLED, postings.payout_undone(WORKER, 950, fee=50))
    for life in ((asked,), (asked, refused), (asked, returned), (asked, undone)):
        assert list(rows.earnings(life).rows) == []
