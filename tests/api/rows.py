"""How each operation is called: which of the stage's objects its path and its body name.

A path's parameter names the object of its own name unless the row says another. A new operation needs a row;
its objects are made in tenant.py, or in stage.py if they are nobody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace.notifications.announced import TEST
from tests.people import usd


@dataclass(frozen=True)
class The:
    """An id in a body, or in a list there: the caller's object of that name, or somebody else's."""

    name: str


@dataclass(frozen=True)
class Row:
    """`names` overrides which object a path's parameter or a body's field names; `right` does so for the call
    that must be let in, or only for the role before the colon. `public` are parameters that anyone signed in,
    or of the role before the colon, may name. `own_only`: a stranger gets an empty list rather than a 404.
    `for_newcomers`: a worker needs no profile for it. `for_suspended`: it tells those who are suspended of
    that. `for_forgotten`: it tells those whose data has been erased. `for_members`: an agency's members
    may read it of their agency's work, or are told that they may not do it. `query` goes with each call."""

    body: Any = None
    names: Mapping[str, str] = field(default_factory=dict)
    right: Mapping[str, str] = field(default_factory=dict)
    public: tuple[str, ...] = ()
    own_only: bool = False
    for_newcomers: bool = False
    for_suspended: bool = False
    for_forgotten: bool = False
    for_members: bool = False
    query: Mapping[str, str] = field(default_factory=dict)


MINUTES = {"contract_id": "minute_contract_id"}
RESULTS = {"contract_id": "result_contract_id"}
DRAFT = {"task_id": "draft_id"}
OPEN = {"task_id": "task_id"}
WHY = {"reason": "because"}
ABOUT_CLIENT = {"client:rating_id": "client_rating_id"}
OWN_RATING = {"client:subject_id": "client_rating_id"}
AT = "2026-01-01T00:00:00Z"
WORKER_MAY_READ = ("worker:agreement_id", "worker:qualification_id")
EXAM = {"questions": [{"prompt": "Refund?", "choices": ["Yes", "No"], "correct": [0]}], "wait_seconds": 0}
GRANT = {"worker_id": The("worker_id"), **WHY}
SUSPENSION = {"reason_code": "other", **WHY}
DOCUMENT = {
    "kind": "insurance",
    "name": "Policy.pdf",
    "sha256": "0" * 64,
    "size_bytes": 1,
    "content_type": "application/pdf",
}
PROFILE = {"name": "Ada", "country": "US", "languages": [], "skills": [], "headline": "Chat"}
PAY = {"model": "milestone", "budget": usd(100)}
SHARE = {"worker_id": The("helper_id"), "share_basis_points": 2_000}

PEOPLE = {
    "create_client": Row({"name": "Acme", "country": "US", "email": "a@b.example"}),
    "get_own_client": Row(),
    "get_client": Row(),
    "create_own_api_key": Row({"scopes": ["work"]}),
    "create_api_key": Row({"scopes": ["work"]}),
    "list_api_keys": Row(),
    "revoke_api_key": Row(),
    "rotate_api_key": Row({"overlap_seconds": 60}),
    "publish_fee_schedule": Row({"basis_points": 1_000, "effective_at": AT}),
    "list_fee_schedules": Row(),
    "get_fee_schedule": Row(),
    "create_worker": Row(PROFILE, for_newcomers=True),
    "get_own_worker": Row(),
    "update_worker": Row({"headline": "Voice"}),
    "get_worker": Row(public=("worker_id",)),
    "create_agency": Row({"name": "Agency"}),
    "list_agencies": Row(),
    "get_agency": Row(for_members=True),
    "invite_member": Row(SHARE, public=("worker_id",), for_members=True),
    "remove_member": Row(names={"worker_id": "helper_id"}, public=("worker_id",), for_members=True),
    "join_agency": Row(for_members=True),
    "decline_agency": Row(for_members=True),
    "leave_agency": Row(for_members=True),
}
TEAMS = {
    "get_agency_profile": Row(public=("agency_id",)),
    "list_agency_contracts": Row(for_members=True),
    "create_referral_code": Row(),
    "get_referral_code": Row(),
    "name_referrer": Row({"code": The("referrer_code")}, public=("code",)),
    "get_referral": Row(),
    "list_referrals": Row(),
    "create_pool": Row({"name": "Regulars", "kind": "private"}),
    "list_pools": Row(),
    "get_pool": Row(),
    "change_pool": Row({"name": "Others"}),
    "renew_pool_code": Row(names={"pool_id": "code_pool_id"}),
    "add_pool_members": Row({"worker_ids": [The("helper_id")]}, public=("worker_ids",)),
    "list_pool_members": Row(),
    "approve_pool_member": Row(public=("worker_id",)),
    "decline_pool_member": Row(WHY, public=("worker_id",)),
    "remove_pool_member": Row(WHY, public=("worker_id",)),
    "join_pool": Row({}),
    "join_pool_by_code": Row({"code": The("pool_code")}, public=("code",)),
    "accept_pool": Row(),
    "leave_pool": Row(),
    "invite_workers": Row({"worker_ids": [The("helper_id")]}, public=("worker_ids",)),
    "list_task_invitations": Row(),
    "list_invitations": Row(),
    "decline_invitation": Row(),
    "withdraw_invitation": Row(),
}
STANDING = {
    "suspend_client": Row(SUSPENSION),
    "reinstate_client": Row(WHY),
    "get_client_suspension": Row(),
    "get_own_client_suspension": Row(for_suspended=True),
    "deactivate_worker": Row(SUSPENSION),
    "reinstate_worker": Row(WHY),
    "get_worker_suspension": Row(),
    "get_own_worker_suspension": Row(for_suspended=True),
    "publish_agreement": Row({"title": "NDA", "text": "Say nothing."}),
    "list_agreements": Row(for_newcomers=True),
    "get_agreement": Row(public=WORKER_MAY_READ),
    "publish_agreement_version": Row({"text": "Say less."}),
    "list_agreement_versions": Row(public=WORKER_MAY_READ),
    "list_agreement_signatures": Row(),
    "sign_agreement": Row({"name": "Ada"}, public=WORKER_MAY_READ),
    "list_own_signatures": Row(),
    "define_qualification": Row({"name": "Refunds"}),
    "list_qualifications": Row(for_newcomers=True),
    "get_qualification": Row(public=WORKER_MAY_READ),
    "publish_exam": Row(EXAM),
    "get_exam": Row(),
    "grant_qualification": Row(GRANT, public=("worker_id",)),
    "revoke_qualification": Row(GRANT, public=("worker_id",)),
    "list_grants": Row(),
    "list_own_qualifications": Row(),
    "start_attempt": Row(public=WORKER_MAY_READ),
    "get_attempt": Row(),
    "list_own_attempts": Row(),
    "submit_attempt": Row({"answers": [[0]]}),
    "add_document": Row(DOCUMENT),
    "list_own_documents": Row(),
    "list_documents_to_review": Row(),
    "get_document": Row(),
    "confirm_document": Row(),
    "get_document_file": Row(),
    "review_document": Row({"verdict": "pass", **WHY}),
    "start_screening": Row({"kind": "tax_form"}),
    "list_own_screenings": Row(),
    "receive_screening_event": Row({}),
    "get_own_checklist": Row(),
    "get_checklist": Row(),
    "get_eligibility": Row(names=DRAFT, right=OPEN),
}
WORK = {
    "post_task": Row({"title": "T", "description": "", "category": "chat", "pay": PAY}),
    "list_tasks": Row(),
    "list_matches": Row(right=OPEN, names=DRAFT),
    "get_task": Row(names=DRAFT, right=OPEN),
    "change_task": Row({"title": "Other"}, names=DRAFT),
    "publish_task": Row(names=DRAFT),
    "close_task": Row(names=DRAFT),
    "submit_bid": Row({"price": usd(5), "agency_id": The("agency_id")}, names=DRAFT, right=OPEN),
    "list_task_bids": Row(own_only=True),
    "list_own_bids": Row(),
    "get_bid": Row(),
    "withdraw_bid": Row(),
    "shortlist_bid": Row(),
    "decline_bid": Row(),
    "award": Row(),
    "list_contracts": Row(),
    "get_contract": Row(for_members=True),
    "accept_offer": Row({}),
    "decline_offer": Row(),
    "fund_contract": Row({"amount": usd(1)}),
    "pay_bonus": Row({"amount": usd(1), **WHY}),
    "pause_contract": Row(),
    "resume_contract": Row(),
    "complete_contract": Row(),
    "cancel_contract": Row(),
    "plan_milestone": Row({"title": "More", "amount": usd(1)}),
    "get_milestone": Row(for_members=True),
    "fund_milestone": Row(),
    "submit_milestone": Row({"note": ""}),
    "request_changes": Row(WHY),
    "approve_milestone": Row(),
    "cancel_milestone": Row(),
    "start_session": Row({"at": AT}, names=MINUTES),
    "record_heartbeat": Row({"sequence": 2, "at": AT}),
    "record_class": Row({"class": "talk", "at": AT, "sequence": 3}),
    "stop_session": Row(),
    "get_session": Row(for_members=True),
    "list_contract_sessions": Row(names=MINUTES, for_members=True),
    "list_sessions": Row(),
    "approve_session": Row(),
    "dispute_session": Row({"seconds": 0, **WHY}),
    "ask_correction": Row({"seconds": 90, **WHY}),
    "accept_correction": Row(),
    "decline_correction": Row(),
    "get_evidence": Row(for_members=True),
    "submit_result": Row({"payload": {}}, names=RESULTS),
    "list_contract_results": Row(names=RESULTS, for_members=True),
    "get_result": Row(for_members=True),
    "accept_result": Row(),
    "reject_result": Row(WHY),
    "reverse_result": Row(WHY),
    "register_gold_items": Row(
        {"items": [{"external_id": "g-1", "expected": "cat"}]}, names={"task_id": "result_task_id"}
    ),
    "list_gold_items": Row(names={"task_id": "result_task_id"}),
    "get_accuracy": Row(names=RESULTS),
    "open_dispute": Row({"subject_id": The("milestone_id"), "claim": "no", "requested": usd(1)}),
    "list_contract_disputes": Row(for_members=True),
    "list_disputes_to_decide": Row(),
    "get_dispute": Row(for_members=True),
    "make_offer": Row({"to_worker": usd(1)}),
    "accept_dispute_offer": Row(),
    "escalate_dispute": Row(),
    "withdraw_dispute": Row(),
    "decide_dispute": Row({"to_worker": usd(1), **WHY}),
    "apply_outcome": Row(
        {"version": 1, "subject_id": The("result_id"), "scores": {"quality": 5_000}}, names=RESULTS
    ),
    "list_contract_outcomes": Row(names=RESULTS, for_members=True),
    "get_outcome": Row(for_members=True),
    "give_rating": Row({"overall": 5}),
    "list_worker_ratings": Row(public=("worker_id",)),
    "list_client_ratings": Row(public=("client_id",)),
    "get_worker_reputation": Row(public=("worker_id",)),
    "get_client_reputation": Row(public=("client_id",)),
    "get_rating": Row(right={"finance:rating_id": "public_rating_id"}),
    "appeal_rating": Row(WHY, right=ABOUT_CLIENT),
    "remove_rating": Row({"reason_code": "other", **WHY}),
    "uphold_rating": Row(WHY),
    "make_appeal": Row({"subject_id": The("rejected_id"), **WHY}, right=OWN_RATING),
    "list_appeals": Row(),
    "get_appeal": Row(),
    "answer_appeal": Row({"statement": "It was."}, right={"worker:appeal_id": "client_appeal_id"}),
    "decide_appeal": Row({"outcome": "denied", **WHY}),
}
MONEY = {
    "create_top_up": Row({"amount": usd(100)}),
    "list_top_ups": Row(),
    "get_top_up": Row(),
    "get_wallet": Row(),
    "create_refund": Row({"top_up_id": The("top_up_id"), "amount": usd(1)}),
    "list_refunds": Row(),
    "get_refund": Row(),
    "list_chargebacks": Row(),
    "get_chargeback": Row(),
    "give_evidence": Row({"text": "winning_evidence"}),
    "list_wallet_entries": Row(),
    "open_payout_account": Row(),
    "get_payout_account": Row(),
    "create_payout": Row({"amount": usd(100)}),
    "list_payouts": Row(),
    "get_payout": Row(),
    "get_payout_schedule": Row(),
    "set_payout_schedule": Row({"interval": "manual"}),
    "get_earnings": Row(),
    "get_trial_balance": Row(),
    "get_journal": Row(),
    "get_trace": Row(),
    "list_accounts": Row(),
    "list_postings": Row(),
    "get_account": Row(),
    "get_statement": Row(),
    "list_stuck_payouts": Row(),
    "retry_payout": Row(),
    "approve_payout": Row(),
    "cancel_payout": Row(),
    "reverse_payout": Row(WHY),
    "list_all_chargebacks": Row(),
    "write_off_chargeback": Row(WHY),
    "start_reconciliation": Row({"from": "2016-05-01T00:00:00Z", "to": "2016-05-02T00:00:00Z"}),
    "list_reconciliations": Row(),
    "get_reconciliation": Row(),
    "list_exceptions": Row(),
    "resolve_exception": Row(WHY),
    "book_to_suspense": Row(WHY),
    "reverse_journal": Row(WHY),
    "list_periods": Row(),
    "get_period": Row(),
    "close_period": Row({"force_reason": "there were no days to compare"}),
    "export_finance": Row(query={"from": AT, "to": "2026-01-02T00:00:00Z"}),
}
CORRESPONDENCE = {
    "send_message": Row({"text": "Hello", "attachments": [The("attachment_id")]}),
    "list_messages": Row(for_members=True),
    "mark_messages_read": Row({"message_id": The("message_id")}),
    "add_attachment": Row({"name": "calls.csv", "content_type": "text/csv", "size": 1}),
    "list_attachments": Row(for_members=True),
    "get_attachment": Row(for_members=True),
    "confirm_attachment": Row(right={"client:attachment_id": "client_attachment_id"}),
    "create_webhook_endpoint": Row({"url": "https://hooks.acme.example/", "events": [TEST]}),
    "list_webhook_endpoints": Row(),
    "get_webhook_endpoint": Row(),
    "change_webhook_endpoint": Row({"events": [TEST]}),
    "delete_webhook_endpoint": Row(),
    "enable_webhook_endpoint": Row(),
    "rotate_webhook_secret": Row({"overlap_seconds": 60}),
    "send_test_webhook": Row(),
    "list_webhook_deliveries": Row(),
    "redeliver_webhook": Row(),
}
PRIVACY = {
    "list_audit_events": Row(),
    "request_export": Row(),
    "get_export": Row(),
    "get_export_content": Row(),
    "request_client_export": Row(),
    "get_client_export": Row(),
    "get_client_export_content": Row(),
    "request_worker_erasure": Row(),
    "get_worker_erasure": Row(for_forgotten=True),
    "request_client_erasure": Row(right={"client_id": "forgotten_client_id"}),
    "get_client_erasure": Row(right={"client_id": "forgotten_client_id"}),
}
SERVICE = {
    "receive_stripe_event": Row({}),
    "health": Row(),
    "openapi_document": Row(),
    "docs_page": Row(),
    "docs_script": Row(),
}

ROWS: dict[str, Row] = {
    **PEOPLE,
    **TEAMS,
    **STANDING,
    **WORK,
    **MONEY,
    **CORRESPONDENCE,
    **PRIVACY,
    **SERVICE,
}
