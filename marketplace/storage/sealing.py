"""Encrypts what is at rest: AES-256-GCM under a data key of the deployment.

    0xFF │ number of the data key, 2 bytes │ nonce, 12 │ ciphertext and tag

A body is bound to its `place`, the id of its head or event: moved elsewhere, it does not open. One that does
not begin with 0xFF was written before bodies were sealed, and is read as it is; there, single values of a
head's JSON may be `{"~": "<number of the key>.<nonce and ciphertext in base 85>"}`, and are opened. The
nonce is a keyed hash of what is sealed and of its place, so that no two texts ever meet under one nonce,
however many processes share the key, and a head that is written again without a change is the same bytes.
"""

import base64
import hmac
import json
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any, Protocol

from marketplace.shared.private import EACH, Path

NONCE_BYTES = 12
NUMBER_BYTES = 2
CLOSED = b"\xff"
"""What a sealed body begins with; no dictionary of packing.py has that number."""
SEALED = "~"
DERIVED_MAX = 64
"""Keys by salt that a process remembers."""


class DataKeys(Protocol):
    """The deployment's data keys, 32 bytes each, by number."""

    def current(self) -> tuple[int, bytes]:
        """What seals from now on. Raises StoreSilent."""
        ...

    def of(self, number: int) -> bytes:
        """What sealed then. Raises StoreSilent, LostKey."""
        ...


class LostKey(Exception):
    """Nobody has the key that this was sealed with."""


class _Keys:
    keys: DataKeys | None = None


def use(keys: DataKeys) -> None:
    """Puts the process's keys in place, as the models are bound to their tables."""
    _Keys.keys = keys


def _keys() -> DataKeys:
    if _Keys.keys is None:
        raise LostKey("this process was given no data keys")
    return _Keys.keys


def closed(content: bytes, place: str) -> bytes:
    """A body, sealed."""
    number, key = _keys().current()
    return CLOSED + number.to_bytes(NUMBER_BYTES) + _encrypted(content, place, key, "")


def unclosed(body: bytes, place: str) -> bytes:
    """What `closed` was given; a body that was never sealed, as it is. Raises
    cryptography.exceptions.InvalidTag for another place, LostKey."""
    if not body.startswith(CLOSED):
        return body
    number, box = body[1 : 1 + NUMBER_BYTES], body[1 + NUMBER_BYTES :]
    return _decrypted(box, place, _keys().of(int.from_bytes(number)), "")


def sealed(text: str, place: str, *, salt: str = "") -> str:
    """The text, encrypted for one `place`. Without its `salt`, if it has one, nobody opens it again."""
    number, key = _keys().current()
    return f"{number}.{base64.b85encode(_encrypted(text.encode(), place, key, salt)).decode()}"


def opened(box: str, place: str, *, salt: str = "") -> str:
    """The text again. Raises cryptography.exceptions.InvalidTag for another place or salt, LostKey."""
    number, _, content = box.partition(".")
    return _decrypted(base64.b85decode(content), place, _keys().of(int(number)), salt).decode()


def _encrypted(content: bytes, place: str, key: bytes, salt: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce_key, seal_key = _derived(key, salt)
    nonce = hmac.digest(nonce_key, place.encode() + b"\0" + content, "sha256")[:NONCE_BYTES]
    return nonce + AESGCM(seal_key).encrypt(nonce, content, place.encode())


def _decrypted(box: bytes, place: str, key: bytes, salt: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    _, seal_key = _derived(key, salt)
    return AESGCM(seal_key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], place.encode())


@lru_cache(maxsize=DERIVED_MAX)
def _derived(key: bytes, salt: str) -> tuple[bytes, bytes]:
    """What makes nonces and what seals, under this salt."""
    nonce, seal = (hmac.digest(key, f"{one}\0{salt}".encode(), "sha256") for one in ("nonce", "seal"))
    return nonce, seal


def with_opened(value: Any, identifier: str, paths: Iterable[Path]) -> Any:
    """The JSON value of a head that was written when its fields were sealed one by one."""
    for path in paths:
        value = _at(value, path, partial(_open, place=f"{identifier}/{'/'.join(path)}"))
    return value


def _open(value: Any, place: str) -> Any:
    if isinstance(value, dict) and value.keys() == {SEALED}:
        return json.loads(opened(value[SEALED], place))
    return value


def _at(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    if value is None:
        return None
    if not path:
        return change(value)
    name, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_at(element, rest, change) for element in value] if name == EACH else value
    names = [one for one in value if name in (one, EACH)]
    return {**value, **{one: _at(value[one], rest, change) for one in names}}
