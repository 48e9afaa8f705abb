"""The route table as an application that Chalice deploys."""

from collections.abc import Callable, Sequence
from typing import cast

from chalice.app import Chalice, Request, Response

from chalicelib import headers
from chalicelib.answering import respond
from chalicelib.http import Operation
from marketplace import runtime as runtimes

NO_CONTENT = 204


def mount(app: Chalice, operations: Sequence[Operation]) -> None:
    """Makes each operation a route of `app`, and answers browsers that ask before they call."""
    for operation in operations:
        app.route(
            operation.path, methods=[operation.method], content_types=["*/*"], name=operation.run.__name__
        )(_view(app, operation))
    for path in dict.fromkeys(operation.path for operation in operations):
        methods = tuple(operation.method for operation in operations if operation.path == path)
        app.route(path, methods=["OPTIONS"], name=f"preflight {path}")(_preflight(app, methods))


def _preflight(app: Chalice, methods: tuple[str, ...]) -> Callable[..., Response]:
    def view(**_: str) -> Response:
        allowed = runtimes.current().settings.allowed_origins
        asked = cast("Request", app.current_request).headers
        told: dict[str, str | list[str]] = {**headers.SECURITY, **headers.preflight(asked, methods, allowed)}
        return Response("", told, NO_CONTENT)

    return view


def _view(app: Chalice, operation: Operation) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        return respond(operation, cast("Request", app.current_request), path)

    view.__name__ = operation.run.__name__
    return view
