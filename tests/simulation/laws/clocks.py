"""What time alone may do, and not before its time."""

from collections.abc import Iterable
from typing import Any

from marketplace.bidding.bid import Bid
from marketplace.contracts.contract import Contract
from marketplace.metering.session import Session
from marketplace.payouts.schedule import PayoutSchedule
from marketplace.results.result import Result
from marketplace.shared.events import Event

REVIEW_SECONDS = {"milestone": 14 * 86_400, "per_result": 7 * 86_400, "per_minute": 7 * 86_400}


def check(event: Event, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Effects of a timer are dated by when they were due; none comes early."""
    for new, old in pairs:
        if type(new) is Contract and old is not None:
            _contract(event, new, old)
        elif type(new) is Session and old is not None and new.status == "approved" != old.status:
            assert not contested(old), f"law 4: silence approved {new.id} during a contest"
            ended = (old.ended_at or 0) + REVIEW_SECONDS["per_minute"]
            assert event.at >= ended, f"law 4: silence approved {new.id} too early"
        elif type(new) is Result and new.status == "accepted":
            assert not contested(old), f"law 4: silence accepted {new.id} during a contest"
            ended = new.submitted_at + REVIEW_SECONDS["per_result"]
            assert event.at >= ended, f"law 4: silence accepted {new.id} too early"
        elif type(new) is PayoutSchedule and old is not None:
            assert event.at >= old.due_at, f"law 4: {new.id} pays out too early"
        elif type(new) is Bid and new.status == "expired" != old.status and event.type == "bid.expired":
            assert event.at >= (new.expires_at or 0), f"law 4: {new.id} expired too early"


def contested(row: Any) -> bool:
    """Whether something else decides about it."""
    contest = getattr(row, "contest", None)
    return contest is not None and contest.to_worker is None


def _contract(event: Event, new: Contract, old: Contract) -> None:
    if new.status == "cancelled" != old.status:
        assert event.at >= old.offer_ends_at, f"law 4: {new.id} lapsed too early"
    for row, earlier in zip(new.milestones, old.milestones, strict=True):
        if row.status == "approved" != earlier.status:
            assert not contested(earlier), f"law 4: silence approved {row.id} during a contest"
            ended = (earlier.submitted_at or 0) + REVIEW_SECONDS[str(new.pay.model)]
            assert event.at >= ended, f"law 4: silence approved {row.id} too early"
