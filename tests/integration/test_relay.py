"""An operator can send events again, and it changes nothing that has happened."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.relay import relay
from cli.relay import instant, send_again
from tests.people import World


def test_events_sent_again_reach_their_queues_and_have_no_second_effect(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    client = world.client(USD=5_000)
    before = client.get("/v1/wallet"), client.get("/v1/wallet/entries")
    now = datetime.now(UTC)
    assert send_again(world.system.runtime, since=now - timedelta(minutes=1), until=now) == 0
    assert int(capsys.readouterr().out.removeprefix("events sent again: ")) >= 3
    world.settle()
    assert (client.get("/v1/wallet"), client.get("/v1/wallet/entries")) == before


def test_what_a_queue_did_not_take_is_read_from_the_stream_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def refuses_once(event: dict[str, Any], context: object) -> Any:
        if refused:
            return relay(event, context)
        refused.append(event["Records"][0]["dynamodb"]["SequenceNumber"])
        return {"batchItemFailures": [{"itemIdentifier": refused[0]}]}

    world.settle()
    monkeypatch.setattr("sandbox.pump.relay", refuses_once)
    client = world.client()
    world.settle()
    assert refused
    chain = world.person("finance").get(f"/v1/finance/trace/{client.id}")["chain"]
    assert [link["detail"].split(" ")[0] for link in chain if link["kind"] == "event"] == ["client.created"]


def test_a_record_that_is_no_event_is_named_and_what_was_before_it_is_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def record(number: int, kind: str) -> dict[str, Any]:
        image = {"id": {"S": f"evt_{number}"}, "type": {"S": kind}}
        return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": image}}

    records = [record(98, "task.draft"), record(99, "no.such.type"), record(100, "task.draft")]
    runtime = world.system.runtime
    sqs = runtime.aws("sqs")
    queue = {"QueueUrl": sqs.create_queue(QueueName="only-for-this-test")["QueueUrl"]}
    settings = runtime.settings.model_copy(update={"settlements_queue_url": queue["QueueUrl"]})
    with world.system.time.standing_still():  # what the pump relays meanwhile must not come here
        monkeypatch.setattr(runtime, "settings", settings)
        assert relay({"Records": records}, None) == {"batchItemFailures": [{"itemIdentifier": "99"}]}
        monkeypatch.undo()
    sent = sqs.receive_message(**queue, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(message["Body"])["id"] for message in sent] == ["evt_98"]
    sqs.delete_queue(**queue)


def test_an_instant_is_utc_unless_it_says_otherwise() -> None:
    assert instant("2026-11-22T03:04:05") == instant("2026-11-22T04:04:05+01:00")
