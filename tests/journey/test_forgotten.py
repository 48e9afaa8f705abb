"""A worker's copy carries everything of theirs; once they are forgotten, nothing of it is left in any table
but what stays for a reason that is told."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.work import copies, forgotten
from marketplace.shared.ids import prefix_of
from marketplace.storage import codec
from marketplace.storage.models import EventItem, HeadItem, TrailItem
from marketplace.storage.shelves import SHELVES
from tests.journey.test_onboarding import DOCUMENT, EXAM, RIGHT, handed_in
from tests.people import Caller, World, usd
from tests.saying import MARK, marking, sayable, watched

KINDS = {shelf.prefix: shelf.kind.__name__ for shelf in SHELVES}
POSTED = {one for one in sayable() if one[0].startswith(("post_task", "define_", "publish_", "create_pool"))}
WHY = {"reason": "because"}
ID = re.compile(r'"((?:[a-z]{2,4})_[0-9a-hjkmnp-tv-z]{26})"')
Place = tuple[str, str]
"""About what a row of the trail is, and its position."""
OWN_COMPANY = "Agency"
NOT_HAD = {"Suspension", "Payout", "Outcome", "Evidence"}
"""Of these the worker has none: whoever has money is not forgotten."""


@pytest.fixture
def written(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[Caller, list[Any], set[str], set[Place]]:
    """A worker with something of each kind, the rows of their copy, all ids that were written then, and where
    rows of the trail were: a list of tasks holds those of others as well."""
    client, friend = world.client(USD=9_000), world.worker()
    with watched(world.system) as kept, marking(monkeypatch, but=POSTED):
        worker = _live(world, client, friend)
        worker.post("/v1/workers/me/export")
        world.settle()
        copy = worker.get("/v1/workers/me/export")
        assert (copy["status"], copy["complete"]) == ("ready", True)
        pages = [
            worker.get(f"/v1/workers/me/export/content?part={part}")["data"] for part in range(copy["parts"])
        ]
        worker.post("/v1/workers/me/erasure")
        world.farewell()
    sent = "".join(kept.texts)
    places = {place for text in kept.texts if text.startswith('{"') for place in _places(json.loads(text))}
    return worker, [row for page in pages for row in page], set(ID.findall(sent)), places


def test_a_copy_carries_all_and_once_forgotten_only_what_proves_a_contract_is_left(
    written: tuple[Caller, list[Any], set[str], set[Place]],
) -> None:
    worker, rows, ids, places = written
    assert worker.get("/v1/workers/me/erasure")["status"] == "erased"
    found = {KINDS.get(prefix_of(row.get("id", "")), row["object"]) for row in rows}
    found |= {row["object"] for row in rows}
    wanted = {row.kind.__name__ for row in copies.COPIED} - {"Standing", "ReferralCode"} - NOT_HAD
    assert {"submission", "track", "reputation", "referral_code", *wanted} <= found
    assert json.dumps(rows).count(MARK) > 15
    left = {KINDS[prefix_of(name)] for name in ids if _is_marked(name)}
    assert left <= {*forgotten.KEPT, *forgotten.NOT_OF_WORKERS}
    assert left - {OWN_COMPANY} <= {
        name for name, why in forgotten.KEPT.items() if why == forgotten._CONTRACT
    }
    assert len(places) > 15
    assert [place for place in places if _is_marked_row(place)] == []
    answers = [event for event in map(_event, ids) if event and event.answer and event.actor == worker.id]
    assert len(answers) > 15
    assert [event.type for event in answers if not event.answer.body.startswith(f"~{worker.id}:")] == []


def _live(world: World, client: Caller, friend: Caller) -> Caller:
    """A worker who has done what workers do, and has neither work nor money any more."""
    operator = world.person("operator")
    code = friend.post("/v1/workers/me/referral-code")["code"]
    worker = world.person("worker")
    skills = [{"name": MARK, "level": 3}]
    profile = {"name": "Ada", "country": "US", "languages": ["en"], "skills": skills, "headline": "Chat"}
    worker.id = worker.post("/v1/workers", profile)["id"]
    worker.post("/v1/workers/me/referral", {"code": code})
    worker.post("/v1/workers/me/referral-code")
    worker.post("/v1/workers/me/payout-account")
    worker.call("PUT", "/v1/workers/me/payout-schedule", {"interval": "weekly"})
    worker.post("/v1/agencies", {"name": "North"})
    _papers(client, worker)
    _declined(world, client, worker, operator)
    _worked(world, client, worker, operator)
    return worker


def _papers(client: Caller, worker: Caller) -> None:
    handed_in(worker, f"/v1/documents/{worker.post('/v1/workers/me/documents', DOCUMENT)['id']}")
    worker.post("/v1/workers/me/screenings", {"kind": "tax_form"})
    qualification = client.post("/v1/qualifications", {"name": "Refunds", "exam": EXAM})["id"]
    attempt = worker.post(f"/v1/qualifications/{qualification}/attempts")
    worker.post(f"/v1/attempts/{attempt['id']}/submit", RIGHT)
    client.post(f"/v1/qualifications/{qualification}/grants", {"worker_id": worker.id, **WHY})
    agreement = client.post("/v1/agreements", {"title": "NDA", "text": "Say nothing."})
    worker.post(f"/v1/workers/me/agreements/{agreement['id']}/sign", {"name": "Ada"})
    path = f"/v1/pools/{client.post('/v1/pools', {'name': 'Regulars', 'kind': 'curated'})['id']}"
    worker.post(f"{path}/join", {"note": "Please"})
    client.post(f"{path}/members/{worker.id}/decline", WHY)


def _declined(world: World, client: Caller, worker: Caller, operator: Caller) -> None:
    """An invitation, a bid that came to nothing, and an appeal about that."""
    task = world.task(client, {"model": "milestone", "budget": usd(100)})
    client.post(f"/v1/tasks/{task['id']}/invitations", {"worker_ids": [worker.id]})
    rows = [{"title": "All", "amount": usd(100)}]
    bid = worker.post(
        f"/v1/tasks/{task['id']}/bids", {"price": usd(100), "milestones": rows, "message": "Hi"}
    )
    client.post(f"/v1/bids/{bid['id']}/decline", WHY)
    appeal = worker.post("/v1/appeals", {"subject_id": bid["id"], **WHY})
    client.post(f"/v1/appeals/{appeal['id']}/answer", {"statement": "We chose."})
    operator.post(f"/v1/appeals/{appeal['id']}/decide", {"outcome": "denied", **WHY})


def _worked(world: World, client: Caller, worker: Caller, operator: Caller) -> None:
    """Contracts of each kind, whose money all goes back."""
    contract = world.milestone_contract(client, worker, 2_000)
    path = f"/v1/contracts/{contract['id']}"
    milestone = f"{path}/milestones/{contract['milestones'][0]['id']}"
    worker.post(f"{path}/messages", {"text": "Hello"})
    worker.post(f"{path}/attachments", {"name": "a.csv", "content_type": "text/csv", "size": 1})
    client.post(f"{milestone}/fund")
    worker.post(f"{milestone}/submit", {"note": "Done"})
    claim = {"subject_id": contract["milestones"][0]["id"], "claim": "no", "requested": usd(2_000)}
    dispute = client.post(f"{path}/disputes", claim)
    client.post(f"/v1/disputes/{dispute['id']}/escalate")
    operator.post(f"/v1/disputes/{dispute['id']}/decide", {"to_worker": usd(0), **WHY})
    client.post(f"{path}/complete")
    for side in (client, worker):
        side.post(f"{path}/ratings", {"overall": 2, "comment": "slow"})
    _timed(world, client, worker)


def _timed(world: World, client: Caller, worker: Caller) -> None:
    """A session without pay, and a result that is turned down."""
    minutes = world.minute_contract(client, worker, rate="60")
    path = f"/v1/contracts/{minutes['id']}"
    client.post(f"{path}/fund", {"amount": usd(600)})
    session = worker.post(f"{path}/sessions", {"at": world.in_seconds(0)})["id"]
    worker.post(f"/v1/sessions/{session}/stop")
    task = world.result_task(client, price=1_000)
    results = world.contract(client, worker, task, {"price": usd(1_000), "message": "Hi"})
    path = f"/v1/contracts/{results['id']}"
    client.post(f"{path}/fund", {"amount": usd(1_000)})
    result = worker.post(f"{path}/results", {"payload": {"label": "cat"}})["id"]
    client.post(f"/v1/results/{result}/reject", WHY)
    for contract in (minutes, results):
        client.post(f"/v1/contracts/{contract['id']}/cancel")


def _is_marked(identifier: str) -> bool:
    """Whether the head of that id, opened, still tells, or what rides on it."""
    if prefix_of(identifier) not in KINDS:
        return False
    try:
        texts = codec.head_texts(identifier, HeadItem.get(identifier, consistent_read=True).body)
    except HeadItem.DoesNotExist:
        return False
    return MARK in "".join(texts)


def _places(sent: Any) -> Iterator[Place]:
    """Of the rows of the trail in a request."""
    if isinstance(sent, list):
        for one in sent:
            yield from _places(one)
    elif isinstance(sent, dict):
        match sent:
            case {"about": {"S": about}, "position": {"S": position}}:
                yield about, position
        for one in sent.values():
            yield from _places(one)


def _is_marked_row(place: Place) -> bool:
    try:
        return MARK.casefold() in TrailItem.get(*place, consistent_read=True).body.casefold()
    except TrailItem.DoesNotExist:
        return False


def _event(identifier: str) -> Any:
    if prefix_of(identifier) != "evt":
        return None
    try:
        return codec.event_of(EventItem.get(identifier, consistent_read=True))
    except EventItem.DoesNotExist:
        return None
