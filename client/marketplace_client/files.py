"""Files that are too large to be held: written piece by piece to where the caller says."""

import re
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

import httpx

_FILENAME = re.compile(r'filename="([^"]*)"')
NOT_FOR_OTHERS = ("Authorization", "Cookie")
"""What the API is told about the caller, and nobody else."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was written: its name, empty where none was told, its type and its size in bytes."""

    filename: str
    content_type: str
    size: int


def fetched(response: httpx.Response, size: int) -> Fetched:
    """What an answer tells of the file that it was."""
    named = _FILENAME.search(response.headers.get("Content-Disposition", ""))
    return Fetched(named[1] if named else "", response.headers.get("Content-Type", ""), size)


def write(http: httpx.Client, request: httpx.Request, file: BinaryIO, start: int) -> httpx.Response:
    """Writes the file from `start` on, over what an attempt before has left there; a refusal is read, and
    nothing written. A file that lies elsewhere is fetched from there, by an address that needs no token.
    Raises httpx.TransportError."""
    response = http.send(request, stream=True, follow_redirects=False)
    if response.has_redirect_location:
        response.close()
        elsewhere = http.build_request("GET", request.url.join(response.headers["Location"]))
        for name in NOT_FOR_OTHERS:
            elsewhere.headers.pop(name, None)
        response = http.send(elsewhere, auth=None, stream=True, follow_redirects=False)
    with closing(response):
        if response.is_success:
            file.seek(start)
            file.truncate()
            file.writelines(response.iter_bytes())
        else:
            response.read()
    return response
