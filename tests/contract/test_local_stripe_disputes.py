"""The local Stripe's disputes, through the real library over HTTP: the money, the answer, the outcome."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import NotPossible
from tests.contract.disputing import answered, disputed, now
from tests.contract.local_stripe import DAY, START, LocalStripe, refusal

WORK = "https://docs.stripe.com/disputes/how-disputes-work"
RESPOND = "https://docs.stripe.com/disputes/responding"
TESTING = "https://docs.stripe.com/testing#disputes"
UPDATE = "https://docs.stripe.com/api/disputes/update"
NET = 10_000 - 320


# --- a dispute begins


@pytest.mark.stripe_rule(TESTING)
@pytest.mark.parametrize(
    ("card", "reason", "network_code"),
    [
        ("pm_card_createDispute", "fraudulent", "10.4"),
        ("pm_card_createDisputeProductNotReceived", "product_not_received", "13.1"),
    ],
)
def test_a_disputing_card_s_payment_succeeds_and_is_disputed_a_moment_later(
    here: LocalStripe, card: str, reason: str, network_code: str
) -> None:
    intent = here.confirmed(card)
    assert (intent.status, here.client.v1.disputes.list().data) == ("succeeded", [])
    here.after(2)
    [dispute] = here.client.v1.disputes.list({"charge": str(intent.latest_charge)}).data
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", reason, 10_000)
    assert (dispute.payment_intent, dispute.charge) == (intent.id, intent.latest_charge)
    details: Any = dispute.payment_method_details
    assert (details.card.case_type, details.card.network_reason_code) == ("chargeback", network_code)
    assert here.client.v1.charges.retrieve(str(intent.latest_charge)).disputed
    assert here.event_types()[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


@pytest.mark.stripe_rule(WORK)
@pytest.mark.parametrize(
    ("currency", "card_fee", "fee"), [("usd", 320, 1_500), ("jpy", 330, 1_500), ("kwd", 380, 4_500)]
)
def test_a_dispute_takes_amount_and_dispute_fee_from_the_available_balance_at_once(
    here: LocalStripe, currency: str, card_fee: int, fee: int
) -> None:
    charge = here.paid(currency=currency)
    dispute = here.simulator.dispute(str(charge.payment_intent))
    transaction = here.transactions()[0]
    assert (transaction.amount, transaction.fee, transaction.net) == (-10_000, fee, -10_000 - fee)
    assert (transaction.type, transaction.reporting_category) == ("adjustment", "dispute")
    assert (transaction.status, transaction.source) == ("available", dispute["id"])
    assert [detail.description for detail in transaction.fee_details] == ["Dispute fee"]
    assert [row["id"] for row in dispute["balance_transactions"]] == [transaction.id]
    assert here.balance() == {currency: (-10_000 - fee, 10_000 - card_fee)}


@pytest.mark.stripe_rule(WORK)
def test_a_holder_can_dispute_a_part_of_a_payment_and_the_rest_can_be_refunded(here: LocalStripe) -> None:
    charge = here.paid()
    dispute = here.simulator.dispute(str(charge.payment_intent), 6_000, "duplicate")
    assert (dispute["amount"], dispute["reason"]) == (6_000, "duplicate")
    assert dispute["is_charge_refundable"]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.refunds.create({"charge": charge.id, "amount": 4_001})
    assert refusal(refused) == (400, None, "amount")
    assert here.client.v1.refunds.create({"charge": charge.id}).amount == 4_000
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.refunds.create({"charge": charge.id})
    assert refusal(refused) == (400, "charge_disputed", None)


@pytest.mark.stripe_rule("https://docs.stripe.com/refunds")
def test_a_payment_refunded_in_full_cannot_be_disputed_and_one_refunded_in_part_for_the_rest(
    here: LocalStripe,
) -> None:
    charge = here.paid()
    here.client.v1.refunds.create({"charge": charge.id, "amount": 4_000})
    with pytest.raises(NotPossible, match="6000 is left"):
        here.simulator.dispute(str(charge.payment_intent), 6_001)
    refunded = here.paid()
    here.client.v1.refunds.create({"charge": refunded.id})
    with pytest.raises(NotPossible, match="0 is left"):
        here.simulator.dispute(str(refunded.payment_intent))
    assert here.simulator.dispute(str(charge.payment_intent))["amount"] == 6_000


def test_what_took_no_money_is_disputed_already_or_has_no_reason_of_stripe_s_cannot_be_disputed(
    here: LocalStripe,
) -> None:
    paid = str(here.paid().payment_intent)
    held = here.confirmed("pm_card_visa", capture_method="manual")
    here.simulator.dispute(paid, 1_000)
    for intent, reason in (
        (here.intent().id, "general"),
        (held.id, "general"),
        (paid, "general"),
        (paid, ""),
    ):
        with pytest.raises(NotPossible):
            here.simulator.dispute(intent, reason=reason)


def test_the_open_dispute_of_a_payment_is_found_until_it_is_over(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_visa").id
    assert here.simulator.open_dispute(intent) is None
    dispute = here.simulator.dispute(intent)
    assert here.event_types()[-3:] == [
        "charge.updated",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    ]
    assert here.simulator.open_dispute(intent) == dispute
    here.simulator.settle_dispute(dispute["id"], won=False)
    assert here.simulator.open_dispute(intent) is None


@pytest.mark.stripe_rule(TESTING)
def test_a_disputing_card_is_not_disputed_while_it_is_only_authorized(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_createDispute", capture_method="manual")
    here.after(10)
    assert here.client.v1.disputes.list().data == []
    here.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 7_000})
    here.after(1)
    assert [dispute.amount for dispute in here.client.v1.disputes.list().data] == [7_000]


# --- it is answered


@pytest.mark.stripe_rule(UPDATE)
def test_evidence_can_be_staged_before_it_is_submitted(here: LocalStripe) -> None:
    dispute = disputed(here)
    staged = answered(here, dispute, "they came", submit=False, metadata={"case": "7"})
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    assert staged.evidence_details.submission_count == 0
    sent = here.client.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Ada"}})
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert (sent.evidence.uncategorized_text, sent.evidence.customer_name) == ("they came", "Ada")
    assert (sent.metadata.to_dict(), sent.evidence_details.past_due) == ({"case": "7"}, False)
    assert here.event_types()[-2:] == ["charge.dispute.updated"] * 2


@pytest.mark.stripe_rule(RESPOND)
def test_evidence_is_submitted_only_once(here: LocalStripe) -> None:
    dispute = disputed(here)
    answered(here, dispute, "they came")
    with pytest.raises(stripe.InvalidRequestError, match="already been submitted") as refused:
        answered(here, dispute, "and stayed")
    assert refusal(refused) == (400, None, None)
    here.client.v1.disputes.update(dispute.id, {"metadata": {"still": "possible"}})


@pytest.mark.stripe_rule("https://docs.stripe.com/api/disputes/evidence_object")
@pytest.mark.parametrize(
    ("evidence", "param"),
    [
        ({"uncategorized_text": "x" * 20_001}, "evidence[uncategorized_text]"),
        ({"colour": "red"}, "evidence[colour]"),
        (dict.fromkeys(("access_activity_log", "cancellation_rebuttal", "product_description",
                        "refund_policy_disclosure", "refund_refusal_explanation", "uncategorized_text",
                        "cancellation_policy_disclosure", "duplicate_charge_explanation"), "x" * 20_000),
         "evidence"),
    ],
)  # fmt: skip
def test_evidence_that_is_unknown_or_too_long_is_refused(
    here: LocalStripe, evidence: Any, param: str
) -> None:
    dispute = disputed(here)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.disputes.update(dispute.id, {"evidence": evidence})
    assert refusal(refused)[2] == param
    assert now(here, dispute).status == "needs_response"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/disputes/close")
def test_accepting_a_dispute_loses_it_at_once_and_moves_no_more_money(here: LocalStripe) -> None:
    dispute = disputed(here)
    before = here.balance()
    assert here.client.v1.disputes.close(dispute.id).status == "lost"
    assert here.event_types()[-1] == "charge.dispute.closed"
    assert here.balance() == before == {"usd": (-11_500, NET)}


@pytest.mark.stripe_rule(RESPOND)
def test_a_dispute_not_answered_in_time_is_lost(here: LocalStripe) -> None:
    dispute = disputed(here)
    due_by = dispute.evidence_details.due_by
    assert due_by is not None
    assert (due_by + 1) % DAY == 0, "the last second of a day"
    assert 7 * DAY < due_by - START < 21 * DAY
    here.after(due_by - here.clock.at)
    assert now(here, dispute).status == "needs_response"
    here.after(1)
    assert now(here, dispute).status == "lost"


def test_a_dispute_under_review_is_not_lost_by_time(here: LocalStripe) -> None:
    dispute = disputed(here)
    answered(here, dispute, "they came")
    here.after(60 * DAY)
    assert now(here, dispute).status == "under_review"
