"""Client companies and their API keys. A key is shown once and kept as a hash."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from marketplace.shared.errors import Fault, IllegalTransition, InvalidRequest
from marketplace.shared.ids import UNIQUE_PART_LENGTH, is_id
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

SCOPES = ("work", "money")
KEY_PREFIXES = {"live": "gm_live_", "test": "gm_test_"}
SECRET_BYTES = 24
OVERLAP_SECONDS = 86_400
"""How long a key that is rotated stays good, unless said otherwise."""
OVERLAP_SECONDS_MAX = 7 * 86_400


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
    """`secret_hash` is SHA-256 of the whole key, which carries 192 random bits; from `revoked_at` on, epoch
    seconds, it opens nothing: that lies ahead where another key has taken its place."""

    id: str
    client_id: str
    scopes: tuple[str, ...]
    secret_hash: str
    created_at: int
    revoked_at: int | None = None

    def opens(self, presented: str, at: int) -> bool:
        """Whether `presented` is this key and still good; takes the same time for every guess."""
        return hmac.compare_digest(self.secret_hash, _hash(presented)) and self.is_good(at)

    def is_good(self, at: int) -> bool:
        """Whether it is not revoked by then."""
        return self.revoked_at is None or at < self.revoked_at

    def revoked(self, at: int) -> "ApiKey":
        """The key, good for nothing from `at` on; revoking later keeps the first instant."""
        return replace(self, revoked_at=at) if self.is_good(at) else self

    def replaced(self, at: int, *, overlap_seconds: int) -> "ApiKey":
        """Good for so much longer, beside the key that takes its place. Raises IllegalTransition for one that
        is revoked or has been replaced."""
        if self.revoked_at is not None:
            raise IllegalTransition("this key is revoked, or another has taken its place")
        return replace(self, revoked_at=at + overlap_seconds)


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
