"""Tokens of the identity provider, checked against its published keys (RFC 7515, RFC 7519, RFC 8725).

What a token's own header says decides nothing: the algorithm is ours, the key is the provider's, and `jku`,
`jwk`, `x5u`, `x5c` are never looked at; `crit` names what we do not know, so such a token is refused.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

import jwt

from marketplace.gateways.jwks import Fetch, Jwks, fetched
from marketplace.shared.errors import Unauthenticated

ALGORITHM = "RS256"
TOKEN_CHARS_MAX = 8_192
SKEW_SECONDS = 60
"""How far the provider's clock may be from ours."""
SUBJECT_CHARS_MAX = 255
VERIFIED_MAX = 2_000
"""Tokens whose signature a process remembers: a phone sends the same one for an hour."""


class Tokens(Protocol):
    """Checks a bearer token and gives its claims."""

    def claims(self, token: str, *, now: int) -> dict[str, Any]:
        """Raises Unauthenticated, ProviderUnavailable."""
        ...


class JwksTokens:
    """Verifies signature, issuer, audience and times."""

    def __init__(
        self, *, issuer: str, audiences: Sequence[str], jwks_url: str, fetch: Fetch = fetched
    ) -> None:
        self.issuer = issuer
        self.audiences = frozenset(audiences)
        self.keys = Jwks(jwks_url, fetch)
        self._verified: OrderedDict[bytes, tuple[str, Any, dict[str, Any]]] = OrderedDict()

    def claims(self, token: str, *, now: int) -> dict[str, Any]:
        """The verified claims at `now` (epoch seconds of the product's clock)."""
        if len(token) > TOKEN_CHARS_MAX:
            raise Unauthenticated("the token is not valid")
        try:
            claims = self._remembered(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as refused:
            raise Unauthenticated("the token is not valid") from refused
        if claims["iss"] != self.issuer or not self._is_for_us(claims) or not _is_subject(claims["sub"]):
            raise Unauthenticated("the token is not valid")
        _check_times(claims, now)
        return claims

    def _remembered(self, token: str) -> dict[str, Any]:
        """What the same text was signed for by the same key, while the provider still publishes it: that is
        all that is remembered. Whom it is for, and whether it has expired, is looked at each time."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and self.keys.key(known[0]) is known[1]:
            return dict(known[2])
        verified = self._signed(token, jwt.get_unverified_header(token))
        self._verified[digest] = verified
        if len(self._verified) > VERIFIED_MAX:
            with suppress(KeyError):
                self._verified.popitem(last=False)
        return dict(verified[2])

    def _signed(self, token: str, header: dict[str, Any]) -> tuple[str, Any, dict[str, Any]]:
        """The key's name, the key, and what it signed."""
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(kid, str) or "crit" in header:
            raise Unauthenticated("the token is not valid")
        key = self.keys.key(kid)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            options={
                "require": ["exp", "iss", "sub"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
            },
        )
        return kid, key, claims

    def _is_for_us(self, claims: dict[str, Any]) -> bool:
        """ID tokens say whom they are for in `aud`, Cognito's access tokens in `client_id`.
        (AWS: cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html)"""
        told = claims.get("aud")
        if told is None and claims.get("token_use") == "access":
            told = claims.get("client_id")
        named = told if isinstance(told, list) else [told]
        return any(isinstance(one, str) and one in self.audiences for one in named)


def _is_subject(subject: object) -> bool:
    return isinstance(subject, str) and 0 < len(subject) <= SUBJECT_CHARS_MAX


def _check_times(claims: dict[str, Any], now: int) -> None:
    """Raises Unauthenticated."""
    expires = claims["exp"]
    if not _is_instant(expires) or now >= expires + SKEW_SECONDS:
        raise Unauthenticated("the token has expired")
    for name in ("nbf", "iat"):
        begins = claims.get(name)
        if begins is not None and (not _is_instant(begins) or now < begins - SKEW_SECONDS):
            raise Unauthenticated("the token is not valid yet")


def _is_instant(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
