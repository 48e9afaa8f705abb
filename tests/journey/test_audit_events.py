"""Whatever staff do or read about somebody can be looked up, by who did it and by whom it was about."""

from collections import Counter
from typing import Any

from marketplace.storage.key_uses import HOUR_SECONDS, KeyUses
from tests.people import Caller, World, key

WHY = {"reason_code": "legal", "reason": "a court asked"}


def listed(operator: Caller, query: str) -> list[tuple[str, str]]:
    rows = operator.get(f"/v1/audit-events?{query}")["data"]
    return [(row["type"], row["operation"]) for row in rows]


def test_acts_and_reads_of_staff_are_kept_and_found(world: World) -> None:
    operator, client = world.person("operator"), world.client()
    client.get("/v1/clients/me")
    assert operator.get(f"/v1/clients/{client.id}")["email"] == "ops@acme.example"
    answer = operator.call("POST", f"/v1/clients/{client.id}/suspend", WHY)
    world.settle()
    mine = [("client.suspended", "suspend_client"), ("personal_data.read", "get_client")]
    assert listed(operator, f"subject={client.id}") == [*mine, ("client.created", "create_client")]
    found = operator.get(f"/v1/audit-events?subject={client.id}&limit=1")
    (first,) = found["data"]
    assert first["request_id"] == answer.headers["Request-Id"]
    assert listed(operator, f"actor={first['actor']}") == mine
    assert listed(operator, f"subject={client.id}&limit=2&cursor={found['next_cursor']}")[0] == mine[1]
    assert listed(operator, "limit=100")[:2] == mine


def test_only_operators_see_what_staff_did(world: World) -> None:
    for caller in (world.client(), world.worker(), world.person("finance")):
        assert caller.refused("/v1/audit-events", method="GET") == (403, "forbidden")
    both = world.person("operator").call("GET", "/v1/audit-events?actor=a&subject=b")
    assert both.status_code == 422


def test_a_keys_last_use_is_written_once_an_hour(world: World) -> None:
    client, runtime = world.client(), world.system.runtime
    (before,) = client.get("/v1/clients/me/api-keys")["data"]
    assert before["last_used_at"] is not None
    asked: Counter[str] = Counter()

    class Counted:
        def update_item(self, **request: Any) -> Any:
            asked["writes"] += 1
            return runtime._hasty_dynamodb().update_item(**request)

    uses = KeyUses(Counted, table=runtime.settings.limits_table)
    now = runtime.clock.now() // HOUR_SECONDS * HOUR_SECONDS + 2 * HOUR_SECONDS
    for second in range(0, HOUR_SECONDS, 600):
        uses.note(before["id"], now + second)
    assert asked["writes"] == 1
    assert runtime.key_uses.last_used(before["id"]) == now
    uses.note(before["id"], now + HOUR_SECONDS)
    assert runtime.key_uses.last_used(before["id"]) == now + HOUR_SECONDS


def test_a_key_is_rotated_in_one_step_and_the_old_one_ends_when_it_was_said(world: World) -> None:
    client, path = world.client(), "/v1/clients/me/api-keys"
    first = client.get(path)["data"][0]["id"]
    made = client.post(f"{path}/{first}/rotate", {"overlap_seconds": 3_600}, status=201)
    second = Caller(world.http, made["api_key"], client.id)
    assert (made["status"], made["scopes"], made["previous"]["id"]) == ("active", ["work", "money"], first)
    for caller in (client, second):
        assert caller.get("/v1/clients/me")["id"] == client.id
    assert client.refused(f"{path}/{first}/rotate") == (409, "illegal_transition")
    world.advance(seconds=3_600)
    assert client.refused("/v1/clients/me", method="GET") == (401, "unauthenticated")
    headers = {name.replace("-", "_"): value for name, value in key().items()}
    third = second.call("POST", f"{path}/{made['id']}/rotate", {"overlap_seconds": 0}, **headers).json()
    assert second.refused("/v1/clients/me", method="GET") == (401, "unauthenticated")
    last = Caller(world.http, third["api_key"], client.id)
    assert {row["status"] for row in last.get(path)["data"]} == {"active", "revoked"}
    clerk = Caller(world.http, last.post(path, {"scopes": ["work"]})["api_key"])
    assert clerk.refused(f"{path}/{third['id']}/rotate") == (403, "forbidden")
    too_long = {"overlap_seconds": 7 * 86_400 + 1}
    assert last.refused(f"{path}/{third['id']}/rotate", too_long) == (422, "invalid_request")
    ended = last.post(f"{path}/{third['id']}/rotate")
    assert last.call("DELETE", f"{path}/{third['id']}").json()["status"] == "revoked"
    assert last.refused(path, method="GET") == (401, "unauthenticated")
    assert Caller(world.http, ended["api_key"]).get(path)["data"]
