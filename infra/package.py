"""`make package`: builds what is deployed, without AWS.

    build/package/sam.yaml         Chalice's template merged with infra/resources.yaml and functions.yaml
    build/package/deployment.zip   every function's code

Deploy it with: aws cloudformation package, then aws cloudformation deploy --capabilities CAPABILITY_IAM.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra import smoke, template
from infra.docs_viewer import FOLDER as DOCS_VIEWER
from infra.repack import repack

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "build" / "package"
STAGE = "live"
DOCS_FOLDER = "chalicelib/docs_page"
SOURCES = ("app.py", "requirements.txt", ".chalice/config.json", "chalicelib", "marketplace", "infra")
MIB = 1024 * 1024


class PackagingFailed(Exception):
    """Chalice could not package the application, or the template names a function that it does not have."""


@dataclass(frozen=True)
class Package:
    """A built package: its template, whose CodeUri is `./deployment.zip`, and that zip."""

    template: Path
    code: Path


def build() -> Package:
    """Builds the package, or returns the one that is there if nothing that goes into it has changed since."""
    package = Package(template=OUTPUT / "sam.yaml", code=OUTPUT / "deployment.zip")
    stamp = OUTPUT / "inputs.sha256"
    inputs = _inputs_hash()
    with _one_at_a_time():
        if not stamp.exists() or stamp.read_text() != inputs:
            _build(package)
            stamp.write_text(inputs)
    return package


def _build(package: Package) -> None:
    shutil.rmtree(OUTPUT, ignore_errors=True)
    chalice_output = OUTPUT / "chalice"
    chalice_output.mkdir(parents=True)
    merge = chalice_output / "merge.yaml"
    template.write(template.merged(ROOT / "infra"), merge)
    _run_chalice(merge, chalice_output)
    if unknown := template.without_type(template.read(chalice_output / "sam.yaml")):
        raise PackagingFailed(f"infra/functions.yaml names what the application lacks: {', '.join(unknown)}")
    repack(chalice_output / "deployment.zip", package.code, _docs_viewer())
    shutil.copy(chalice_output / "sam.yaml", package.template)
    shutil.rmtree(chalice_output)


def _docs_viewer() -> dict[str, bytes]:
    """The API page's viewer and its licence, as far as they were fetched."""
    files = sorted(DOCS_VIEWER.glob("*")) if DOCS_VIEWER.exists() else []
    return {
        f"{DOCS_FOLDER}/{file.name}": file.read_bytes() for file in files if file.suffix in (".js", ".txt")
    }


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    OUTPUT.parent.mkdir(exist_ok=True)
    with (OUTPUT.parent / "package.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run_chalice(merge: Path, output: Path) -> None:
    command = "from chalice.cli import main; main()"
    options = ["--stage", STAGE, "--template-format", "yaml", "--merge-template", str(merge)]
    ran = subprocess.run(
        [sys.executable, "-c", command, "package", *options, str(output)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        # Chalice asks for a region even to write a file.
        env=os.environ | {"AWS_DEFAULT_REGION": "us-east-1"},
        text=True,
    )
    if ran.returncode != 0 or not (output / "sam.yaml").exists():
        raise PackagingFailed((ran.stdout + ran.stderr).strip())


def _inputs_hash() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for source in SOURCES:
        path = ROOT / source
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            if "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() + b"\0")
    digest.update(repr(sorted(_docs_viewer())).encode())
    return digest.hexdigest()


def main() -> int:
    """Builds, imports every handler, and prints what there is; 1 when that fails."""
    try:
        package = build()
        print(f"{package.template.relative_to(ROOT)}")
        print(f"{package.code.relative_to(ROOT)}  {package.code.stat().st_size / MIB:.1f} MiB")
        if not smoke.runs_here():
            print("handlers not imported: the package runs on Linux x86_64 only")
            return 0
        for handler, milliseconds in smoke.check(package.code, template.read(package.template)).items():
            print(f"  {handler}  imported in {milliseconds} ms")
    except (PackagingFailed, smoke.HandlerBroken) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
