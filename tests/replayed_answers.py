"""What every call with a key promises: asked for once more it gives the first answer, byte for byte.

Of each operation the first good answer that a journey gets is held to that, once in a process.
"""

import httpx

from chalicelib.api import OPERATIONS
from tests.openapi_answers import operation_of

SHOWN_ONCE = {each.run.__name__: getattr(each.answer, "shown_once", ()) for each in OPERATIONS}

_asked: set[str] = set()


class ReplayDiffers(AssertionError):
    """A repeated call is answered otherwise than the first one."""


def ask_again(http: httpx.Client, first: httpx.Response) -> None:
    """An httpx hook, for the client that `first` came by. Raises ReplayDiffers."""
    request = first.request
    if not first.is_success or request.method != "POST" or "Idempotency-Key" not in request.headers:
        return
    operation = operation_of(request.method, request.url.path)
    name = operation["operationId"] if operation else ""
    if not name or name in _asked:
        return
    _asked.add(name)
    again = http.send(httpx.Request("POST", request.url, headers=request.headers, content=request.content))
    told = (again.status_code, again.headers.get("Idempotent-Replayed"))
    if told != (first.status_code, "true"):
        raise ReplayDiffers(f"{name}: {told}, {again.text}")
    secrets = SHOWN_ONCE[name]
    same = {**first.json(), **dict.fromkeys(secrets)} == again.json() if secrets else first.text == again.text
    if not same:
        raise ReplayDiffers(f"{name}: {first.text} became {again.text}")
