"""Times the common calls under load, and counts what each costs at the doors.

python -m benchmarks.load

One process serves HTTP on loopback, as `make serve` does, with everything that follows from the calls worked
off behind them; callers in another process make the calls, each for a client and a worker of its own. What
the clock says is of this machine, with the local cloud on it. Our own CPU and the round trips to DynamoDB
are counted afterwards, one call at a time, where nothing else happens.

Beside them stands the floor: what a read costs that botocore makes alone. The last column is a call's p50
over that of as many such reads as it makes round trips: how much slower we are than our client library.
"""

import http.client
import json
import multiprocessing
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import fmean, median, quantiles
from typing import Any

from benchmarks.floor import Floor, floor_of
from benchmarks.market_round import KEYLESS, READS, WALLET_CENTS, WRITES, Ask, Pair, clock_in, play
from marketplace.storage.meter import Meter
from sandbox.system import System
from tests.bench import Bench, Person
from tests.doors import knock
from tests.people import World

CALLERS = 8
LOAD_SECONDS = 20.0
ROUNDS_MIN = 2
"""Each caller's first round warms up and is not counted."""
COUNTED_ROUNDS, METERED_ROUNDS = 12, 4
P50_MS_MAX = {**dict.fromkeys(READS, 8.0), **dict.fromkeys(WRITES, 15.0)}
P99_MS_MAX = 60.0
TIMEOUT_SECONDS = 30.0

Spans = dict[str, list[float]]
"""Milliseconds of each call, by its name."""
_HEAD = (
    f"{'call':<16}{'calls':>7}{'p50 ms':>9}{'goal':>6}{'p99 ms':>9}{'goal':>6}"
    f"{'round trips':>13}{'CPU ms':>9}{'x floor':>9}"
)


def main() -> int:
    """The exit code: 1 where a goal is missed."""
    with System() as system:
        pairs = _pairs(system)
        spans = _load(system.base_url, pairs)
        with Bench(system) as bench:
            cpu, trips = _count(bench)
            floor = floor_of(bench.store.connection.client, CALLERS)
    calls = sum(map(len, spans.values()))
    print(f"{CALLERS} callers, {calls} calls in {LOAD_SECONDS:g} s and the rounds that were begun")
    print(floor, _HEAD, sep="\n")
    met = [_row(name, spans[name], trips[name], cpu[name], floor) for name in (*READS, *WRITES)]
    print("every goal is met" if all(met) else f"{met.count(False)} of {len(met)} calls miss a goal")
    return 0 if all(met) else 1


def _row(name: str, spans: Sequence[float], trips: float, cpu_ms: float, floor: Floor) -> bool:
    p50, p99 = median(spans), quantiles(spans, n=100, method="inclusive")[98]
    goals = f"{p50:>9.1f}{P50_MS_MAX[name]:>6g}{p99:>9.1f}{P99_MS_MAX:>6g}"
    over_floor = p50 / (trips * floor.p50)
    print(f"{name:<16}{len(spans):>7}{goals}{trips:>13.1f}{cpu_ms:>9.2f}{over_floor:>9.1f}")
    return p50 <= P50_MS_MAX[name] and p99 <= P99_MS_MAX


def _pairs(system: System) -> list[Pair]:
    """One for each caller."""
    with World(system) as world:
        return [Pair(world.client(USD=WALLET_CENTS).token, world.worker().token) for _ in range(CALLERS)]


def _load(base_url: str, pairs: list[Pair]) -> Spans:
    """The callers' process, from its start to its end."""
    with multiprocessing.get_context("spawn").Pool(1) as callers:
        return callers.apply(_call_all, (base_url, pairs))


def _call_all(base_url: str, pairs: list[Pair]) -> Spans:
    until = time.monotonic() + LOAD_SECONDS
    spans: Spans = defaultdict(list)
    with ThreadPoolExecutor(CALLERS) as threads:
        for one in threads.map(lambda pair: _caller(base_url, pair, until), pairs):
            for name, more in one.items():
                spans[name] += more
    return dict(spans)


def _caller(base_url: str, pair: Pair, until: float) -> Spans:
    connection = http.client.HTTPConnection(base_url.removeprefix("http://"), timeout=TIMEOUT_SECONDS)
    spans: Spans = defaultdict(list)
    warming: Spans = defaultdict(list)
    clock_in(pair, _over_http(connection, warming))
    rounds = 0
    while rounds < ROUNDS_MIN or time.monotonic() < until:
        play(pair, _over_http(connection, spans if rounds else warming), int(time.time()))
        rounds += 1
    return spans


def _over_http(connection: http.client.HTTPConnection, spans: Spans) -> Ask:
    def ask(name: str, token: str, method: str, path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        if method == "POST":
            key = {} if name in KEYLESS else {"Idempotency-Key": uuid.uuid4().hex}
            headers |= {"Content-Type": "application/json", **key}
        content = b"" if body is None else json.dumps(body).encode()
        begun = time.perf_counter()
        connection.request(method, f"/v1/{path}", content, headers)
        answer = connection.getresponse()
        text = answer.read()
        spans[name].append((time.perf_counter() - begun) * 1_000)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {text.decode()}")
        return json.loads(text)

    return ask


def _count(bench: Bench) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """The median CPU milliseconds of each call, and its mean DynamoDB round trips: now and then one looks
    whether what rides on its head has been carried to its table, which happens here between rounds."""
    client, worker = bench.client(), bench.worker()
    bench.card_paid(client, WALLET_CENTS)()
    pair = Pair(client.token, worker.token)
    cpu: Spans = defaultdict(list)
    trips: Spans = defaultdict(list)
    clock_in(pair, _at_the_doors(defaultdict(list)))
    for number in range(COUNTED_ROUNDS):
        play(pair, _at_the_doors(cpu if number else defaultdict(list)), bench.now)
        bench.carry()
    with Meter(bench.store.connection.client) as meter:
        for _ in range(METERED_ROUNDS):
            play(pair, _at_the_doors(trips, meter), bench.now)
            bench.carry()
    return _each(median, cpu), _each(fmean, trips)


def _each(middle: Callable[[Sequence[float]], float], spans: Spans) -> Mapping[str, float]:
    return {name: middle(some) for name, some in spans.items()}


def _at_the_doors(spans: Spans, meter: Meter | None = None) -> Ask:
    """Spans are round trips where there is a `meter`, else CPU milliseconds: counting them costs CPU."""

    def ask(name: str, token: str, method: str, path: str, body: Any) -> Any:
        keyed = Person(token).call(path, body, method=method)
        asked = replace(keyed, key="") if name in KEYLESS else keyed
        before, begun = len(meter.requests) if meter else 0, time.thread_time()
        answer = knock(asked)
        worked = (time.thread_time() - begun) * 1_000
        spans[name].append(len(meter.requests) - before if meter else worked)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.text}")
        return answer.body

    return ask


if __name__ == "__main__":
    sys.exit(main())
