"""Whatever dies, at whatever point, and whoever asks again: one effect, and every law."""

import sys
from collections.abc import Iterable
from functools import partial
from importlib import import_module
from types import FrameType
from typing import Any

import pytest

from tests.money_use_cases import Name, money_use_cases
from tests.simulation import report
from tests.simulation.conftest import Aside
from tests.simulation.crash_points import Points, broken_flows, explored, points_of
from tests.simulation.flows import FLOWS
from tests.simulation.steps import Flow

EACH_TIME = ("fund", "submit and approve", "approve minutes", "withdraw", "refund to the card")
"""Killed at every request in `make test`: into a hold, out of it by two ways, and out of the market by two.
`make test-deep` does it with all flows; at the first level all are killed each time, pairs as well."""


def test_every_flow_can_be_told_when_nothing_goes_wrong() -> None:
    assert broken_flows() == {}


def test_every_use_case_that_moves_money_is_killed_at_all_pairs() -> None:
    """Those of timers and messages too: each runs in a flow of money, as that is told."""
    wanted = {id(getattr(import_module(name[0]), name[1]).__code__): name for name in money_use_cases()}
    told: set[Name] = set()

    def listen(frame: FrameType, happened: str, _: Any) -> None:
        if happened == "call" and id(frame.f_code) in wanted:
            told.add(wanted[id(frame.f_code)])

    assert broken_flows() == {}
    sys.setprofile(listen)
    try:
        for flow in FLOWS:
            if flow.money:
                points_of(flow)
    finally:
        sys.setprofile(None)
    assert told == set(wanted.values())


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_kill_and_a_fault_at_any_point_change_nothing(flow: Flow) -> None:
    found = explored(flow)
    assert found.points == found.killed > 1
    assert found.pairs == (found.points * (found.points - 1) // 2 if flow.money else 0)
    assert found.faults


def _numbered(flows: Iterable[Flow]) -> list[Any]:
    return [pytest.param(FLOWS.index(flow), id=flow.name) for flow in flows]


@pytest.mark.parametrize("number", _numbered(flow for flow in FLOWS if flow.name in EACH_TIME))
def test_a_kill_at_any_request_of_moving_money_changes_nothing(number: int, aside: Aside) -> None:
    found = aside(partial(report.explored, 2, others=False), number)
    assert isinstance(found, Points), found
    assert found.points == found.killed > 1


@pytest.mark.deep
@pytest.mark.parametrize("number", _numbered(FLOWS))
def test_a_kill_and_a_fault_at_any_request_change_nothing(number: int, aside: Aside) -> None:
    found = aside(partial(report.explored, 2, others=True), number)
    assert isinstance(found, Points), found
    assert found.faults
