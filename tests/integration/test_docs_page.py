"""The API page: whole without the network, and honest when its viewer is missing."""

import base64
import hashlib
import io
import re
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.api import OPERATIONS
from chalicelib.api.docs import VIEWER, WITH_VIEWER, WITHOUT_VIEWER
from infra import docs_viewer
from infra.docs_viewer import NoViewer, Pin
from marketplace import runtime as runtimes
from tests.people import World


@pytest.fixture
def viewer(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the viewer would lie."""
    runtime = world.system.runtime
    settings = runtime.settings.model_copy(update={"docs_viewer_folder": str(tmp_path)})
    monkeypatch.setattr(runtimes._Current, "runtime", replace(runtime, settings=settings))
    return tmp_path / VIEWER


def test_the_page_loads_only_what_we_serve(world: World, viewer: Path) -> None:
    viewer.write_text("customElements")
    page = world.http.get("/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert re.search("script-src 'self';", page.headers["Content-Security-Policy"])
    scripts = re.findall(r'src="([^"]+)"', page.text)
    assert scripts == [f"docs/{VIEWER}", "docs/page.js"]
    for script in scripts:
        answer = world.http.get(f"/{script}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert not re.search(r"https?://", page.text)
    assert WITH_VIEWER in page.text


def test_without_its_viewer_the_page_says_so_and_lists_the_operations(world: World, viewer: Path) -> None:
    page = world.http.get("/docs").text
    assert WITHOUT_VIEWER in page
    assert page.count("<li>") == len(OPERATIONS)
    for absent in (VIEWER, "page.html", "..%2Fdocs.py"):
        assert world.http.get(f"/docs/{absent}").status_code == 404


def tarball(**files: str) -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"package/{name.replace('_', '.')}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return kept.getvalue()


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What npm would send, and we have pinned."""
    sent = tarball(viewer_js="show()", LICENSE_txt="MIT")
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(sent).digest()).decode()
    monkeypatch.setattr(docs_viewer, "pin", lambda: Pin("viewer", "1.0.0", "viewer.js", integrity))
    monkeypatch.setattr(docs_viewer, "FOLDER", tmp_path / "docs")
    return sent


def test_the_viewer_is_what_was_pinned(pinned: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_viewer, "_download", lambda _: pinned)
    assert docs_viewer.fetch().read_text() == "show()"
    monkeypatch.setattr(docs_viewer, "_download", lambda _: pinned + b"\0")
    with pytest.raises(NoViewer, match="not what was pinned"):
        docs_viewer.fetch()


def test_a_registry_that_is_not_there_is_said_in_a_line(
    pinned: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9")
    with pytest.raises(NoViewer, match=r"127\.0\.0\.1:9/viewer/-/viewer-1\.0\.0\.tgz"):
        docs_viewer.fetch()
