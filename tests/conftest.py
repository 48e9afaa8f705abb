"""The running system, once for each test process; tests keep apart by making their own people."""

import gc
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import settings

from sandbox.system import System
from tests.people import World
from tests.replayed_answers import ask_again
from tests.stripe_proof import (
    proof,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
    stripe_says_nothing_invented,
)
from tests.summaries import SUMMARIES

__all__ = [  # pytest finds hooks and fixtures here
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "pytest_testnodedown",
    "stripe_says_nothing_invented",
]


settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
"""How long a machine takes is for benchmarks: a busy one must not fail a law."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the one option that lets tests leave this machine."""
    parser.addoption("--real-stripe", action="store_true", help="run the gateway's tests at Stripe itself")


READ_EVERYTHING = (
    *("test_audit", "test_balances_at", "test_finance_ledger", "test_pump"),
    *("test_days_compared_again", "test_reconciliation", "test_suspense", "test_watch"),
)
"""Files whose tests go through all that their process has made."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that read everything come first, while that is little: last, they took a minute and a half."""
    items.sort(key=lambda item: not item.path.name.startswith(READ_EVERYTHING))


GARBAGE = (7_000, 10, 50)
"""How many objects, looks at the young, and looks at the middle-aged come before the next look."""


def pytest_collection_finish() -> None:
    """What is imported by now lives as long as the process: to look through all of it for garbage, again and
    again, was a fifth of the tests' CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def pytest_configure(config: pytest.Config) -> None:
    """Long tests tell at the end what they found."""
    config.pluginmanager.register(SUMMARIES)


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """Local cloud, local Stripe, HTTP, pollers and timers, with the clock standing still."""
    with System(inspector=proof(), nightly=False) as running:
        running.clock.freeze()
        events = running.runtime.store.connection.client.meta.events
        events.register("before-call.dynamodb.Scan", _refuse_to_scan)
        yield running


def _refuse_to_scan(**_: object) -> None:
    raise AssertionError("a table scan: whatever any test does, none may happen")


@pytest.fixture
def hours_of_its_own(world: World) -> None:
    """No other test's money lies in what the test reconciles."""
    world.advance(hours=7)


@pytest.fixture
def world(system: System) -> Iterator[World]:
    """Callers of the running system."""
    with World(system) as callers:
        callers.http.event_hooks["response"].append(partial(ask_again, callers.http))
        yield callers
