"""Nobody gets more than their bucket and their rate, and nobody who keeps to it is ever refused."""

from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from marketplace.access.rate_limits import MS, Limit, taken
from marketplace.storage.limits import CHUNK, Limits
from sandbox.system import System

LIMIT = Limit("test", per_second=10, burst=20)
CALLERS = "a caller"


class Table:
    """One item a caller, as DynamoDB keeps it; counts its writes."""

    def __init__(self) -> None:
        self.due: dict[str, int] = {}
        self.asked = 0
        self.down = False

    def update_item(self, **asked: Any) -> Any:
        self.asked += 1
        if self.down:
            raise ConnectTimeoutError(endpoint_url="table")
        key, values = asked["Key"]["id"]["S"], asked["ExpressionAttributeValues"]
        cost, now = int(values[":cost"]["N"]), int(values[":now"]["N"])
        added = "due_ms + :cost" in asked["UpdateExpression"]
        if added != (self.due.get(key, -1) >= now):
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "UpdateItem")
        self.due[key] = self.due[key] + cost if added else cost
        return {"Attributes": {"due_ms": {"N": str(self.due[key])}}}


class Clock:
    """Real time in a test's hands, epoch milliseconds."""

    def __init__(self) -> None:
        self.ms = 1_000_000.0


def process(table: Table, clock: Clock, complaints: list[Exception] | None = None) -> Limits:
    told: list[Exception] = [] if complaints is None else complaints
    return Limits(lambda: table, table="limits", enabled=True, complain=told.append, real_ms=lambda: clock.ms)


@given(st.lists(st.integers(0, 400), max_size=80))
def test_a_bucket_lets_in_its_burst_and_its_rate_and_nothing_beyond(pauses_ms: list[int]) -> None:
    now, due, let_in = 0.0, 0.0, 0
    for pause in pauses_ms:
        now += pause
        what, due = taken(LIMIT, due, now)
        let_in += not what.wait_ms
        assert let_in <= LIMIT.burst + now / LIMIT.interval_ms
        assert 0 <= what.left < LIMIT.burst
        if what.wait_ms:
            again, _ = taken(LIMIT, due, now + what.wait_ms)
            assert not again.wait_ms


def test_whoever_keeps_to_the_rate_is_never_refused() -> None:
    now, due = 0.0, 0.0
    for _ in range(500):
        now += LIMIT.interval_ms
        what, due = taken(LIMIT, due, now)
        assert not what.wait_ms


def test_processes_share_a_callers_bucket_within_a_chunk_each() -> None:
    table, clock = Table(), Clock()
    processes = [process(table, clock) for _ in range(4)]
    limit, seconds = Limit("test", per_second=100, burst=200), 20
    let_in = 0
    for number in range(seconds * 400):
        clock.ms += MS / 400
        let_in += not processes[number % 4].take(limit, CALLERS).wait_ms
    most = limit.burst + limit.per_second * seconds + 4 * CHUNK
    assert limit.per_second * seconds <= let_in <= most
    assert table.asked <= let_in / CHUNK * 2 + 1


def test_slow_callers_cost_nothing_and_fast_ones_a_twentieth() -> None:
    table, clock = Table(), Clock()
    one = process(table, clock)
    for _ in range(100):
        clock.ms += (LIMIT.window_seconds + 1) * MS
        one.take(LIMIT, CALLERS)
    assert table.asked == 0
    for _ in range(10 * CHUNK):
        clock.ms += LIMIT.interval_ms
        one.take(LIMIT, CALLERS)
    assert table.asked <= 10 + 1


def test_a_table_that_does_not_answer_lets_people_in_and_is_told_of() -> None:
    table, clock, complaints = Table(), Clock(), list[Exception]()
    table.down = True
    one = process(table, clock, complaints)
    for _ in range(3 * CHUNK):
        clock.ms += LIMIT.interval_ms
        assert not one.take(LIMIT, CALLERS).wait_ms
    assert complaints
    assert table.asked < 3 * CHUNK


def test_the_table_itself_agrees(system: System) -> None:
    runtime, clock, complaints = system.runtime, Clock(), list[Exception]()
    made = [
        Limits(
            runtime._hasty_dynamodb,
            table=runtime.settings.limits_table,
            enabled=True,
            complain=complaints.append,
            real_ms=lambda: clock.ms,
        )
        for _ in range(2)
    ]
    let_in = [not made[number % 2].take(LIMIT, "shared").wait_ms for number in range(4 * CHUNK)]
    assert LIMIT.burst <= sum(let_in) <= LIMIT.burst + 2 * CHUNK
    clock.ms += 1_000 * MS
    assert not made[0].take(LIMIT, "shared").wait_ms
    assert not complaints
