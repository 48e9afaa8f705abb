"""The net catches: every planted bug breaks a law, and soon."""

import pytest

from tests.simulation import report
from tests.simulation.conftest import Aside
from tests.simulation.mutants.hunt import ALL, noticed

MUTANTS_MIN = 40


@pytest.mark.parametrize("number", range(len(ALL)), ids=[mutant.name for mutant in ALL])
def test_the_simulation_notices(number: int, aside: Aside) -> None:
    found = noticed(ALL[number]) if ALL[number].level == 1 else aside(report.noticed, number)
    assert found, "this bug lives: a law, or something that people do, is missing"


def test_there_are_many_and_each_is_its_own() -> None:
    assert len({mutant.name for mutant in ALL}) == len(ALL) >= MUTANTS_MIN
