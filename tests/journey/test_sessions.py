"""Clocked minutes over HTTP: clock in, beat, stop, approve, dispute, correct."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.people import Caller, World, usd


class Job:
    """A funded contract paid by the minute, and its two sides."""

    def __init__(self, world: World, *, funds: int = 10_000, rate: str = "60") -> None:
        self.world = world
        self.client = world.client(USD=20_000)
        self.worker = world.worker()
        self.contract = world.minute_contract(self.client, self.worker, rate=rate)["id"]
        self.sequence = 0
        if funds:
            self.client.post(f"/v1/contracts/{self.contract}/fund", {"amount": usd(funds)})

    def start(self, body: Any = None) -> Any:
        return self.worker.post(f"/v1/contracts/{self.contract}/sessions", body, status=201)

    def beat(self, session: Any) -> Any:
        self.sequence += 1
        body = {"sequence": self.sequence, "at": self.world.in_seconds(0)}
        return self.worker.post(f"/v1/sessions/{session['id']}/heartbeat", body, status=200)

    def work(self, session: Any, seconds: int) -> Any:
        for _ in range(seconds // 60):
            self.world.advance(seconds=60)
            session = self.beat(session)
        return session

    def worked(self, seconds: int) -> Any:
        session = self.work(self.start(), seconds)
        return self.worker.post(f"/v1/sessions/{session['id']}/stop", status=200)

    def get(self, session: Any) -> Any:
        return self.client.get(f"/v1/sessions/{session['id']}")


@pytest.fixture
def job(world: World) -> Job:
    return Job(world)


def test_minutes_are_clocked_approved_and_paid(job: Job) -> None:
    session = job.start({})
    assert (session["status"], session["billable_seconds"], session["amount"]) == ("running", 0, usd(0))
    assert job.work(session, 120)["amount"] == usd(120)
    job.world.advance(seconds=30)
    stopped = job.worker.post(f"/v1/sessions/{session['id']}/stop", status=200)
    assert (stopped["status"], stopped["end_reason"], stopped["billable_seconds"]) == (
        "stopped",
        "worker",
        150,
    )
    waiting = job.client.get("/v1/sessions?status=stopped")["data"]
    assert [row["id"] for row in waiting] == [session["id"]]
    approved = job.client.post(f"/v1/sessions/{session['id']}/approve", status=200)
    assert (approved["status"], approved["paid"], approved["review_ends_at"]) == ("approved", usd(150), None)
    contract = job.client.get(f"/v1/contracts/{job.contract}")
    assert (contract["released"], contract["held"]) == (150, 9_850)
    assert job.client.refused(f"/v1/sessions/{session['id']}/approve") == (409, "illegal_transition")


def test_a_phone_that_restarts_finds_its_running_session(job: Job) -> None:
    session = job.start()
    path = f"/v1/contracts/{job.contract}/sessions"
    refused = job.worker.call("POST", path)
    assert (refused.status_code, refused.json()["code"]) == (409, "session_already_running")
    assert refused.json()["session_id"] == session["id"]
    assert [row["id"] for row in job.worker.get("/v1/sessions?status=running")["data"]] == [session["id"]]
    assert [row["id"] for row in job.client.get(path)["data"]] == [session["id"]]


def test_of_racing_clock_ins_one_wins(job: Job) -> None:
    path = f"/v1/contracts/{job.contract}/sessions"
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: job.worker.call("POST", path), range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


def test_after_silence_a_heartbeat_is_refused_and_kept_until_the_client_accepts_it(job: Job) -> None:
    session = job.work(job.start(), 60)
    job.world.advance(seconds=300)
    ended = job.get(session)
    assert (ended["end_reason"], ended["ended_at"]) == ("silence", ended["last_proven_at"])
    path = f"/v1/sessions/{session['id']}"
    for sequence, ago in ((8, -120), (9, 0), (9, 0)):
        body = {"sequence": sequence, "at": job.world.in_seconds(ago)}
        assert job.worker.refused(f"{path}/heartbeat", body) == (409, "session_ended")
    evidence = job.client.get(f"{path}/evidence")
    assert (evidence["seconds"], evidence["spans"][0]["heartbeats"]) == (120, 2)
    stops = [job.worker.call("POST", f"{path}/stop", Idempotency_Key="late stop") for _ in range(2)]
    assert stops[0].json()["end_reason"] == "silence"
    assert (stops[1].content, stops[1].headers["Idempotent-Replayed"]) == (stops[0].content, "true")
    asked = job.worker.post(f"{path}/correction", {"seconds": 300, "reason": "No signal"}, status=200)
    assert (asked["status"], asked["correction"]["status"]) == ("stopped", "asked")
    assert job.client.refused(f"/v1/contracts/{job.contract}/complete") == (409, "illegal_transition")
    why = {"reason_code": "not_worked", "reason": "Nobody heard you."}
    told = job.client.post(f"{path}/correction/decline", why)["correction"]["declined"]
    assert {name: told[name] for name in why} == why
    job.worker.post(f"{path}/correction", {"seconds": 300, "reason": "Look at the log"}, status=200)
    corrected = job.client.post(f"{path}/correction/accept", status=200)
    assert (corrected["status"], corrected["billable_seconds"], corrected["paid"]) == (
        "corrected",
        360,
        usd(360),
    )
    assert job.client.get(f"/v1/contracts/{job.contract}")["released"] == 360


def test_the_hold_ends_a_session_and_funding_lets_it_run_on(world: World) -> None:
    job = Job(world, funds=100)
    session = job.work(job.start(), 60)
    job.client.post(f"/v1/contracts/{job.contract}/fund", {"amount": usd(50)})
    job.work(session, 60)
    world.advance(seconds=60)
    ended = job.get(session)
    assert (ended["end_reason"], ended["billable_seconds"], ended["amount"]) == ("hold", 150, usd(150))
    path = f"/v1/contracts/{job.contract}/sessions"
    assert job.worker.refused(path) == (409, "insufficient_funds")


def test_silence_approves_even_after_the_contract_is_complete(job: Job) -> None:
    session = job.worked(120)
    done = job.client.post(f"/v1/contracts/{job.contract}/complete")
    assert (done["held"], done["returned"]) == (120, 9_880)
    job.world.advance(days=7)
    assert job.get(session)["status"] == "approved"
    assert job.client.get(f"/v1/contracts/{job.contract}")["held"] == 0


def test_a_dispute_pays_a_part_and_an_approval_the_rest(job: Job) -> None:
    session = job.worked(180)
    path = f"/v1/sessions/{session['id']}"
    body = {"reason": "An hour of silence", "seconds": 60}
    disputed = job.client.call("POST", f"{path}/dispute", body).json()
    assert (disputed["status"], disputed["paid"]) == ("disputed", usd(60))
    assert disputed["dispute"] == {**body, "reason_code": "other"}
    assert job.client.post(f"{path}/approve")["paid"] == usd(180)


def test_a_repeated_approval_answers_the_same_bytes_and_pays_once(job: Job) -> None:
    path = f"/v1/sessions/{job.worked(60)['id']}/approve"
    answers = [job.client.call("POST", path, Idempotency_Key="approve") for _ in range(3)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    missing = job.client.call("POST", path)
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency_key_required")
    assert job.client.get(f"/v1/contracts/{job.contract}")["released"] == 60


def test_sessions_are_their_two_sides_business_alone(job: Job) -> None:
    session = job.start()
    stranger, other = job.world.worker(), job.world.client()
    path = f"/v1/sessions/{session['id']}"
    assert stranger.refused(path, method="GET") == (404, "not_found")
    assert other.refused(f"{path}/approve") == (404, "not_found")
    assert stranger.refused(f"{path}/stop") == (404, "not_found")
    assert job.client.refused(f"{path}/stop") == (403, "forbidden")
    assert job.worker.refused(f"{path}/approve") == (403, "forbidden")
    assert stranger.refused(f"/v1/contracts/{job.contract}/sessions") == (404, "not_found")


def test_only_paid_by_the_minute_and_active_and_with_money(world: World) -> None:
    poor = Job(world, funds=0)
    assert poor.worker.refused(f"/v1/contracts/{poor.contract}/sessions") == (409, "insufficient_funds")
    poor.client.post(f"/v1/contracts/{poor.contract}/pause")
    assert poor.worker.refused(f"/v1/contracts/{poor.contract}/sessions") == (409, "illegal_transition")
    milestones = world.milestone_contract(poor.client, poor.worker, 100)
    assert poor.worker.refused(f"/v1/contracts/{milestones['id']}/sessions") == (409, "illegal_transition")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sequence": -1, "at": "2026-01-01T00:00:00Z"},
        {"sequence": True, "at": "2026-01-01T00:00:00Z"},
        {"sequence": 1, "at": "yesterday"},
        {"sequence": 1, "at": 5.5},
        {"sequence": 1, "at": "2026-01-01T00:00:00Z", "more": 1},
    ],
)
def test_a_heartbeat_that_breaks_the_contract_is_refused(job: Job, body: Any) -> None:
    path = f"/v1/sessions/{job.start()['id']}/heartbeat"
    assert job.worker.refused(path, body) == (422, "invalid_request")


def test_racing_heartbeats_of_one_phone_all_answer_and_the_newest_counts(job: Job) -> None:
    session = job.start()
    job.world.advance(seconds=100)
    path = f"/v1/sessions/{session['id']}/heartbeat"
    bodies = [{"sequence": n, "at": job.world.in_seconds(n - 100)} for n in (10, 20, 30, 40, 50, 50, 30)]
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(lambda body: job.worker.call("POST", path, body), bodies))
    assert {answer.status_code for answer in answers} == {200}
    assert job.get(session)["billable_seconds"] == 50


def paid_in(world: World, currency: str, rate: str, funds: int) -> tuple[Caller, Any]:
    """A client and its session of 100 seconds in another currency."""
    client, worker = world.client(), world.worker()
    world.top_up(client, funds, currency)
    contract = world.minute_contract(client, worker, rate=rate, currency=currency)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": {"amount": funds, "currency": currency}})
    session = worker.post(f"/v1/contracts/{contract['id']}/sessions", status=201)
    world.advance(seconds=100)
    return client, worker.post(f"/v1/sessions/{session['id']}/stop")


def test_currencies_without_and_with_three_decimals_are_paid_the_same_way(world: World) -> None:
    for currency, rate, funds, gross in (("JPY", "25.5", 1_000, 43), ("KWD", "62.75", 5_000, 105)):
        client, session = paid_in(world, currency, rate, funds)
        approved = client.post(f"/v1/sessions/{session['id']}/approve")
        assert approved["paid"] == {"amount": gross, "currency": currency}
