"""Encrypts personal data within a head: AES-256-GCM under a data key of the deployment.

A sealed value stands in the head's JSON as `{"~": "<number of its key>.<nonce and ciphertext in base
85>"}`, bound to the id of the head and to the field: moved elsewhere, it does not open. What is not in
that shape was written before it was sealed, and is read as it is. The nonce is a keyed hash of what is
sealed and of its place, so that no two texts ever meet under one nonce, however many processes share the
key, and a head that is written again without a change is the same bytes.
"""

import base64
import hmac
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Protocol

from marketplace.shared.private import EACH, Path

NONCE_BYTES = 12
SEALED = "~"


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


def sealed(text: str, place: str, *, salt: str = "") -> str:
    """The text, encrypted for one `place`. Without its `salt`, if it has one, nobody opens it again."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    number, key = _keys().current()
    nonce = hmac.digest(_derived(key, "nonce", salt), f"{place}\0{text}".encode(), "sha256")[:NONCE_BYTES]
    box = AESGCM(_derived(key, "seal", salt)).encrypt(nonce, text.encode(), place.encode())
    return f"{number}.{base64.b85encode(nonce + box).decode()}"


def opened(box: str, place: str, *, salt: str = "") -> str:
    """The text again. Raises cryptography.exceptions.InvalidTag for another place or salt, LostKey."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    number, _, content = box.partition(".")
    found = base64.b85decode(content)
    key = _derived(_keys().of(int(number)), "seal", salt)
    return AESGCM(key).decrypt(found[:NONCE_BYTES], found[NONCE_BYTES:], place.encode()).decode()


def _derived(key: bytes, purpose: str, salt: str) -> bytes:
    return hmac.digest(key, f"{purpose}\0{salt}".encode(), "sha256")


def with_sealed(value: Any, identifier: str, paths: Iterable[Path]) -> Any:
    """An aggregate's JSON value with what lies at `paths` sealed."""
    return _changed(value, identifier, paths, _seal)


def with_opened(value: Any, identifier: str, paths: Iterable[Path]) -> Any:
    """The same with everything opened again."""
    return _changed(value, identifier, paths, _open)


def _seal(value: Any, place: str) -> Any:
    return {SEALED: sealed(json.dumps(value, ensure_ascii=False, separators=(",", ":")), place)}


def _open(value: Any, place: str) -> Any:
    if isinstance(value, dict) and value.keys() == {SEALED}:
        return json.loads(opened(value[SEALED], place))
    return value


def _changed(value: Any, identifier: str, paths: Iterable[Path], change: Callable[..., Any]) -> Any:
    for path in paths:
        value = _at(value, path, partial(change, place=f"{identifier}/{'/'.join(path)}"))
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
