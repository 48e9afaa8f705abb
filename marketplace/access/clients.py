"""Client companies and their API keys. A key is shown once and kept as a hash."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.shared.errors import Fault, InvalidRequest
from marketplace.shared.ids import UNIQUE_PART_LENGTH, is_id
from marketplace.shared.private import Private

SCOPES = ("work", "money")
KEY_PREFIXES = {"live": "gm_live_", "test": "gm_test_"}
SECRET_BYTES = 24


@dataclass(frozen=True)
class Client:
    """A company that posts work. `country` is ISO 3166-1 alpha-2; without `salt` nobody can read what events
    tell of it."""

    id: str
    name: str
    country: str
    email: Private[str]
    created_at: int
    salt: str | None = None


@dataclass(frozen=True)
class ApiKey:
    """`secret_hash` is SHA-256 of the whole key, which carries 192 random bits."""

    id: str
    client_id: str
    scopes: tuple[str, ...]
    secret_hash: str
    created_at: int
    revoked_at: int | None = None

    def matches(self, presented: str) -> bool:
        """Whether `presented` is this key and still good; takes the same time for every guess."""
        return hmac.compare_digest(self.secret_hash, _hash(presented)) and self.revoked_at is None

    def revoked(self, at: int) -> "ApiKey":
        """The key, good for nothing from `at` on; revoking twice keeps the first instant."""
        return self if self.revoked_at is not None else replace(self, revoked_at=at)


def mint(key_id: str, client_id: str, *, scopes: Sequence[str], live: bool, at: int) -> tuple[ApiKey, str]:
    """A new key and its text, `gm_test_<id's unique part><secret>`. Raises InvalidRequest."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise InvalidRequest((Fault("/scopes", f"one or more of {', '.join(SCOPES)}"),))
    unique = key_id.rpartition("_")[2]
    text = f"{KEY_PREFIXES['live' if live else 'test']}{unique}{secrets.token_hex(SECRET_BYTES)}"
    ordered = tuple(scope for scope in SCOPES if scope in scopes)
    return ApiKey(key_id, client_id, ordered, _hash(text), at), text


def key_id_in(text: str) -> str | None:
    """The id of the key that `text` claims to be, or None when it has not a key's shape."""
    for prefix in KEY_PREFIXES.values():
        key_id = f"key_{text.removeprefix(prefix)[:UNIQUE_PART_LENGTH]}"
        if text.startswith(prefix) and is_id(key_id, "key"):
            return key_id
    return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
