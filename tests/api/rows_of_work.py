"""The rows of work: tasks, bids, contracts, all three ways to earn, and what is said of it afterwards."""

from tests.api.row import AT, WHY, Row, The
from tests.people import usd

MINUTES = {"contract_id": "minute_contract_id"}
RESULTS = {"contract_id": "result_contract_id"}
DRAFT = {"task_id": "draft_id"}
OPEN = {"task_id": "task_id"}
ABOUT_CLIENT = {"client:rating_id": "client_rating_id"}
OWN_RATING = {"client:subject_id": "client_rating_id"}
PAY = {"model": "milestone", "budget": usd(100)}

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
