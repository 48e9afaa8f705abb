"""The local Stripe's controls: what people, banks and Stripe itself can be made to do, as paths with JSON."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import InvalidControl, NotPossible, StripeControls, UnknownControl, UnknownObject
from tests.contract.local_stripe import DAY, LocalStripe, on


def play(here: LocalStripe, path: str, **body: Any) -> Any:
    return StripeControls(here.simulator).play("POST", path, body)


def paid_intent(here: LocalStripe) -> str:
    return str(here.paid(10_000).payment_intent)


def dispute_of(here: LocalStripe, intent: str) -> stripe.Dispute:
    [dispute] = here.client.v1.disputes.list({"payment_intent": intent}).data
    return dispute


@pytest.mark.parametrize("outcome", ["needs_response", "won", "lost"])
def test_a_payment_is_disputed_with_an_outcome_in_one_call(here: LocalStripe, outcome: str) -> None:
    intent = paid_intent(here)
    answered = play(here, "/disputes", payment_intent=intent, outcome=outcome, amount=4_000)
    dispute = dispute_of(here, intent)
    assert answered == {"id": dispute.id, "status": outcome}
    assert (dispute.amount, dispute.status) == (4_000, outcome)


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_an_open_dispute_is_settled_rather_than_a_second_one_opened(here: LocalStripe, outcome: str) -> None:
    intent = paid_intent(here)
    opened = play(here, "/disputes", payment_intent=intent, outcome="needs_response")
    assert play(here, "/disputes", payment_intent=intent, outcome=outcome) == {
        "id": opened["id"],
        "status": outcome,
    }
    assert dispute_of(here, intent).amount == 10_000


def test_an_open_dispute_takes_no_other_amount(here: LocalStripe) -> None:
    intent = paid_intent(here)
    play(here, "/disputes", payment_intent=intent, outcome="needs_response")
    with pytest.raises(NotPossible, match="amount"):
        play(here, "/disputes", payment_intent=intent, outcome="lost", amount=1)
    with pytest.raises(NotPossible):
        play(here, "/disputes", payment_intent=intent, outcome="needs_response")
    assert dispute_of(here, intent).status == "needs_response"


def test_a_payment_that_was_never_made_cannot_be_disputed(here: LocalStripe) -> None:
    with pytest.raises(NotPossible):
        play(here, "/disputes", payment_intent=here.intent().id, outcome="lost")
    with pytest.raises(UnknownObject):
        play(here, "/disputes", payment_intent="pi_none", outcome="lost")


@pytest.mark.parametrize(("succeeds", "status"), [(True, "succeeded"), (False, "requires_payment_method")])
def test_the_card_holder_authenticates_or_fails_to(here: LocalStripe, *, succeeds: bool, status: str) -> None:
    intent = here.confirmed("pm_card_authenticationRequired")
    answered = play(here, f"/payment-intents/{intent.id}/authenticate", succeeds=succeeds)
    assert answered == {"id": intent.id, "status": status}


def test_a_bank_sends_a_refund_back(here: LocalStripe) -> None:
    here.funded()
    refund = here.client.v1.refunds.create({"charge": here.paid(5_000).id})
    answered = play(here, f"/refunds/{refund.id}/fail", failure_reason="expired_or_canceled_card")
    assert answered == {"id": refund.id, "status": "failed"}
    with pytest.raises(NotPossible):
        play(here, f"/refunds/{refund.id}/fail", failure_reason="expired_or_canceled_card")


def test_stripe_asks_an_account_for_more_by_a_deadline(here: LocalStripe) -> None:
    worker = here.verified_worker()
    wish = "individual.verification.document"
    assert play(here, f"/accounts/{worker}/require", requirement=wish, deadline_seconds=DAY)["id"] == worker
    asked = here.client.v1.accounts.retrieve(worker).requirements
    assert asked is not None
    assert (asked.currently_due, asked.current_deadline) == ([wish], here.clock.at + DAY)
    here.after(DAY)
    assert here.client.v1.accounts.retrieve(worker).payouts_enabled is False
    play(here, f"/accounts/{worker}/verify")
    assert here.client.v1.accounts.retrieve(worker).payouts_enabled is True


def test_an_owner_names_another_bank_account_is_rejected_or_leaves(here: LocalStripe) -> None:
    worker = here.verified_worker()
    play(here, f"/accounts/{worker}/bank", currency="usd")
    play(here, f"/accounts/{worker}/reject", reason="fraud")
    assert here.client.v1.accounts.retrieve(worker).payouts_enabled is False
    play(here, f"/accounts/{worker}/disconnect")
    with pytest.raises(stripe.PermissionError):
        here.client.v1.accounts.retrieve(worker)


def test_an_account_s_control_answers_what_the_account_may_do(here: LocalStripe) -> None:
    account = here.worker().id
    able = {"id": account, "charges_enabled": True, "payouts_enabled": True, "disabled_reason": None}
    assert play(here, f"/accounts/{account}/verify") == able
    unable = {"charges_enabled": False, "payouts_enabled": False}
    asked = play(here, f"/accounts/{account}/require", requirement="company.tax_id", deadline_seconds=0)
    assert asked == {"id": account, **unable, "disabled_reason": "requirements.past_due"}
    rejected = play(here, f"/accounts/{account}/reject", reason="other")
    assert rejected == {"id": account, **unable, "disabled_reason": "rejected.other"}


def test_a_payout_fails(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 1_000)
    answered = play(here, f"/payouts/{payout.id}/fail", failure_code="account_closed")
    assert answered == {"id": payout.id, "status": "failed"}
    assert here.client.v1.payouts.retrieve(payout.id, options=on(worker)).failure_code == "account_closed"


@pytest.mark.parametrize(
    ("path", "body", "names"),
    [
        ("/disputes", {}, {"payment_intent", "outcome"}),
        ("/disputes", {"payment_intent": "pi_1", "outcome": "drawn"}, {"outcome"}),
        ("/disputes", {"payment_intent": "pi_1", "outcome": "won", "amount": 0}, {"amount"}),
        ("/disputes", {"payment_intent": "pi_1", "outcome": "won", "amount": 1.5}, {"amount"}),
        ("/payouts/po_1/fail", {}, {"failure_code"}),
        ("/payouts/po_1/fail", {"failure_code": "x" * 201}, {"failure_code"}),
        ("/payouts/po_1/fail", {"failure_code": "a\nb"}, {"failure_code"}),
        ("/payouts/po_1/fail", {"failure_code": 1, "why": "x"}, {"failure_code", "why"}),
        ("/payment-intents/pi_1/authenticate", {"succeeds": "yes"}, {"succeeds"}),
        ("/accounts/acct_1/require", {"requirement": "x", "deadline_seconds": -1},
         {"requirement", "deadline_seconds"}),
        ("/accounts/acct_1/require", {"requirement": "individual"}, {"requirement"}),
        ("/accounts/acct_1/reject", {"reason": "mood"}, {"reason"}),
        ("/accounts/acct_1/bank", {"currency": "dollars"}, {"currency"}),
        ("/disputes", {"payment_intent": "pi_1", "outcome": "won", "reason": "mood"}, {"reason"}),
        ("/payouts/po_1/fail", {"failure_code": "mood"}, {"failure_code"}),
        ("/refunds/re_1/fail", {"failure_reason": "mood"}, {"failure_reason"}),
        ("/faults", {"endpoint": "*", "kind": "unavailable"}, {"count", "probability"}),
        ("/faults", {"endpoint": "*", "kind": "rate_limit", "count": 0, "seconds": 1}, {"count", "seconds"}),
        ("/faults", {"endpoint": "nowhere", "kind": "rate_limit", "count": 1}, {"endpoint"}),
        ("/rate-limits", {"per_second": 0, "per_endpoint": -1}, {"per_second", "per_endpoint"}),
        ("/webhooks", {"drop": 2, "delay_seconds": 0}, {"drop", "delay_seconds"}),
        ("/webhooks", {"types": ["charge.*", "nothing.*"]}, {"types"}),
        ("/accounts/acct_1/verify", {"now": True}, {"now"}),
        ("/webhooks", {"types": ["a", 1]}, {"types"}),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_with_a_body_is_said_at_once(
    here: LocalStripe, path: str, body: Any, names: set[str]
) -> None:
    with pytest.raises(InvalidControl) as refused:
        play(here, path, **body)
    assert {name for name, _ in refused.value.faults} == names


@pytest.mark.parametrize(
    "requirement",
    ["external_account", "business_type", "tos_acceptance.date", "company.address.postal_code",
     "person_1Abc.verification.document", "individual.verification.additional_document"],
)  # fmt: skip
def test_stripe_can_ask_for_what_it_asks_for(here: LocalStripe, requirement: str) -> None:
    worker = here.verified_worker()
    play(here, f"/accounts/{worker}/require", requirement=requirement)
    asked = here.client.v1.accounts.retrieve(worker).requirements
    assert asked is not None
    assert asked.currently_due == [requirement]


def test_a_null_is_as_good_as_nothing(here: LocalStripe) -> None:
    assert play(here, "/rate-limits", per_second=None, per_endpoint=3) == {
        "per_second": None,
        "per_endpoint": 3,
    }
    with pytest.raises(InvalidControl, match="failure_code: is required"):
        play(here, "/payouts/po_1/fail", failure_code=None)


@pytest.mark.parametrize("path", ["", "/", "pay", "/pay", "/pay/pi_1/x", "/faults/", "/accounts/acct_1"])
def test_what_is_no_control_is_unknown(here: LocalStripe, path: str) -> None:
    with pytest.raises(UnknownControl):
        play(here, path)
