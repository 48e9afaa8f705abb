"""What the documents say about costs is what is measured, and nothing is ever scanned."""

import subprocess
import sys
import time
from pathlib import Path

from cli.audit import audit
from marketplace.storage import ledger
from marketplace.storage.meter import Meter
from tests.people import World

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 120


def test_the_table_of_costs_is_current() -> None:
    """In a process of its own: nothing else may happen while it counts."""
    counted = subprocess.run(
        [sys.executable, "-m", "benchmarks.costs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert counted.returncode == 0, counted.stdout + counted.stderr


def test_no_request_is_ever_a_scan(world: World) -> None:
    with Meter(world.system.runtime.store.connection.client) as meter:
        client, worker, finance = world.client(USD=20_000), world.worker(), world.person("finance")
        contract = world.milestone_contract(client, worker, 5_000)
        client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": {"amount": 5_000, "currency": "USD"}})
        world.advance(days=1)
        for caller, paths in (
            (client, ("wallet", "wallet/entries", "tasks", "contracts", "wallet/top-ups")),
            (worker, ("tasks", "bids", "contracts", "workers/me/earnings", "payouts", "sessions")),
            (finance, ("finance/trial-balance", "finance/accounts", f"finance/trace/{contract['id']}")),
        ):
            for path in paths:
                caller.get(f"/v1/{path}")
        ledger.seal(int(time.time()))
        audit(world.system.runtime)
    assert meter.operations["Query"]
    assert meter.operations["TransactWriteItems"]
    assert "Scan" not in meter.operations


def test_the_code_has_no_way_to_scan() -> None:
    sources = [path for name in ("marketplace", "chalicelib", "cli") for path in (ROOT / name).rglob("*.py")]
    assert sources
    assert [path for path in sources if ".scan(" in path.read_text()] == []


def test_a_meter_counts_only_while_it_is_on(world: World) -> None:
    client = world.client()
    client.get("/v1/clients/me")
    world.settle()  # nobody else reads
    with Meter(world.system.runtime.store.connection.client) as meter:
        client.get("/v1/clients/me")
    heads = [request for request in meter.requests if request.operation == "GetItem"]
    assert len(heads) == 1, "the client: its key came in a batch with whether it is suspended"
    client.get("/v1/clients/me")
    assert [request for request in meter.requests if request.operation == "GetItem"] == heads
