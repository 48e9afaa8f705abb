"""The net catches: every planted bug breaks a law, and soon."""

import pytest

from tests.simulation.mutants import Mutant
from tests.simulation.mutants.hunt import ALL, hunted

MUTANTS_MIN = 40


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_the_simulation_notices(mutant: Mutant) -> None:
    assert hunted(mutant), "this bug lives: a law, or something that people do, is missing"


def test_there_are_many_and_each_is_its_own() -> None:
    assert len({mutant.name for mutant in ALL}) == len(ALL) >= MUTANTS_MIN
