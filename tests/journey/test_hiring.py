"""From a posting to an accepted contract, as both sides see it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.people import Caller, World, key, usd

MILESTONE = {"model": "milestone", "budget": usd(50_000)}


def bid_on(worker: Caller, task_id: str, amount: int = 50_000) -> dict[str, object]:
    bid: dict[str, object] = worker.post(
        f"/v1/tasks/{task_id}/bids", {"price": usd(amount), "message": "Ready"}, status=201
    )
    return bid


def test_a_draft_is_seen_by_nobody_else_and_an_open_task_by_workers(world: World) -> None:
    client, worker = world.client(), world.worker()
    body = {"title": "Claims", "description": "", "category": "claims", "pay": MILESTONE}
    draft = client.post("/v1/tasks", body, status=201)
    assert draft["status"] == "draft"
    assert worker.refused(f"/v1/tasks/{draft['id']}", method="GET") == (404, "not_found")
    client.post(f"/v1/tasks/{draft['id']}/publish")
    assert worker.get(f"/v1/tasks/{draft['id']}")["status"] == "open"
    world.settle()
    assert draft["id"] in [task["id"] for task in worker.get("/v1/tasks?limit=100")["data"]]


def test_a_task_of_another_client_looks_as_if_it_did_not_exist(world: World) -> None:
    owner, stranger = world.client(), world.client()
    task = world.task(owner, MILESTONE)
    missing = task["id"][:-4] + "zzzz"
    for method, path in (("GET", ""), ("POST", "/publish"), ("POST", "/close"), ("PATCH", "")):
        theirs = stranger.call(method, f"/v1/tasks/{task['id']}{path}", {} if method != "GET" else None)
        nobodys = stranger.call(method, f"/v1/tasks/{missing}{path}", {} if method != "GET" else None)
        assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)
        assert theirs.status_code == 404


def test_a_worker_bids_once_and_again_only_after_withdrawing(world: World) -> None:
    client, worker = world.client(), world.worker()
    task = world.task(client, MILESTONE)
    bid = bid_on(worker, task["id"])
    again = {"price": usd(1), "message": ""}
    assert worker.refused(f"/v1/tasks/{task['id']}/bids", again) == (409, "already_exists")
    worker.post(f"/v1/bids/{bid['id']}/withdraw")
    assert bid_on(worker, task["id"], 40_000)["status"] == "submitted"
    assert [row["price"]["amount"] for row in worker.get("/v1/bids")["data"]] == [40_000]


def test_milestones_must_add_up_and_currencies_must_agree(world: World) -> None:
    client, worker = world.client(), world.worker()
    path = f"/v1/tasks/{world.task(client, MILESTONE)['id']}/bids"
    rows = [{"title": "All", "amount": usd(1)}]
    assert worker.refused(path, {"price": usd(2), "milestones": rows})[1] == "invalid_request"
    euros = {"amount": 2, "currency": "EUR"}
    assert worker.refused(path, {"price": euros}) == (422, "currency_mismatch")
    rate = {"amount_decimal": "10", "currency": "USD", "per": "minute"}
    assert worker.refused(path, {"price": rate})[1] == "invalid_request"


def test_of_racing_awards_exactly_as_many_succeed_as_there_are_seats(world: World) -> None:
    client = world.client()
    task = world.task(client, MILESTONE, seats=2)
    bids = [bid_on(world.worker(), task["id"]) for _ in range(5)]
    with ThreadPoolExecutor(len(bids)) as pool:
        answers = list(pool.map(lambda bid: client.call("POST", f"/v1/bids/{bid['id']}/award"), bids))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, 201, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"seats_filled"}
    filled = client.get(f"/v1/tasks/{task['id']}")
    assert (filled["status"], filled["seats_left"]) == ("filled", 0)


def test_a_declined_or_lapsed_offer_gives_its_seat_back_and_its_worker_may_bid_again(world: World) -> None:
    client, worker = world.client(), world.worker()
    for end in ("decline", "lapse"):
        task = world.task(client, MILESTONE)
        offer = client.post(f"/v1/bids/{bid_on(worker, task['id'])['id']}/award", status=201)
        if end == "decline":
            worker.post(f"/v1/contracts/{offer['id']}/decline")
        else:
            world.advance(days=7)
        assert client.get(f"/v1/contracts/{offer['id']}")["status"] == "cancelled"
        reopened = client.get(f"/v1/tasks/{task['id']}")
        assert (reopened["status"], reopened["seats_left"]) == ("open", 1)
        assert bid_on(worker, task["id"], 45_000)["status"] == "submitted"


def test_what_the_task_requires_is_signed_or_the_offer_is_not_accepted(world: World) -> None:
    client, worker = world.client(), world.worker()
    nda = client.post("/v1/agreements", {"kind": "nda", "title": "NDA", "text": "Say nothing."}, status=201)
    task = world.task(client, MILESTONE, requirements={"agreements": [nda["id"]]})
    offer = client.post(f"/v1/bids/{bid_on(worker, task['id'])['id']}/award", status=201)
    path = f"/v1/contracts/{offer['id']}/accept"
    assert worker.refused(path, {}) == (422, "invalid_request")
    assert worker.post(path, {"agreement_ids": [nda["id"]]})["status"] == "active"


@pytest.mark.parametrize(
    "requirements", [{"countries": ["JP"]}, {"minimum_rating": 4.5}, {"checks": ["background_check"]}]
)
def test_who_does_not_meet_the_requirements_is_not_offered_the_task_and_is_told_why_a_bid_is_refused(
    world: World, requirements: dict[str, object]
) -> None:
    worker, task = world.worker(), world.task(world.client(), MILESTONE, requirements=requirements)
    assert task["id"] not in [row["id"] for row in worker.get("/v1/tasks?limit=100")["data"]]
    assert worker.get(f"/v1/tasks/{task['id']}")["status"] == "open"
    refused = worker.call("POST", f"/v1/tasks/{task['id']}/bids", {"price": usd(1)})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_eligible")
    assert len(refused.json()["why_not"]) == 1


def test_a_newcomer_meets_a_minimum_up_to_where_everybody_begins(world: World) -> None:
    task = world.task(world.client(), MILESTONE, requirements={"minimum_rating": 4})
    assert bid_on(world.worker(), task["id"])["status"] == "submitted"


def test_bids_expire_when_bidding_closes(world: World) -> None:
    client, worker = world.client(), world.worker()
    task = world.task(client, MILESTONE, bidding_closes_at=world.in_seconds(3_600))
    bid = bid_on(worker, task["id"])
    world.advance(hours=1)
    assert worker.get(f"/v1/bids/{bid['id']}")["status"] == "expired"


def test_a_repeated_call_answers_the_same_bytes_and_a_reused_key_is_refused(world: World) -> None:
    client = world.client()
    body = {"title": "Survey", "description": "", "category": "survey", "pay": MILESTONE}
    first = client.call("POST", "/v1/tasks", body, Idempotency_Key="one")
    again = client.call("POST", "/v1/tasks", body, Idempotency_Key="one")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    other = client.call("POST", "/v1/tasks", {**body, "title": "Other"}, Idempotency_Key="one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_one_key_of_two_clients_stands_for_two_calls(world: World) -> None:
    body = {"title": "Survey", "description": "", "category": "survey", "pay": MILESTONE}
    answers = [world.client().call("POST", "/v1/tasks", body, Idempotency_Key="shared") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["client_id"] != answers[1].json()["client_id"]


def test_one_key_on_two_paths_stands_for_two_calls(world: World) -> None:
    client, used = world.client(), key()
    body = {"title": "Survey", "description": "", "category": "survey", "pay": MILESTONE}
    drafts = [client.post("/v1/tasks", body)["id"] for _ in range(2)]
    answers = [client.call("POST", f"/v1/tasks/{draft}/publish", **used) for draft in drafts]
    assert [answer.json()["id"] for answer in answers] == drafts
    assert [client.get(f"/v1/tasks/{draft}")["status"] for draft in drafts] == ["open", "open"]


def test_a_secret_is_shown_once_and_null_in_a_replay(world: World) -> None:
    operator = world.person("operator")
    body = {"name": "Once", "country": "US", "email": "a@once.example"}
    first = operator.call("POST", "/v1/clients", body, Idempotency_Key="secret")
    again = operator.call("POST", "/v1/clients", body, Idempotency_Key="secret")
    assert first.json()["api_key"].startswith("gm_test_")
    assert again.json() == {**first.json(), "api_key": None}


def test_a_list_pages_newest_first_and_a_tampered_cursor_is_refused(world: World) -> None:
    client = world.client()
    ids = [world.task(client, MILESTONE)["id"] for _ in range(5)]
    seen, cursor = [], ""
    while True:
        page = client.get(f"/v1/tasks?limit=2{cursor}")
        seen += [task["id"] for task in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ids[::-1]
    assert client.refused(f"/v1/tasks?limit=2{cursor}x", method="GET") == (400, "invalid_cursor")
    assert world.client().refused(f"/v1/tasks?limit=2{cursor}", method="GET") == (400, "invalid_cursor")
    assert client.refused("/v1/tasks?limit=101", method="GET") == (422, "invalid_request")


def test_a_worker_learns_nothing_of_others_bids_from_a_tasks_list(world: World) -> None:
    client, worker = world.client(), world.worker()
    task = world.task(client, {"model": "milestone", "budget": usd(100)}, seats=3)
    path, bid = f"/v1/tasks/{task['id']}/bids", {"price": usd(100), "message": "Hi"}
    for other in (world.worker(), world.worker()):
        other.post(path, bid, status=201)
    own = worker.post(path, bid, status=201)
    world.settle()
    assert worker.get(f"{path}?limit=1") == {"data": [own], "next_cursor": None}
    assert len(client.get(path)["data"]) == 3
