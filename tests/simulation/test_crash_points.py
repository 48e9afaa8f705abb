"""Whatever dies, at whatever point, and whoever asks again: one effect, and every law."""

import pytest

from tests.simulation.crash_points import explored
from tests.simulation.flows import FLOWS
from tests.simulation.steps import Flow


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_kill_and_a_fault_at_any_point_change_nothing(flow: Flow) -> None:
    found = explored(flow)
    assert found.points == found.killed > 1
    assert found.pairs == (found.points * (found.points - 1) // 2 if flow.money else 0)
    assert found.faults


@pytest.mark.parametrize("flow", [flow for flow in FLOWS if flow.money], ids=lambda flow: flow.name)
def test_a_kill_at_any_request_of_moving_money_changes_nothing(flow: Flow) -> None:
    found = explored(flow, pairs=False, others=False, level=2)
    assert found.points == found.killed > 1


@pytest.mark.deep
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_kill_and_a_fault_at_any_request_change_nothing(flow: Flow) -> None:
    assert explored(flow, pairs=False, level=2).faults
