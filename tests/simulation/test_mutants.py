"""The net catches: every planted bug breaks a law, and soon."""

import pytest

from tests.simulation import report
from tests.simulation.conftest import Aside
from tests.simulation.mutants.hunt import ALL, noticed, noticed_over_the_wire, over_the_wire

MUTANTS_MIN = 40


@pytest.mark.parametrize("number", range(len(ALL)), ids=[mutant.name for mutant in ALL])
def test_the_simulation_notices(number: int, aside: Aside) -> None:
    found = noticed(ALL[number]) if ALL[number].level == 1 else aside(report.noticed, number)
    assert found, "this bug lives: a law, or something that people do, is missing"


@pytest.mark.deep
@pytest.mark.parametrize("name", over_the_wire())
def test_the_simulation_notices_over_the_wire_too(name: str, aside: Aside) -> None:
    assert aside(noticed_over_the_wire, name), "this bug lives at the second level"


def test_there_are_many_and_each_is_its_own() -> None:
    assert len({mutant.name for mutant in ALL}) == len(ALL) >= MUTANTS_MIN
