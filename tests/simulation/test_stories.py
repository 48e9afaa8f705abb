"""The laws hold in every story, a story is the same whenever it is told, and everything is played."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.api import OPERATIONS
from tests.simulation import crash_points, deeds, seeds
from tests.simulation.calls import Answered, Ask
from tests.simulation.conftest import Aside
from tests.simulation.flows import FLOWS
from tests.simulation.mutants.hunt import ALL
from tests.simulation.report import LEVELS, stories
from tests.simulation.scheduler import play
from tests.simulation.shrink import shrunk
from tests.simulation.world import World

A_FLOW = "touches neither money nor contracts: its flow is killed at every touch"

NOT_PLAYED = {
    "create_client": "the openings make them",
    "create_worker": "the openings make them",
    "create_own_api_key": "moves no money",
    "create_api_key": "moves no money",
    "rotate_api_key": "moves no money",
    "revoke_api_key": "moves no money",
    **dict.fromkeys(
        (
            *("suspend_client", "reinstate_client", "deactivate_worker", "reinstate_worker"),
            *("request_export", "request_client_export"),
            *("request_worker_erasure", "request_client_erasure"),
        ),
        "moves no money: killed at every touch in flows_of_standing; doors are passed by here",
    ),
    **dict.fromkeys(("book_to_suspense", "reverse_journal"), "killed at every touch in flows_of_suspense"),
    "request_export_file": "moves no money: its steps break off at every touch in test_export_files",
    "close_period": "once a month: killed at every touch in flows_of_periods, at all pairs with late timers",
    **dict.fromkeys(
        ("create_pool", "change_pool", "renew_pool_code", "add_pool_members", "approve_pool_member"), A_FLOW
    ),
    **dict.fromkeys(("decline_pool_member", "remove_pool_member", "join_pool", "join_pool_by_code"), A_FLOW),
    **dict.fromkeys(("accept_pool", "leave_pool", "create_referral_code", "name_referrer"), A_FLOW),
    **dict.fromkeys(("invite_workers", "decline_invitation", "withdraw_invitation"), A_FLOW),
    **dict.fromkeys(
        (
            *("publish_agreement", "publish_agreement_version", "sign_agreement", "define_qualification"),
            *("publish_exam", "grant_qualification", "revoke_qualification", "start_attempt"),
            *("submit_attempt", "add_document", "confirm_document", "review_document", "start_screening"),
        ),
        "moves no money: killed at every touch in flows_of_onboarding",
    ),
    **dict.fromkeys(
        (
            *("make_appeal", "answer_appeal", "decide_appeal"),
            *("appeal_rating", "remove_rating", "uphold_rating"),
        ),
        "rare: killed at every touch in flows_of_appeals, at all pairs where a granted one pays",
    ),
    **dict.fromkeys(
        (
            *("send_message", "mark_messages_read", "add_attachment", "confirm_attachment"),
            *("create_webhook_endpoint", "rotate_webhook_secret", "delete_webhook_endpoint"),
            *("change_webhook_endpoint", "send_test_webhook", "redeliver_webhook"),
        ),
        "moves no money: killed at every touch in flows_of_correspondence",
    ),
    "enable_webhook_endpoint": "moves no money: no story has a receiver that is gone",
    "receive_screening_event": "played without its signature: flows_of_onboarding.finds",
    "receive_stripe_event": "played without its signature: World.hear",
}
"""Operations that change something and have no deed, with the reason."""


def _hold(seeds: range, level: int, aside: Aside) -> None:
    played = stories(seeds) if level == 1 else aside(stories, seeds, level)
    broken = [story for story in played if story.breach]
    assert not broken, [(one.seed, one.breach) for one in broken]


def _named(pieces: Callable[[int], Iterator[range]]) -> list[Any]:
    return [
        pytest.param(piece, level, id=f"level {level} from {piece.start}")
        for level in LEVELS
        for piece in pieces(level)
    ]


@pytest.mark.parametrize(("piece", "level"), _named(seeds.pieces))
def test_every_law_holds_in_every_story(piece: range, level: int, aside: Aside) -> None:
    _hold(piece, level, aside)


@pytest.mark.deep
@pytest.mark.parametrize(("piece", "level"), _named(seeds.deep_pieces))
def test_every_law_holds_in_many_more_stories(piece: range, level: int, aside: Aside) -> None:
    if not seeds.is_held(piece, level):
        _hold(piece, level, aside)
        seeds.hold(piece, level)


@pytest.mark.parametrize("level", LEVELS)
def test_a_seed_tells_the_same_story_byte_for_byte_in_any_process(level: int) -> None:
    def told(hash_seed: str) -> bytes:
        run = [sys.executable, "-m", "tests.simulation", "--seed", "8", "--level", str(level)]
        return subprocess.run(
            run, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, check=True
        ).stdout

    once = told("1")
    assert once == told("2")
    assert once.endswith(b"every law holds\n")


def test_a_failing_story_is_shrunk_to_the_steps_that_it_takes() -> None:
    (bug,) = [mutant for mutant in ALL if mutant.name == "a fallen offer keeps its seat"]
    with bug.planted():
        seed = next(seed for seed in range(500) if play(seed).breach)
        kept = shrunk(seed)
        story = play(seed)
        assert len(kept) < story.steps / 2
        left_out = [number for number in range(story.steps) if number not in kept]
        assert play(seed, without=left_out).breach.partition(":")[0] == story.breach.partition(":")[0]


def test_every_operation_that_changes_something_is_played() -> None:
    changing = {operation.run.__name__ for operation in OPERATIONS if operation.method != "GET"}
    played = {deed.operation for deed in deeds.DEEDS}
    assert changing - played == NOT_PLAYED.keys()


def test_every_deed_is_killed_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    called: set[str] = set()
    plain = World.call

    def call(world: World, ask: Ask) -> Answered:
        called.add(ask.operation)
        return plain(world, ask)

    monkeypatch.setattr(World, "call", call)
    for flow in FLOWS:
        crash_points.points_of(flow)
    assert {deed.operation for deed in deeds.DEEDS} - called == set()
