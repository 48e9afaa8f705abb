"""Flows of pools, invitations and referrals: they touch neither money nor contracts, and are killed too."""

from typing import Any

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask, money
from tests.simulation.steps import Flow, Step, newest, of_client, of_minutes, work_off
from tests.simulation.world import World


def make(kind: str) -> Step:
    """The first client makes a pool."""
    return lambda world: ask("create_pool", _client(world), {"name": "Regulars", "kind": kind})


def by_client(operation: str, body: Any = None, *, worker: bool = False) -> Step:
    """The client's call on the newest pool, about the third worker or about the pool itself."""

    def step(world: World) -> Ask:
        path = {"worker_id": _worker(world)} if worker else {}
        return ask(operation, _client(world), body, pool_id=newest(world, "pool").id, **path)

    return step


def by_worker(operation: str, body: Any = None) -> Step:
    """The third worker's call on the newest pool."""
    return lambda world: ask(operation, _worker(world), body, pool_id=newest(world, "pool").id)


def _client(world: World) -> str:
    client: str = world.store.of_kind["cli"][0]
    return client


def _worker(world: World, number: int = 2) -> str:
    worker: str = world.store.of_kind["wrk"][number]
    return worker


def add(world: World) -> Ask:
    """The client adds or invites the second and the third worker."""
    body = {"worker_ids": [_worker(world, 1), _worker(world)]}
    return ask("add_pool_members", _client(world), body, pool_id=newest(world, "pool").id)


def by_code(world: World) -> Ask:
    """The third worker brings the newest pool's code."""
    return ask("join_pool_by_code", _worker(world), {"code": newest(world, "pool").code})


def post(visibility: str = "") -> tuple[Step, ...]:
    """A task of that visibility, or for the newest pool, is open."""

    def drafted(world: World) -> Ask:
        body = {"title": "Work", "description": "Do it.", "category": "cx"}
        pay = {"model": "milestone", "budget": money(2_000, "USD")}
        seen_by = visibility or newest(world, "pool").visibility
        return ask("post_task", _client(world), {**body, "pay": pay, "visibility": seen_by})

    return drafted, of_client("publish_task", "task", "draft")


def bid(world: World) -> Ask:
    """The third worker bids on the newest task."""
    body = {"price": money(2_000, "USD"), "message": "I."}
    return ask("submit_bid", _worker(world), body, task_id=newest(world, "task").id)


def invite(world: World) -> Ask:
    """The second and the third worker are asked."""
    body = {"worker_ids": [_worker(world, 1), _worker(world)]}
    return ask("invite_workers", _client(world), body, task_id=newest(world, "task").id)


def step_invitation(operation: str, by: str) -> Step:
    """One side's answer to the newest invitation."""

    def step(world: World) -> Ask:
        row = newest(world, "inv")
        return ask(operation, getattr(row, by), invitation_id=row.id)

    return step


def name_referrer(world: World) -> Ask:
    """The third worker was brought by the first."""
    return ask("name_referrer", _worker(world), {"code": newest(world, "rfc").code})


CODE: Step = lambda world: ask("create_referral_code", _worker(world, 0))  # noqa: E731  a step is a value
APPLIED = (make("curated"), by_worker("join_pool", {"note": "Please"}))
ASKED = (*post("invited"), invite)
REASON = {"reason": "No."}

POOLS = (
    Flow(
        "make pools, change one, give it another code",
        (
            make("alumni"),
            make("customers"),
            by_client("change_pool", {"name": "Best"}),
            by_client("renew_pool_code"),
        ),
    ),
    Flow("add members, and one bids on the pool's task", (add, *post(), bid), (make("private"),)),
    Flow(
        "take a member out", (by_client("remove_pool_member", REASON, worker=True),), (make("private"), add)
    ),
    Flow("apply, and be approved", (APPLIED[1], by_client("approve_pool_member", worker=True)), APPLIED[:1]),
    Flow("be declined", (by_client("decline_pool_member", REASON, worker=True),), APPLIED),
    Flow(
        "accept an invitation to a pool, and leave",
        (
            by_worker("accept_pool"),
            by_worker("leave_pool"),
        ),
        (make("invited"), add),
    ),
    Flow("come in by code", (by_code,), (make("customers"),)),
    Flow("become an alumnus", (of_minutes("complete_contract"), work_off), (make("alumni"),)),
    Flow("invite to a task, and one bids", (invite, bid), ASKED[:2]),
    Flow("decline an invitation", (step_invitation("decline_invitation", "worker_id"),), ASKED),
    Flow(
        "withdraw an invitation, and ask again",
        (
            step_invitation("withdraw_invitation", "client_id"),
            invite,
        ),
        ASKED,
    ),
    Flow("say who brought one", (CODE, name_referrer)),
)
