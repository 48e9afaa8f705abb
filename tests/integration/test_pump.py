"""What was written and not handed on before a stop, however hard, is handed on after it."""

import subprocess
import sys
from pathlib import Path

CRASH = """
import os, signal
from tests.people import World
from sandbox.system import System

with System(state=PATH) as system, World(system) as world:
    client = world.client()
    world.settle()
    system.time.stop(seconds_max=5)
    task = world.task(client, {"model": "milestone", "budget": {"amount": 100, "currency": "USD"}})
    print(task["id"], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""

AGAIN = """
from tests.people import World
from sandbox.system import System

with System(state=PATH) as system, World(system) as world:
    world.settle()
    chain = world.person("finance").get("/v1/finance/trace/TASK")["chain"]
    print(*(link["detail"].split(" ")[0] for link in chain if link["kind"] == "event"))
"""


def test_events_that_no_queue_has_seen_are_sent_again_at_the_next_start(tmp_path: Path) -> None:
    path = f"__import__('pathlib').Path({str(tmp_path)!r})"
    crashed = run(CRASH.replace("PATH", path))
    assert crashed.returncode < 0
    again = run(AGAIN.replace("PATH", path).replace("TASK", crashed.stdout.strip()))
    assert again.stdout == "task.draft task.open\n"


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
