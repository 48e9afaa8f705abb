"""A deadline holds to the second, whether its timer has fired yet or not."""

from dataclasses import replace

import pytest

from marketplace.bidding.bid import Bid
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.money import Money
from marketplace.work.terms import Pay, PayModel

PRICE = Money(100, "USD")
OFFER = Contract(
    id="con_1",
    task_id="task_1",
    bid_id="bid_1",
    client_id="cli_1",
    worker_id="wrk_1",
    title="Chat",
    pay=Pay(PayModel.MILESTONE, budget=PRICE),
    fee_basis_points=1_000,
    review_seconds=100,
    created_at=0,
    offer_ends_at=100,
)
BID = Bid("bid_1", "task_1", "cli_1", "wrk_1", PRICE, (), "", 0, "p", expires_at=100)
HANDED_IN = Milestone("mil_1", "All", 100, MilestoneStatus.FUNDED).submitted(
    at=0, review_seconds=100, submission="evt_1"
)


def test_an_offer_is_accepted_until_it_lapses() -> None:
    assert OFFER.accepted(99).accepted_at == 99
    with pytest.raises(IllegalTransition):
        OFFER.accepted(100)


def test_changes_are_asked_for_until_silence_approves() -> None:
    assert HANDED_IN.changes_requested(99, "evt_1").status == MilestoneStatus.FUNDED
    with pytest.raises(IllegalTransition):
        HANDED_IN.changes_requested(100, "evt_1")


@pytest.mark.parametrize("step", ["award", "shortlist", "decline", "withdraw"])
def test_a_bid_is_decided_until_it_expires(step: str) -> None:
    assert BID.stepped(step, 99) != BID
    assert replace(BID, expires_at=None).stepped(step, 10**9) != BID
    with pytest.raises(IllegalTransition, match="expired"):
        BID.stepped(step, 100)
    assert BID.stepped("expire", 100).status == "expired"
