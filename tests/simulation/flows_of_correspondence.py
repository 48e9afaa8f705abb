"""Flows of what sides of a contract write, and of what clients' systems are told."""

from typing import Any

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask
from tests.simulation.steps import (
    Flow,
    Step,
    first,
    later,
    newest,
    of_client,
    tried,
    work_off,
    work_off_twice,
)
from tests.simulation.world import World

URL = "https://hooks.example/in"
LISTEN = first("cli", "create_webhook_endpoint", {"url": URL, "events": ["*"]})
FILE = {"name": "a.txt", "content_type": "text/plain", "size": 5}
TASK = {"title": "Work", "description": "", "category": "cx"}
PAY = {"model": "milestone", "budget": {"amount": 1_000, "currency": "USD"}}
POST = first("cli", "post_task", {**TASK, "pay": PAY})
PUBLISH = of_client("publish_task", "task", "draft")
DAYS = 5 * 86_400


def on_endpoint(operation: str, body: Any = None) -> Step:
    """Its client's call about the youngest endpoint."""

    def step(world: World) -> Ask:
        row = newest(world, "whk")
        return ask(operation, row.client_id, body, endpoint_id=row.id)

    return step


def redeliver(world: World) -> Ask:
    row = newest(world, "dlv")
    return ask("redeliver_webhook", row.client_id, delivery_id=row.id)


def about_contract(operation: str, body: Any, *, worker: bool = False) -> Step:
    """A side's call about the youngest contract, `body` made of the world."""

    def step(world: World) -> Ask:
        con = newest(world, "con")
        made = body(world) if callable(body) else body
        return ask(operation, con.worker_id if worker else con.client_id, made, contract_id=con.id)

    return step


def confirm(world: World) -> Ask:
    con, row = newest(world, "con"), newest(world, "file")
    return ask("confirm_attachment", con.worker_id, contract_id=con.id, attachment_id=row.id)


def listens(world: World) -> None:
    """From now on events are announced, and answers are the JSON that webhooks tell again."""
    world.queues.announces = world.rendered = True


def out_of_reach(world: World) -> None:
    """What is sent in the next attempt never comes, and the one after it is late."""
    begun = world.outside.touches
    world.outside.forced = dict.fromkeys(range(begun, begun + 1_000), "down")
    work_off(world)
    world.outside.forced = {}


def noted(world: World) -> None:
    """Once all messages are worked on, the youngest endpoint is to be told of the youngest task, once."""
    if not world.queues.waiting and not world.store.stream:
        told = [row.type for row in world.heads("dlv") if row.endpoint_id == newest(world, "whk").id]
        assert told == ["task.open"], f"law 10: {told} was put down for an open task"


def only_kept_files(world: World) -> None:
    """Nobody is referred to a file that may not have come."""
    for message in world.heads("msg"):
        states = [world.head(name).status for name in message.attachments]
        assert set(states) <= {"ready"}, f"law 8: {message.id} refers to files that are {states}"


def heard(world: World) -> None:
    """What was to be told has been: each delivery of an enabled endpoint came, and its id once."""
    names = [(row.event_id, row.endpoint_id) for row in world.heads("dlv")]
    assert len(names) == len(set(names)), f"law 9: {names} were put down twice"
    for row in world.heads("dlv"):
        if row.status == "delivered":
            assert row.event_id in world.receiver.taken, f"law 10: {row.id} says that it was delivered"
        assert row.status != "failed", f"law 11: {row.id} was given up after {row.tries} tries"


ATTACH = about_contract("add_attachment", FILE, worker=True)
SEND = about_contract(
    "send_message", lambda world: {"text": "Here.", "attachments": [newest(world, "file").id]}, worker=True
)
TEST = on_endpoint("send_test_webhook")
HEARING = (LISTEN, listens)

CORRESPONDENCE = (
    Flow("a file is handed over with a message", (ATTACH, confirm, SEND)),
    Flow("a file that nobody confirmed is not sent", (tried(SEND), only_kept_files), (ATTACH,)),
    Flow(
        "a message is read",
        (about_contract("mark_messages_read", lambda world: {"message_id": newest(world, "msg").id}),),
        (ATTACH, confirm, SEND),
    ),
    Flow(
        "an endpoint is made, changed, given a new secret, and deleted",
        (
            LISTEN,
            on_endpoint("change_webhook_endpoint", {"events": ["task.open"]}),
            on_endpoint("rotate_webhook_secret", {"overlap_seconds": 60}),
            on_endpoint("delete_webhook_endpoint"),
        ),
    ),
    Flow(
        "a client's system is told of a task",
        (PUBLISH, work_off_twice, work_off, noted, heard),
        (POST, work_off, *HEARING),
    ),
    Flow("a test is sent, by messages that come twice", (TEST, work_off_twice, heard), HEARING),
    Flow(
        "a test that does not come is sent later",
        (out_of_reach, later(60), work_off, heard),
        (*HEARING, TEST),
    ),
    Flow("what came is sent again", (redeliver, work_off, heard), (*HEARING, TEST, work_off)),
)
