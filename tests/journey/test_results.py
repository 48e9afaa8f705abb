"""Work paid by the accepted result, over HTTP: hand in, accept, reject, reverse."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.api.results import PAYLOAD_BYTES_MAX
from tests.jobs import Job
from tests.people import World, key, usd

WEEK = 7 * 86_400


@pytest.fixture
def job(world: World) -> Job:
    return Job(world)


def test_results_are_handed_in_accepted_and_paid(job: Job) -> None:
    result = job.submit("img-1", label="cat", box=[1, 2.5, None])
    assert (result["object"], result["status"], result["reason"]) == ("result", "submitted", None)
    assert (result["contract_id"], result["external_id"]) == (job.contracts[0], "img-1")
    assert job.earnings() == {"in_review": 900, "available": 0, "in_transit": 0, "paid": 0, "owed": 0}
    assert job.answer(result, "accept")["status"] == "accepted"
    assert job.earnings() == {"in_review": 0, "available": 900, "in_transit": 0, "paid": 0, "owed": 0}
    rejected = job.answer(job.submit(label="dog"), "reject")
    assert (rejected["status"], rejected["reason"], rejected["external_id"]) == ("rejected", "Blurred", None)
    assert job.money() == (10_000, 9_000, 1_000, 0)
    contract = job.worker.get(job.path)
    assert contract["results"] == {"submitted": 0, "accepted": 1, "contested": 0, "left": 9}
    assert contract["pay"]["review"] == {"policy": "manual"}
    for caller in (job.client, job.worker):
        detail = caller.get(f"/v1/results/{result['id']}")
        assert (detail["payload"], detail["status"]) == ({"label": "cat", "box": [1, 2.5, None]}, "accepted")
    assert not job.breaches()


def test_both_sides_list_results_page_by_page_and_by_status(job: Job) -> None:
    made = [job.submit(f"img-{number}")["id"] for number in range(5)]
    job.answer({"id": made[2]}, "accept")
    job.world.settle()
    for caller in (job.client, job.worker):
        first = caller.get(f"{job.path}/results?limit=3")
        rest = caller.get(f"{job.path}/results?limit=3&cursor={first['next_cursor']}")
        assert [row["id"] for row in first["data"] + rest["data"]] == made[::-1]
        waiting = caller.get(f"{job.path}/results?status=submitted")["data"]
        assert [row["id"] for row in waiting] == [made[4], made[3], made[1], made[0]]
        accepted = caller.get(f"{job.path}/results?status=accepted")["data"]
        assert [row["id"] for row in accepted] == [made[2]]
    assert job.client.refused(f"{job.path}/results?status=lost", method="GET") == (422, "invalid_request")


def test_results_are_their_two_sides_business_alone(job: Job) -> None:
    result, stranger, other = job.submit("a"), job.world.worker(), job.world.client()
    path, reason = f"/v1/results/{result['id']}", {"reason": "No"}
    for caller in (stranger, other):
        assert caller.refused(path, method="GET") == (404, "not_found")
        assert caller.refused(f"{job.path}/results", method="GET") == (404, "not_found")
    assert stranger.refused(f"{job.path}/results", {"payload": {}}) == (404, "not_found")
    assert other.refused(f"{path}/accept") == (404, "not_found")
    for step in ("reject", "reverse"):
        assert other.refused(f"{path}/{step}", reason) == (404, "not_found")
        assert job.worker.refused(f"{path}/{step}", reason) == (403, "forbidden")
    assert job.worker.refused(f"{path}/accept") == (403, "forbidden")
    assert job.client.refused(f"{job.path}/results", {"payload": {}}) == (403, "forbidden")
    assert job.client.refused("/v1/results/res_1/accept") == (404, "not_found")
    assert job.get(result)["status"] == "submitted"


def test_a_repeated_call_answers_the_same_bytes_and_has_one_effect(job: Job) -> None:
    body = {"payload": {"n": 1}, "external_id": "a"}
    answers = [job.worker.call("POST", f"{job.path}/results", body, Idempotency_Key="one") for _ in range(3)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert job.worker.refused(f"{job.path}/results", body) == (409, "already_exists")
    other = job.worker.call("POST", f"{job.path}/results", {"payload": {}}, Idempotency_Key="one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    path = f"/v1/results/{answers[0].json()['id']}"
    for step, reason in (("accept", None), ("reverse", {"reason": "Copied"})):
        missing = job.client.call("POST", f"{path}/{step}", reason)
        assert (missing.status_code, missing.json()["code"]) == (400, "idempotency_key_required")
        same = [job.client.call("POST", f"{path}/{step}", reason, Idempotency_Key=step) for _ in range(3)]
        assert {(answer.status_code, answer.content) for answer in same} == {(200, same[0].content)}
    assert job.money() == (10_000, 10_000, 0, 0)


def test_racing_calls_for_one_external_id_make_one_result(job: Job) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda n: job.worker.call(
                    "POST", f"{job.path}/results", {"payload": {"n": n}, "external_id": "a"}
                ),
                range(6),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert job.client.get(job.path)["results"]["submitted"] == 1


def test_racing_results_never_outrun_the_hold_and_the_quantity_is_used_up(world: World) -> None:
    poor = Job(world, funds=2_500)
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda _: poor.worker.call("POST", f"{poor.path}/results", {"payload": {}}), range(6))
        )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"insufficient_funds"}
    assert poor.earnings()["in_review"] == 1_800
    short = Job(world, quantity=2)
    first, _ = short.submit("a"), short.submit("b")
    assert short.worker.refused(f"{short.path}/results", {"payload": {}}) == (409, "illegal_transition")
    short.answer(first, "accept")
    assert short.worker.refused(f"{short.path}/results", {"payload": {}}) == (409, "illegal_transition")
    short.answer(first, "reverse")
    short.submit("c")


def test_an_answer_and_the_clock_race_and_pay_once(job: Job) -> None:
    result = job.submit("a")
    path = f"/v1/results/{result['id']}"
    with ThreadPoolExecutor(4) as pool:
        clock = pool.submit(job.world.advance, days=7)
        answers = list(pool.map(lambda _: job.client.call("POST", f"{path}/accept", **key()), range(3)))
        clock.result()
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert job.get(result)["status"] == "accepted"
    assert job.money() == (10_000, 9_000, 1_000, 0)
    assert job.earnings()["available"] == 900
    assert not job.breaches()


def test_silence_accepts_after_seven_days_dated_by_when_it_was_due(job: Job) -> None:
    result = job.submit("a")
    job.world.advance(days=8)
    accepted = job.get(result)
    assert (accepted["status"], accepted["answered_at"]) == ("accepted", result["review_ends_at"])
    assert job.client.refused(f"/v1/results/{result['id']}/reject", {"reason": "Late"}) == (
        409,
        "illegal_transition",
    )


def test_pay_that_was_withdrawn_is_owed_when_its_acceptance_is_reversed(world: World) -> None:
    job = Job(world, payouts=True)
    results = [job.answer(job.submit(name), "accept") for name in ("a", "b")]
    job.worker.post("/v1/payouts", {"amount": usd(1_500)}, status=201)
    job.world.settle()
    reversed_ = job.answer(results[0], "reverse")
    assert (reversed_["status"], reversed_["reason"]) == ("reversed", "Blurred")
    found = job.earnings()
    assert (found["available"], found["owed"]) == (0, 600)
    assert found["in_transit"] + found["paid"] == 1_500
    assert job.money() == (10_000, 9_000, 1_000, 0)
    assert not job.breaches()
    job.world.advance(days=30)
    assert job.client.refused(f"/v1/results/{results[1]['id']}/reverse", {"reason": "Late"}) == (
        409,
        "illegal_transition",
    )


def test_a_reversal_looks_again_while_its_worker_withdraws(world: World) -> None:
    job = Job(world, payouts=True)
    results = [job.answer(job.submit(str(number)), "accept") for number in range(6)]
    reason = {"reason": "Copied"}
    with ThreadPoolExecutor(8) as pool:
        drawn = [
            pool.submit(job.worker.call, "POST", "/v1/payouts", {"amount": usd(1_000)}, **key())
            for _ in range(4)
        ]
        back = [
            pool.submit(job.client.call, "POST", f"/v1/results/{result['id']}/reverse", reason, **key())
            for result in results
        ]
    assert {answer.result().status_code for answer in back} == {200}
    taken = 1_000 * sum(answer.result().status_code == 201 for answer in drawn)
    job.world.settle()
    found = job.earnings()
    assert found["available"] + found["in_transit"] + found["paid"] - found["owed"] == 0
    assert found["in_transit"] + found["paid"] == taken
    assert job.money() == (10_000, 10_000, 0, 0)
    assert not job.breaches()


def test_a_contract_is_not_ended_under_a_result_that_waits_and_its_worker_may_give_it_up(job: Job) -> None:
    result = job.submit("a")
    for caller, step in ((job.client, "complete"), (job.client, "cancel"), (job.worker, "complete")):
        assert caller.refused(f"{job.path}/{step}") == (409, "illegal_transition")
    job.worker.post(f"{job.path}/cancel")
    assert job.client.refused(f"/v1/results/{result['id']}/accept") == (409, "illegal_transition")
    job.world.settle()
    assert (job.get(result)["status"], job.get(result)["reason"]) == ("rejected", "contract_cancelled")
    assert job.money() == (10_000, 0, 0, 10_000)
    assert job.earnings()["in_review"] == 0
    assert not job.breaches()


def test_a_reversal_after_completion_returns_the_money_to_the_wallet(job: Job) -> None:
    result = job.answer(job.submit("a"), "accept")
    job.client.post(f"{job.path}/complete")
    job.answer(result, "reverse")
    assert job.money() == (10_000, 0, 0, 10_000)
    assert job.client.get("/v1/wallet")["balances"][0]["available"] == 50_000
    assert not job.breaches()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"payload": []},
        {"payload": None},
        {"payload": {"n": 1}, "external_id": ""},
        {"payload": {"n": 1}, "external_id": "x" * 201},
        {"payload": {"text": "x" * PAYLOAD_BYTES_MAX}},
        {"payload": {"n": 1}, "more": 1},
    ],
)
def test_a_result_that_breaks_the_contract_is_refused(job: Job, body: Any) -> None:
    assert job.worker.refused(f"{job.path}/results", body) == (422, "invalid_request")


def test_a_number_that_json_does_not_have_is_refused(job: Job) -> None:
    answer = job.world.http.post(
        f"{job.path}/results",
        content='{"payload": {"n": 1e999}}',
        headers={"Authorization": f"Bearer {job.worker.token}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_only_an_active_contract_with_money_paid_by_the_result_takes_results(world: World) -> None:
    job = Job(world, funds=0)
    assert job.worker.refused(f"{job.path}/results", {"payload": {}}) == (409, "insufficient_funds")
    job.client.post(f"{job.path}/pause")
    assert job.worker.refused(f"{job.path}/results", {"payload": {}}) == (409, "illegal_transition")
    milestones = world.milestone_contract(job.client, job.worker, 100)["id"]
    path = f"/v1/contracts/{milestones}/results"
    assert job.worker.refused(path, {"payload": {}}) == (409, "illegal_transition")
    assert job.client.get(path)["data"] == []


def test_a_result_is_traced_from_its_call_to_its_reversal(job: Job) -> None:
    result = job.answer(job.submit("a"), "accept")
    job.answer(result, "reverse")
    job.world.settle()
    chain = job.world.person("finance").get(f"/v1/finance/trace/{result['id']}")["chain"]
    calls = [link["detail"].rpartition("/")[2] for link in chain if link["kind"] == "request"]
    assert calls == ["results", "accept", "reverse"]
    assert [link["kind"] for link in chain].count("journal") == 2
