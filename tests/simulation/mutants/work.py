"""Bugs in seats, sessions, reviews, clocks and ratings."""

from chalicelib.work import bids as bids_work
from chalicelib.work import reputation as reputation_work
from marketplace.bidding import use_cases as bidding
from marketplace.bidding.bid import Bid
from marketplace.contracts import endings, minutes, offers
from marketplace.contracts.contract import Contract
from marketplace.contracts.minutes import Minutes
from marketplace.metering import corrections, reviews
from marketplace.metering import use_cases as metering
from marketplace.metering.session import Session
from marketplace.metering.worker_clock import WorkerClock
from marketplace.reputation import use_cases as reputation
from marketplace.shared import money
from marketplace.work.task import Task
from tests.simulation.mutants import Mutant, holding, rewritten

MUTANTS = (
    Mutant("a seat is not taken", (rewritten(Task.seat_taken, "self.seats_left - 1", "self.seats_left"),)),
    Mutant(
        "a fallen offer keeps its seat",
        (rewritten(offers.end_offer, ".seat_returned()", ""),),
    ),
    Mutant(
        "a lapsed offer can be accepted",
        (rewritten(Contract.accepted, "at >= self.offer_ends_at", "False"),),
    ),
    Mutant(
        "a contract's timer does not look at its clock",
        (rewritten(endings.wake_contract, "tx.due(", "tx.find("),),
    ),
    Mutant(
        "a session's timer does not look at its clock",
        (rewritten(metering.wake_session, "tx.due(", "tx.find("),),
    ),
    Mutant("a bid lives for ever", (rewritten(Bid.is_live, "self.status in _LIVE", "False"),)),
    Mutant(
        "a closed task leaves its bids standing",
        (rewritten(bidding.let_go, "bid.is_live and task.status == TaskStatus.CLOSED", "False"),),
    ),
    Mutant(
        "a filled task gives its bids no end",
        (rewritten(bidding.let_go, "bid.expires_after(until)", "False"),),
    ),
    Mutant(
        "a bid that was given an end forgets it",
        (rewritten(bidding.wake_bid, "ends and task.takes_bids(tx.now)", "ends"),),
    ),
    Mutant(
        "a bid never looks whether its task is closed",
        (rewritten(bidding.wake_bid, "ends or task.status == TaskStatus.CLOSED", "ends"),),
        shown_by="a bid is made as its task closes",
    ),
    Mutant(
        "a bid never looks whether its task is filled",
        (rewritten(bidding.wake_bid, "task.status == TaskStatus.FILLED", "False"),),
        shown_by="a bid is made as its task is filled",
    ),
    Mutant(
        "bids beyond one message's are forgotten",
        (
            holding(bids_work, "BIDS_PER_MESSAGE", 1),
            rewritten(bids_work.work, "len(bids) > BIDS_PER_MESSAGE", "False"),
        ),
    ),
    Mutant(
        "a heartbeat after the end is counted",
        (
            rewritten(
                metering.record_heartbeat,
                "settle(own_session(command.session_id, tx, worker_id=command.worker_id), tx)",
                "own_session(command.session_id, tx, worker_id=command.worker_id)",
            ),
        ),
    ),
    Mutant(
        "stopping proves the silence before it",
        (
            rewritten(
                metering.stop_session,
                "settle(own_session(command.session_id, tx, worker_id=command.worker_id), tx)",
                "own_session(command.session_id, tx, worker_id=command.worker_id)",
            ),
        ),
    ),
    Mutant(
        "silence bills to its discovery",
        (rewritten(Session.settled, "self.last_proven_at, EndReason.SILENCE", "at, EndReason.SILENCE"),),
    ),
    Mutant(
        "the limit bills to its discovery",
        (rewritten(Session.settled, "self._ended(self.limit_at", "self._ended(at"),),
    ),
    Mutant(
        "the phone's clock is believed",
        (rewritten(Session.effective, "min(arrival, phone_at + self.clock_offset)", "phone_at"),),
    ),
    Mutant(
        "an old heartbeat takes proof back",
        (
            rewritten(
                Session.proven_by,
                "max(self.last_proven_at, self.effective(phone_at, arrival))",
                "self.effective(phone_at, arrival)",
            ),
        ),
    ),
    Mutant(
        "a worker may be clocked in twice",
        (rewritten(WorkerClock.clocked_in, "if self.running and", "if False and"),),
    ),
    Mutant(
        "a session may begin before the last one ended",
        (
            rewritten(
                metering.start_session,
                "max(tx.now, taken_until(previous)) if previous else tx.now",
                "tx.now - 5",
            ),
        ),
    ),
    Mutant(
        "increments are rounded down",
        (rewritten(minutes.rounded_up, "-(-worked // increment_seconds)", "worked // increment_seconds"),),
    ),
    Mutant(
        "a cap is no cap",
        (rewritten(Minutes.billable_seconds, "min(rounded, self.seconds_left)", "rounded"),),
    ),
    Mutant("halves are rounded to even", (holding(money, "ROUND_HALF_UP", "ROUND_HALF_EVEN"),)),
    Mutant(
        "a dispute pays everything",
        (rewritten(Session.disputed, "self.terms.price(accepted), ", "self.gross, "),),
    ),
    Mutant(
        "a correction pays what is paid",
        (rewritten(corrections.accept_correction, "tx, earlier=session.paid)", "tx, earlier=0)"),),
        shown_by="offline minutes of a session that is paid",
    ),
    Mutant(
        "approval pays the fee twice",
        (
            rewritten(
                reviews._pay,
                "description, tx, earlier=before.paid)",
                "description, tx, earlier=0)",
            ),
        ),
        shown_by="the client accepts the first seconds",
    ),
    Mutant(
        "the first rating is shown at once",
        (
            rewritten(
                reputation.give_rating, "(rating,) if other is None", "(rating.shown(),) if other is None"
            ),
        ),
    ),
    Mutant(
        "a rating is counted for every message",
        (
            rewritten(
                reputation_work.work,
                "_fold(_counted(rating_id),",
                "_fold((*_counted(rating_id), event.id),",
            ),
        ),
    ),
    Mutant("a hidden rating stays hidden", (rewritten(reputation.wake_rating, "rating is None", "True"),)),
)
