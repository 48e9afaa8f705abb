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
start = time.perf_counter()
module = importlib.import_module(sys.argv[2])
took = time.perf_counter() - start
for name in sys.argv[3:]:
    assert callable(getattr(module, name)), f"{sys.argv[2]}.{name} is not callable"
print(round(took * 1000))
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
    """Milliseconds that the module of each handler took to import; raises HandlerBroken."""
    variables = template.get("Globals", {}).get("Function", {}).get("Environment", {}).get("Variables", {})
    environment = dict.fromkeys(variables, "smoke") | REGION
    with tempfile.TemporaryDirectory(prefix="marketplace-smoke-") as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        took: dict[str, int] = {}
        for module, names in _by_module(handlers(template)).items():
            milliseconds = _import(folder, module, names, environment)
            took |= {f"{module}.{name}": milliseconds for name in names}
        return took


def _by_module(dotted: list[str]) -> dict[str, list[str]]:
    """The names of the handlers of each module."""
    found: dict[str, list[str]] = {}
    for handler in dotted:
        module, _, name = handler.rpartition(".")
        found.setdefault(module, []).append(name)
    return found


def _import(folder: str, module: str, names: list[str], environment: dict[str, str]) -> int:
    # -I and -S: no user's or virtual environment's packages can stand in for one that the package lacks.
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROBE, folder, module, *names],
        capture_output=True,
        check=False,
        cwd=folder,
        env=environment,
        text=True,
        timeout=IMPORT_SECONDS_MAX,
    )
    if ran.returncode != 0:
        raise HandlerBroken(f"{module}: {ran.stderr.strip()[-1000:]}")
    return int(ran.stdout.split()[-1])
