"""The port to where files lie: too large for a call, and never looked into by us.

    upload, by a signed address ──> incoming ──keep──> kept ──> download, by a signed address

    offer ──> offered ──> download, by a signed address

A file that nobody keeps is gone after a day, and so is one that we made and offered. What is kept is a copy
that nobody can overwrite: the address of the upload stays good for a while, and leads to the incoming place.
"""

from collections.abc import Sequence
from dataclasses import field
from typing import BinaryIO, Protocol

from marketplace.shared.records import dataclass

UPLOAD_SECONDS = 900
"""How long an address of an upload is good."""
DOWNLOAD_SECONDS = 300
"""How long an address of a download is good."""


@dataclass(frozen=True)
class Upload:
    """How to send the file: the method, the address and the headers, all of which are signed; `expires_at` is
    epoch seconds of real time."""

    method: str
    url: str
    expires_at: int
    headers: dict[str, str] = field(default_factory=dict)


class NotUploaded(Exception):
    """There is no such file, not any more or not yet."""


class NotAsPromised(Exception):
    """The file that came is of another size or type than what was promised."""


class ObjectStore(Protocol):
    """Files by name; whoever asks has made sure that they may. Each raises ProviderUnavailable when the store
    does not answer."""

    def upload(self, name: str, *, content_type: str, size: int) -> Upload:
        """An address that takes a file of exactly that size (bytes) and type."""
        ...

    def keep(self, name: str, *, content_type: str, size: int) -> None:
        """Keeps what has come; keeping it again changes nothing. Raises NotUploaded, NotAsPromised."""
        ...

    def download(self, name: str, *, filename: str) -> str:
        """An address of a kept file, which a browser saves under `filename` and never shows or runs."""
        ...

    def offer(self, name: str, content: BinaryIO, *, filename: str, content_type: str) -> str:
        """Keeps a file of ours, from its beginning on, for a day; the address that it is fetched from, which
        a browser saves under `filename`."""
        ...

    def put_piece(self, name: str, content: bytes) -> None:
        """Keeps a piece of a file of ours for a day, in place of what was there."""
        ...

    def piece(self, name: str) -> bytes:
        """What was put there. Raises NotUploaded."""
        ...

    def join(self, pieces: Sequence[str], name: str, *, content_type: str) -> None:
        """One file of them all, kept for a day; joined again, it is the same. All but the last have 5 MB at
        least. Raises NotUploaded."""
        ...

    def offered(self, name: str, *, filename: str, content_type: str) -> str:
        """The address of a file that was joined, which a browser saves under `filename`."""
        ...

    def delete(self, name: str) -> None:
        """Forgets the file, kept or not."""
        ...
