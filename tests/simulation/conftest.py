"""A process of its own for the second level."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

Aside = Callable[..., Any]


@pytest.fixture(scope="session")
def aside() -> Iterator[Aside]:
    """Calls a function over there. A story of the second level points the product's models at its own tables,
    and here the threads of the running system look at them too."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield lambda function, *given: pool.submit(function, *given).result()
