"""Whatever dies, at whatever point, and whoever asks again: one effect, and every law."""

import pytest

from tests.simulation.crash_points import explored
from tests.simulation.flows import FLOWS
from tests.simulation.steps import Flow


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_kill_and_a_fault_at_any_point_change_nothing(flow: Flow) -> None:
    found = explored(flow)
    assert found.points > 1
    assert found.pairs == (found.points * (found.points - 1) // 2 if flow.money else 0)
    assert found.faults
