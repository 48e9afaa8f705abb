"""What the tests of the local Stripe share."""

from collections.abc import Iterator

import pytest

from tests.contract.local_stripe import LocalStripe


@pytest.fixture
def here() -> Iterator[LocalStripe]:
    """A local Stripe of its own for each test."""
    local = LocalStripe.start()
    yield local
    local.close()
