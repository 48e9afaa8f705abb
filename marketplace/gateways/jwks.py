"""The identity provider's published keys (RFC 7517), fetched seldom and kept for when it does not answer."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import jwt

from marketplace.shared.errors import ProviderUnavailable, Unauthenticated

TIMEOUT_SECONDS = 3
FRESH_SECONDS = 600
"""How long a set is used before the provider is asked again."""
STALE_SECONDS_MAX = 86_400
"""How long it is used when the provider does not answer: keys are rotated over days, outages last hours."""
REFETCH_SECONDS_MIN = 30
"""Whatever tokens come, the provider is asked no more often for a key that its set lacks."""
RETRY_SECONDS = 5
"""After a question without an answer."""
DOCUMENT_BYTES_MAX = 256 * 1024
KEYS_MAX = 32
RSA_BITS_MIN = 2_048

Fetch = Callable[[str], bytes]


class Jwks:
    """The public RSA keys at `url`, by `kid`. `elapsed` is real time that only passes, in seconds."""

    def __init__(self, url: str, fetch: Fetch, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._fetch = fetch
        self._elapsed = elapsed
        self._keys: dict[str, Any] = {}
        self._fetched_at: float | None = None
        self._asked_at: float | None = None
        self._lock = threading.Lock()

    def key(self, kid: str) -> Any:
        """The key of that name. Raises Unauthenticated when the provider has none, ProviderUnavailable when
        nobody can tell."""
        if not self._age() < FRESH_SECONDS and self._since_asked() >= RETRY_SECONDS:
            self._refresh()
        if kid not in self._keys and self._since_asked() >= self._pause():
            self._refresh()
        if self._age() > STALE_SECONDS_MAX:
            raise ProviderUnavailable("the identity provider did not answer; try again")
        found = self._keys.get(kid)
        if found is None:
            self._raise_unknown()
        return found

    def _raise_unknown(self) -> None:
        if self._failed:
            raise ProviderUnavailable("the identity provider did not answer; try again")
        raise Unauthenticated("the token is not valid")

    @property
    def _failed(self) -> bool:
        return self._fetched_at != self._asked_at

    def _pause(self) -> float:
        return RETRY_SECONDS if self._failed else REFETCH_SECONDS_MIN

    def _age(self) -> float:
        return float("inf") if self._fetched_at is None else self._elapsed() - self._fetched_at

    def _since_asked(self) -> float:
        return float("inf") if self._asked_at is None else self._elapsed() - self._asked_at

    def _refresh(self) -> None:
        """Asks the provider: one thread does, the others go on with what there is."""
        if not self._lock.acquire(blocking=not self._keys):
            return
        try:
            if self._since_asked() < RETRY_SECONDS:
                return
            asked_at = self._elapsed()
            try:
                self._keys = parsed(self._fetch(self._url))
                self._fetched_at = asked_at
            except (OSError, ValueError):
                pass  # what was known goes on to be known
            finally:
                self._asked_at = asked_at
        finally:
            self._lock.release()


def parsed(document: bytes) -> dict[str, Any]:
    """The usable keys of a set; others, of other kinds or too short, are left out. Raises ValueError."""
    told = json.loads(document)
    rows = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise ValueError("this is no key set")
    usable = (row for row in rows[:KEYS_MAX] if isinstance(row, dict) and _is_for_signatures(row))
    keys = {row["kid"]: jwt.PyJWK(row, "RS256").key for row in usable}
    keys = {kid: key for kid, key in keys.items() if key.key_size >= RSA_BITS_MIN}
    if not keys:
        raise ValueError("the key set has no key that can be used")
    return keys


def _is_for_signatures(row: dict[str, Any]) -> bool:
    rsa = row.get("kty") == "RSA" and "d" not in row and isinstance(row.get("kid"), str)
    return rsa and row.get("use", "sig") == "sig" and row.get("alg", "RS256") == "RS256"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetched(url: str) -> bytes:
    """The document at `url`, which is configuration and never a token's. Raises OSError, ValueError."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("keys are fetched by HTTP")
    with urllib.request.build_opener(_NoRedirects()).open(url, timeout=TIMEOUT_SECONDS) as answer:
        document: bytes = answer.read(DOCUMENT_BYTES_MAX + 1)
    if len(document) > DOCUMENT_BYTES_MAX:
        raise ValueError("the key set is too large")
    return document
