"""Who judges results, over HTTP: known answers, agreement, and what a task says of it."""

from concurrent.futures import ThreadPoolExecutor

from tests.jobs import Job
from tests.people import World, usd

GOLD = {"policy": "gold", "field": "label"}
PAIR = {"policy": "agreement", "field": "label", "workers": 2}


def test_gold_items_judge_at_once_and_no_worker_sees_their_answers(world: World) -> None:
    job = Job(world, review=GOLD)
    gold = f"/v1/tasks/{job.task['id']}/gold-items"
    items = [{"external_id": "g1", "expected": "cat"}, {"external_id": "g2", "expected": {"a": [1, 2]}}]
    made = job.client.post(gold, {"items": items}, status=201)["data"]
    assert [(row["external_id"], row["expected"]) for row in made] == [("g1", "cat"), ("g2", {"a": [1, 2]})]
    right, wrong = job.submit("g1", label="cat"), job.submit("g2", label={"a": [2, 1]})
    assert (right["status"], wrong["status"], wrong["reason"]) == ("accepted", "rejected", "gold_mismatch")
    assert job.submit("g3", label="cat")["status"] == "submitted"
    assert job.money() == (10_000, 9_000, 1_000, 0)
    accuracy = job.client.get(f"{job.path}/accuracy")
    assert (accuracy["graded"], accuracy["correct"], accuracy["share"]) == (2, 1, "0.5000")
    assert job.client.refused(gold, {"items": items[:1]}) == (409, "already_exists")
    assert job.client.refused(gold, {"items": items[:1] * 2}) == (422, "invalid_request")
    assert [row["external_id"] for row in job.client.get(gold)["data"]] == ["g2", "g1"]
    assert world.client().refused(gold, method="GET") == (404, "not_found")
    for path in (gold, f"{job.path}/accuracy"):
        assert job.worker.refused(path, method="GET") == (403, "forbidden")
    assert job.worker.refused(f"{job.path}/results", {"payload": {"label": 1}}) == (422, "invalid_request")
    plain = Job(world)
    assert plain.client.refused(f"/v1/tasks/{plain.task['id']}/gold-items", {"items": items}) == (
        409,
        "illegal_transition",
    )
    assert not job.breaches()


def test_workers_who_agree_are_paid_and_the_others_are_not(world: World) -> None:
    job = Job(world, workers=3, review=PAIR)
    first, odd = job.submit("a", worker=0, label="cat"), job.submit("a", worker=1, label="dog")
    world.settle()
    assert [job.get(result)["status"] for result in (first, odd)] == ["submitted"] * 2
    last = job.submit("a", worker=2, label="cat")
    world.settle()
    found = [job.get(result) for result in (first, odd, last)]
    assert [row["status"] for row in found] == ["accepted", "rejected", "accepted"]
    assert found[1]["reason"] == "no_agreement"
    assert [job.earnings(worker)["available"] for worker in range(3)] == [900, 0, 900]
    assert not job.breaches()


def test_racing_answers_to_one_item_are_all_counted(world: World) -> None:
    job = Job(world, workers=3, review=PAIR)
    with ThreadPoolExecutor(3) as pool:
        results = list(
            pool.map(
                lambda worker: job.submit("a", worker=worker, label=("cat", "dog", "cat")[worker]), range(3)
            )
        )
    world.settle()
    assert [job.get(result)["status"] for result in results] == ["accepted", "rejected", "accepted"]


def test_a_task_says_how_its_results_are_reviewed(world: World) -> None:
    client = world.client()
    pay = {"model": "per_result", "unit": usd(100), "quantity": 5}
    body = {"title": "Label", "description": "", "category": "data", "seats": 3}
    posted = client.post("/v1/tasks", {**body, "pay": {**pay, "review": PAIR}}, status=201)
    assert posted["pay"] == {**pay, "review": PAIR}
    for review in (
        {"policy": "trust"},
        {"policy": "gold"},
        {"policy": "manual", "field": "label"},
        {**PAIR, "workers": 1},
        {**PAIR, "workers": 4},
        {**PAIR, "workers": 11},
        None,
    ):
        refused = client.refused("/v1/tasks", {**body, "pay": {**pay, "review": review}})
        assert refused == (422, "invalid_request")
    assert client.refused(f"/v1/tasks/{posted['id']}", {"seats": 1}, method="PATCH") == (
        422,
        "invalid_request",
    )
