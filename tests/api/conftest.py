"""The stage is set once for all tests of this folder, which therefore run in one process."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from marketplace.contracts.fee_schedules import CALENDAR_ID
from marketplace.storage.models import HeadItem
from sandbox.system import System
from tests.api.stage import Stage, build
from tests.people import World


@pytest.fixture(scope="package")
def stage(system: System) -> Iterator[Stage]:
    """Afterwards no fee schedule is left: other tests hire too."""
    with World(system) as world:
        yield build(world)
        with suppress(HeadItem.DoesNotExist):
            HeadItem.get(CALENDAR_ID).delete()
