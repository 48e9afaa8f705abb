"""Imports every handler of a built package as Lambda does: the package and the standard library, no more.

Chalice names handlers without importing them, so a wrong name would be found only at the first invocation.
"""

import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

FUNCTION = "AWS::Serverless::Function"
IMPORT_SECONDS_MAX = 60
REGION = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
PROBE = """
import importlib, sys, time
sys.path.insert(0, sys.argv[1])
module, _, name = sys.argv[2].rpartition(".")
start = time.perf_counter()
handler = getattr(importlib.import_module(module), name)
assert callable(handler), f"{sys.argv[2]} is not callable"
print(round((time.perf_counter() - start) * 1000))
"""


class HandlerBroken(Exception):
    """A handler that the template names cannot be imported from the package."""


def handlers(template: dict[str, Any]) -> list[str]:
    """The dotted names of all handlers, each once."""
    functions = [entry for entry in template["Resources"].values() if entry.get("Type") == FUNCTION]
    return sorted({function["Properties"]["Handler"] for function in functions})


def runs_here() -> bool:
    """The package carries Linux x86_64 wheels, whatever machine built it."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


def check(package: Path, template: dict[str, Any]) -> dict[str, int]:
    """Milliseconds that each handler took to import; raises HandlerBroken."""
    names = template.get("Globals", {}).get("Function", {}).get("Environment", {}).get("Variables", {})
    environment = dict.fromkeys(names, "smoke") | REGION
    with tempfile.TemporaryDirectory(prefix="marketplace-smoke-") as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        return {handler: _import(folder, handler, environment) for handler in handlers(template)}


def _import(folder: str, handler: str, environment: dict[str, str]) -> int:
    # -I and -S: no user's or virtual environment's packages can stand in for one that the package lacks.
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROBE, folder, handler],
        capture_output=True,
        check=False,
        cwd=folder,
        env=environment,
        text=True,
        timeout=IMPORT_SECONDS_MAX,
    )
    if ran.returncode != 0:
        raise HandlerBroken(f"{handler}: {ran.stderr.strip()[-1000:]}")
    return int(ran.stdout.split()[-1])
