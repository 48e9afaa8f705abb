"""How the local Stripe's disputes and inquiries end, through the real library over HTTP."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import NotPossible
from tests.contract.disputing import answered, disputed, now
from tests.contract.local_stripe import DAY, LocalStripe, refusal

WORK = "https://docs.stripe.com/disputes/how-disputes-work"
RESPOND = "https://docs.stripe.com/disputes/responding"
TESTING = "https://docs.stripe.com/testing#disputes"
NET = 10_000 - 320


# --- it is decided


@pytest.mark.stripe_rule(TESTING)
@pytest.mark.parametrize(("text", "outcome"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_in_test_mode_the_text_of_the_evidence_decides_a_dispute(
    here: LocalStripe, text: str, outcome: str
) -> None:
    dispute = disputed(here)
    assert answered(here, dispute, text).status == "under_review"
    here.after(5)
    assert now(here, dispute).status == outcome
    assert here.event_types()[-1] == "charge.dispute.closed"


@pytest.mark.stripe_rule(RESPOND)
def test_a_won_dispute_brings_the_amount_back_and_never_the_dispute_fee(here: LocalStripe) -> None:
    charge = here.paid()
    dispute = here.simulator.dispute(str(charge.payment_intent))
    won = here.simulator.settle_dispute(dispute["id"], won=True)
    assert (won["status"], won["is_charge_refundable"]) == ("won", True)
    reversal = here.transactions()[0]
    assert (reversal.amount, reversal.fee, reversal.net) == (10_000, 0, 10_000)
    assert (reversal.type, reversal.reporting_category) == ("adjustment", "dispute_reversal")
    assert [row["amount"] for row in won["balance_transactions"]] == [-10_000, 10_000]
    assert here.balance() == {"usd": (-1_500, NET)}
    assert here.event_types()[-2:] == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]


@pytest.mark.stripe_rule("https://docs.stripe.com/api/disputes/object")
def test_after_a_won_dispute_the_charge_can_be_refunded_and_still_says_it_was_disputed(
    here: LocalStripe,
) -> None:
    charge = here.paid()
    dispute = here.simulator.dispute(str(charge.payment_intent))
    here.simulator.settle_dispute(dispute["id"], won=True)
    assert here.client.v1.refunds.create({"charge": charge.id}).amount == 10_000
    assert here.client.v1.charges.retrieve(charge.id).disputed


@pytest.mark.stripe_rule(WORK)
def test_a_lost_dispute_moves_no_more_money_and_leaves_nothing_to_refund(here: LocalStripe) -> None:
    charge = here.paid()
    dispute = here.simulator.dispute(str(charge.payment_intent))
    count = len(here.transactions())
    here.simulator.settle_dispute(dispute["id"], won=False)
    assert len(here.transactions()) == count
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.refunds.create({"charge": charge.id})
    assert refusal(refused) == (400, "charge_disputed", None)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/disputes/close")
def test_a_closed_dispute_cannot_be_answered_accepted_or_decided(here: LocalStripe) -> None:
    dispute = disputed(here)
    here.client.v1.disputes.close(dispute.id)
    for act in (here.client.v1.disputes.close, here.client.v1.disputes.update):
        with pytest.raises(stripe.InvalidRequestError, match="This dispute is already closed") as refused:
            act(dispute.id)
        assert refusal(refused) == (400, None, None)
    with pytest.raises(NotPossible):
        here.simulator.settle_dispute(dispute.id, won=True)


# --- inquiries


@pytest.mark.stripe_rule(WORK)
def test_an_inquiry_takes_no_money_and_leaves_the_charge_refundable(here: LocalStripe) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    assert (dispute.status, dispute.is_charge_refundable) == ("warning_needs_response", True)
    assert (dispute.balance_transactions, here.balance()) == ([], {"usd": (0, NET)})
    details: Any = dispute.payment_method_details
    assert (details.card.case_type, details.card.network_reason_code) == ("inquiry", "10")
    assert here.event_types()[-1] == "charge.dispute.created"


@pytest.mark.stripe_rule(TESTING)
@pytest.mark.parametrize("text", ["winning_evidence", "losing_evidence"])
def test_an_inquiry_answered_well_or_badly_closes_without_a_dispute(here: LocalStripe, text: str) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    assert answered(here, dispute, text).status == "warning_under_review"
    here.after(5)
    assert (now(here, dispute).status, here.balance()) == ("warning_closed", {"usd": (0, NET)})


@pytest.mark.stripe_rule(TESTING)
def test_an_inquiry_can_become_a_dispute_that_takes_the_money_and_is_answered_once_more(
    here: LocalStripe,
) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    answered(here, dispute, "escalate_inquiry_evidence")
    here.after(5)
    escalated = now(here, dispute)
    assert (escalated.status, escalated.evidence_details.submission_count) == ("needs_response", 0)
    assert [row.net for row in escalated.balance_transactions] == [-11_500]
    assert here.event_types()[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]
    answered(here, dispute, "winning_evidence")
    here.after(5)
    assert now(here, dispute).status == "won"


@pytest.mark.stripe_rule(WORK)
def test_a_full_refund_resolves_an_inquiry(here: LocalStripe) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    here.client.v1.refunds.create({"charge": str(dispute.charge), "amount": 4_000})
    assert now(here, dispute).status == "warning_needs_response"
    here.client.v1.refunds.create({"charge": str(dispute.charge)})
    assert now(here, dispute).status == "warning_closed"


@pytest.mark.stripe_rule(WORK)
def test_an_inquiry_that_goes_nowhere_closes_after_120_days(here: LocalStripe) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    here.after(dispute.created + 120 * DAY - 1 - here.clock.at)
    assert now(here, dispute).status == "warning_needs_response"
    here.after(1)
    assert now(here, dispute).status == "warning_closed"


def test_an_inquiry_into_a_payment_refunded_in_part_becomes_a_dispute_of_the_rest(here: LocalStripe) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    here.client.v1.refunds.create({"charge": str(dispute.charge), "amount": 4_000})
    escalated = here.simulator.settle_dispute(dispute.id, won=False)
    assert (escalated["amount"], escalated["balance_transactions"][0]["amount"]) == (6_000, -6_000)


def test_an_inquiry_that_becomes_a_dispute_late_keeps_the_dispute_s_due_date(here: LocalStripe) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    here.after(118 * DAY)
    due_by = here.simulator.settle_dispute(dispute.id, won=False)["evidence_details"]["due_by"]
    here.after(due_by - here.clock.at)
    assert now(here, dispute).status == "needs_response"
    here.after(1)
    assert now(here, dispute).status == "lost"


@pytest.mark.stripe_rule(RESPOND)
def test_an_inquiry_cannot_be_accepted(here: LocalStripe) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    with pytest.raises(stripe.InvalidRequestError, match="status of needs_response"):
        here.client.v1.disputes.close(dispute.id)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/disputes/object")
def test_evidence_after_the_due_date_is_marked_as_past_due(here: LocalStripe) -> None:
    dispute = disputed(here, "pm_card_createDisputeInquiry")
    here.after(30 * DAY)
    assert answered(here, dispute, "sorry, late").evidence_details.past_due
