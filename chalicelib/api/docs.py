"""The API page: a viewer of openapi.json that works offline, and what stands in for it when it is missing."""

from collections.abc import Iterable
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from chalicelib.http import PUBLIC, Call, NoBody, Operation, Reply, Routes
from chalicelib.openapi_operations import tag_of
from chalicelib.served import served
from marketplace.shared.errors import NotFound

FOLDER = Path(__file__).parent.parent / "docs_page"
VIEWER = "rapidoc-min.js"
"""infra/docs_viewer.py fetches it from npm; the package has it beside the page."""
HTML, SCRIPT = "text/html; charset=utf-8", "text/javascript; charset=utf-8"
WITH_VIEWER = "This page needs JavaScript to show more than this list."
WITHOUT_VIEWER = (
    "The viewer of this page could not be fetched when it was built; make docs-viewer tries again."
)
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
"""The viewer styles its parts inline; nothing runs that is not ours, and nothing is sent elsewhere."""

routes = Routes()


@routes.add("GET", "/docs", who=PUBLIC, answer=NoBody, media=(HTML,))
def docs_page(call: Call[Any]) -> Reply:
    """This contract, for reading."""
    return Reply(text=_page(_viewer(call) is not None), headers=POLICY)


@routes.add("GET", "/docs/{file}", who=PUBLIC, answer=NoBody, media=(SCRIPT,))
def docs_script(call: Call[Any]) -> Reply:
    """A script of the page's."""
    found = {"page.js": FOLDER / "page.js", VIEWER: _viewer(call)}.get(call.path["file"])
    if found is None:
        raise NotFound
    return Reply(text=_read(found), headers={"Cache-Control": "public, max-age=3600"})


def _viewer(call: Call[Any]) -> Path | None:
    folder = call.runtime.settings.docs_viewer_folder
    file = (FOLDER if folder is None else Path(folder)) / VIEWER
    return file if file.exists() else None


@cache
def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@cache
def _page(viewer_is_here: bool) -> str:  # noqa: FBT001  a page is made of it
    note = WITH_VIEWER if viewer_is_here else WITHOUT_VIEWER
    fields = {"viewer": VIEWER, "note": escape(note), "operations": _listed(served())}
    page = _read(FOLDER / "page.html")
    for name, value in fields.items():
        page = page.replace(f"{{{name}}}", value)
    return page


def _listed(operations: Iterable[Operation]) -> str:
    """Every operation with its summary, by tag."""
    parts = []
    for tag, group in groupby(sorted(operations, key=tag_of), key=tag_of):
        rows = "".join(
            f"<li><code>{each.method} {escape(each.path)}</code> {escape(each.summary)}</li>"
            for each in group
        )
        parts.append(f"<h2>{escape(tag)}</h2><ul>{rows}</ul>")
    return "\n".join(parts)
