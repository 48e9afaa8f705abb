"""Conflicts, throttling and lost answers, at every request that a use case of money makes to its tables, on
the wire of the real client: one effect, and the same answer for whoever repeats it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

import pytest

from cli.audit import audit
from marketplace.shared.accounts import is_platform
from marketplace.storage import ledger
from marketplace.storage.marks import CALENDAR
from marketplace.storage.meter import Meter, Request
from sandbox.system import System
from tests.doors import Answer
from tests.fault_proxy import FaultProxy, Trouble, through, troubles_of
from tests.money_cases import CASES, Case, Deed, Stage
from tests.money_use_cases import money_use_cases
from tests.people import World

pytestmark = pytest.mark.xdist_group("fault proxy")

Figures = Counter[str]


@pytest.fixture(scope="module")
def stage(system: System) -> Iterator[Stage]:
    """Nothing works in the background while it stands; afterwards everything settles, and the laws hold."""
    with World(system) as world:
        stage = Stage(world)
        world.settle()
        with system.time._lock:
            yield stage
        world.settle()
        subjects = (stage.client.id, *(worker.id for worker in stage.workers))
        found = audit(system.runtime)
        assert [breach for breach in found if any(subject in breach.subject for subject in subjects)] == []


@pytest.fixture(scope="module")
def proxy(system: System) -> Iterator[FaultProxy]:
    with FaultProxy(str(system.runtime.settings.aws_endpoint_url)) as running:
        yield running


def figures(stage: Stage) -> Figures:
    """What the client and the workers have, and what all contracts hold."""
    found: Figures = Counter()
    for owner in (f"client:{stage.client.id}", *(f"worker:{worker.id}" for worker in stage.workers)):
        for name, amount in stage.runtime.store.balances(owner).get("USD", {}).items():
            found[f"{owner}:{name}"] = amount
    return found


def platform() -> Figures:
    """Debits less credits of the accounts that nobody guards."""
    totals: Any = ledger.totals()
    return Counter(
        {account: sides.debits - sides.credits for _, account, sides in totals if is_platform(account)}
    )


def changed(before: Figures, after: Figures) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def done(deed: Deed) -> Answer | None:
    """Asked again until there is a definite answer."""
    for _ in range(3):
        answer = deed()
        if answer is None or answer.status < 500:
            break
    return answer


def its_requests(case: Case, stage: Stage, client: Any) -> tuple[list[Request], dict[str, int]]:
    """What the use case asks of its tables when nothing goes wrong, and what it does to the figures."""
    deed, before = case.ready(stage), figures(stage)
    with Meter(client) as meter:
        answer = deed()
    assert answer is None or answer.status < 400, answer
    return [request for request in meter.requests if not _marks(request)], changed(before, figures(stage))


def _marks(request: Request) -> bool:
    key = str(request.asked.get("Item", {}).get("about", {}).get("S", ""))
    return key.partition("#")[0] == CALENDAR


def test_every_use_case_that_moves_money_is_a_case() -> None:
    assert {case.uses for case in CASES} == money_use_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_bad_day_of_the_tables_doubles_or_loses_anything(
    case: Case, stage: Stage, proxy: FaultProxy
) -> None:
    runs = 1
    unguarded = platform()
    with through(proxy, stage.runtime) as client:
        requests, effect = its_requests(case, stage, client)
        once = changed(unguarded, platform())
        assert any(request.operation == "TransactWriteItems" for request in requests)
        for number, request in enumerate(requests):
            for trouble in troubles_of(request):
                bad_day(case, stage, proxy, trouble, number, effect)
                runs += 1
    assert changed(unguarded, platform()) == {name: runs * change for name, change in once.items()}


def bad_day(
    case: Case, stage: Stage, proxy: FaultProxy, trouble: Trouble, number: int, effect: dict[str, int]
) -> None:
    deed, before = case.ready(stage), figures(stage)
    with proxy.troubled(trouble, after=number):
        first = deed()
    answer = done(deed) if first is None or first.status >= 500 else first
    again = done(deed)
    assert changed(before, figures(stage)) == effect, f"{trouble.name} at request {number}"
    if answer is not None and again is not None:
        assert (answer.status, answer.text) == (again.status, again.text)
        assert again.replayed
