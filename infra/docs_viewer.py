"""Fetches the API page's viewer from npm: `python -m infra.docs_viewer`, once, into `.tools/docs`.

A package of npm is a tarball whose hash the registry publishes; docs_viewer.txt pins both. As for npm itself,
NPM_CONFIG_REGISTRY names another registry. Without the viewer all works but the page, which says so.
"""

import base64
import hashlib
import io
import os
import sys
import tarfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PINNED = ROOT / "infra" / "docs_viewer.txt"
FOLDER = ROOT / ".tools" / "docs"
REGISTRY = "https://registry.npmjs.org"
TIMEOUT_SECONDS = 60
TARBALL_BYTES_MAX = 20 * 1024 * 1024


class NoViewer(RuntimeError):
    """The viewer could not be had; the message says why."""


class Pin(NamedTuple):
    """One file of one package."""

    package: str
    version: str
    file: str
    integrity: str


def pin() -> Pin:
    """What docs_viewer.txt names."""
    lines = PINNED.read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line and not line.startswith("#")]
    return Pin(*row.split())


def fetch() -> Path:
    """Downloads, checks and writes the viewer and its licence. Raises NoViewer."""
    wanted = pin()
    tarball = _download(wanted)
    kind, _, expected = wanted.integrity.partition("-")
    if base64.b64encode(hashlib.new(kind, tarball).digest()).decode() != expected:
        raise NoViewer(f"{wanted.package} {wanted.version} is not what was pinned")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        for name in ("LICENSE.txt", wanted.file):
            found = archive.extractfile(f"package/{name}")
            if found is None:
                raise NoViewer(f"{wanted.package} has no {name}")
            beside = FOLDER / f"{Path(name).name}.{os.getpid()}.new"
            beside.write_bytes(found.read())
            beside.replace(FOLDER / Path(name).name)
    return FOLDER / Path(wanted.file).name


def _download(wanted: Pin) -> bytes:
    registry = os.environ.get("NPM_CONFIG_REGISTRY", REGISTRY).rstrip("/")
    address = f"{registry}/{wanted.package}/-/{wanted.package}-{wanted.version}.tgz"
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  a registry's
            tarball: bytes = answer.read(TARBALL_BYTES_MAX)
    except (OSError, ValueError) as failed:
        raise NoViewer(f"{address}: {failed}") from failed
    return tarball


if __name__ == "__main__":
    try:
        fetch()
    except NoViewer as failed:
        sys.exit(f"could not fetch the API page's viewer: {failed}")
