"""Every local Stripe of the tests is held to Stripe's own document; what it says wrongly fails the test.

The counts of all worker processes are added up and shown when the run ends.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from infra.stripe_spec import DOCUMENT
from sandbox.stripe.proof import Proof
from sandbox.stripe.spec import Spec

COUNTED = ("requests", "answers", "events")

_total: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}


@cache
def proof() -> Proof:
    """The one inspector of this process."""
    return Proof(Spec.read(DOCUMENT))


@pytest.fixture(autouse=True)
def stripe_says_nothing_invented() -> Iterator[None]:
    """Whatever a local Stripe accepted or said during the test is in Stripe's document."""
    yield
    if proof.cache_info().currsize:
        strays = list(proof().strays)
        proof().strays.clear()
        if strays:
            pytest.fail("\n".join(strays))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Counts what this process has seen; a worker hands it to the process that reports."""
    seen = {name: dict(getattr(proof(), name)) for name in COUNTED} if proof.cache_info().currsize else {}
    handed: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if handed is None:
        _add(seen)
    else:
        handed["stripe_proof"] = seen


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Adds what a worker process has seen."""
    _add(getattr(node, "workeroutput", {}).get("stripe_proof", {}))


def _add(seen: dict[str, dict[str, int]]) -> None:
    for name, counts in seen.items():
        _total[name].update(counts)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line at the end of a run that used a local Stripe."""
    if _total["requests"]:
        requests, answers, events = (_total[name] for name in COUNTED)
        terminalreporter.write_line(
            f"held to Stripe's document: {requests.total():,} requests to {len(requests)} operations, "
            f"{answers.total():,} objects of {len(answers)} kinds, "
            f"{events.total():,} events of {len(events)} types"
        )
