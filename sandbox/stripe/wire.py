"""What comes over the wire, and what goes back: an answer, or nothing."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """As it came over the wire. Header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """As it goes back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Silence:
    """No answer. The connection is dropped: at once, or when it was held for so long, or once `released`."""

    held_seconds: float = 0.0
    released: threading.Event = field(default_factory=threading.Event)
