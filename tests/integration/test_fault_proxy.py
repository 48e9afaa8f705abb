"""Conflicts, throttling and lost answers, at every request that a use case of money makes to its tables, on
the wire of the real client: one effect, and the same answer for whoever repeats it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from cli.audit import audit
from marketplace.shared.accounts import is_platform
from marketplace.storage import ledger
from marketplace.storage.connection import ATTEMPTS_MAX, CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS
from marketplace.storage.marks import CALENDAR
from marketplace.storage.meter import Meter, Request
from marketplace.storage.models import BalanceItem, EventItem
from sandbox.system import System
from tests import card_cases, money_cases
from tests.bench import Bench, Deed
from tests.cases import Case
from tests.doors import Answer
from tests.fault_proxy import FaultProxy, is_write, through, troubles_of
from tests.money_stage import Stage
from tests.money_use_cases import money_use_cases

pytestmark = pytest.mark.xdist_group("fault proxy")

CASES = [*money_cases.CASES, *card_cases.CASES]
Figures = Counter[str]


@pytest.fixture(scope="module")
def stage(system: System) -> Iterator[Stage]:
    """When all of it is over, the laws hold."""
    with Bench(system) as bench:
        yield Stage(bench)
        bench.carry()
        assert audit(bench.runtime).breaches == []


@pytest.fixture(scope="module")
def proxy(system: System) -> Iterator[FaultProxy]:
    with FaultProxy(str(system.runtime.settings.aws_endpoint_url)) as running:
        yield running


def figures(stage: Stage) -> Figures:
    """What the client and the workers have, minor units by owner and name; read in one request."""
    table = BalanceItem.Meta.table_name
    wanted = {table: {"Keys": [{"id": {"S": owner}} for owner in stage.owners], "ConsistentRead": True}}
    found = stage.bench.store.connection.dispatch("BatchGetItem", {"RequestItems": wanted})
    return Counter(
        {
            f"{item['id']['S']} {name}": int(value["N"])
            for item in found["Responses"][table]
            for name, value in item.items()
            if name != "id"
        }
    )


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


def its_requests(case: Case, stage: Stage) -> tuple[list[Request], dict[str, int]]:
    """What the use case asks of its tables when nothing goes wrong, and what it does to the figures."""
    deed, before = case.ready(stage), figures(stage)
    with Meter(stage.bench.store.connection.client) as meter:
        answer = deed()
    assert answer is None or answer.status < 400, answer
    return [request for request in meter.requests if not _now_and_then(request)], changed(
        before, figures(stage)
    )


def _now_and_then(request: Request) -> bool:
    """A mark in the calendar, or events that a head has carried for so long that they get items of their own:
    not every run has these. One that moves money is never carried by a head."""
    item = request.asked.get("Item", {})
    key = str(item.get("about", {}).get("S", ""))
    tables = (request.asked.get("TableName"), *request.asked.get("RequestItems", {}))
    carried = request.operation in ("PutItem", "BatchGetItem") and "journal" not in item
    return key.partition("#")[0] == CALENDAR or (carried and EventItem.Meta.table_name in tables)


def numbered(requests: Sequence[Request]) -> Iterator[tuple[int, Request]]:
    """Each, with how many of its operation came before it."""
    before: Counter[str] = Counter()
    for request in requests:
        yield before[request.operation], request
        before[request.operation] += 1


def safe_to_send_twice(request: Request) -> bool:
    """The client sends again by itself what it got no answer to: no write may count twice for it."""
    return not is_write(request) or bool({"ClientRequestToken", "ConditionExpression"} & set(request.asked))


def test_the_client_tries_again_a_bounded_number_of_times(stage: Stage) -> None:
    config = stage.bench.store.connection.client.meta.config
    assert config.retries == {"total_max_attempts": ATTEMPTS_MAX, "mode": "standard"}
    assert (config.connect_timeout, config.read_timeout) == (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)


def test_every_use_case_that_moves_money_is_a_case() -> None:
    assert {name for case in CASES for name in case.uses} == money_use_cases()


@pytest.mark.parametrize("at", ["writes", pytest.param("reads", marks=pytest.mark.deep)])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_bad_day_of_the_tables_doubles_or_loses_anything(
    case: Case, at: str, stage: Stage, proxy: FaultProxy
) -> None:
    runs = 1
    unguarded = platform()
    requests, effect = its_requests(case, stage)
    client = proxy.client_of(stage.bench.runtime)
    once = changed(unguarded, platform())
    assert any(is_write(request) for request in requests)
    assert all(safe_to_send_twice(request) for request in requests)
    for number, request in numbered(requests):
        if is_write(request) != (at == "writes"):
            continue
        for trouble in troubles_of(request):
            deed, before = case.ready(stage), figures(stage)
            with (
                through(client, stage.bench.runtime),
                proxy.troubled(trouble, request.operation, after=number),
            ):
                first = deed()
            settled(deed, first)
            what = f"{trouble.name} at request {number}, {request.operation}"
            assert changed(before, figures(stage)) == effect, what
            runs += 1
    assert changed(unguarded, platform()) == {name: runs * change for name, change in once.items()}


def settled(deed: Deed, first: Answer | None) -> None:
    """Whoever asked has a definite answer by now, or asks until there is one; and then always that."""
    answer = done(deed) if first is None or first.status >= 500 else first
    again = done(deed)
    if answer is not None and again is not None:
        assert (answer.status, answer.text) == (again.status, again.text)
        assert again.replayed
