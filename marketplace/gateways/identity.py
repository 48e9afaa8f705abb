"""Tokens of the identity provider, checked against its published keys (RFC 7517, RFC 7519)."""

from collections.abc import Callable
from typing import Any, Protocol

import jwt

from marketplace.shared.errors import Unauthenticated

ALGORITHM = "RS256"
JWKS_TIMEOUT_SECONDS = 3
JWKS_LIFESPAN_SECONDS = 600


class Tokens(Protocol):
    """Checks a bearer token and gives its claims."""

    def claims(self, token: str, *, now: int) -> dict[str, Any]:
        """Raises Unauthenticated."""
        ...


class JwksTokens:
    """Verifies signature, issuer and expiry; the algorithm is ours to choose, never the token's."""

    def __init__(
        self, *, issuer: str, jwks_url: str, keys: Callable[[str], jwt.PyJWKClient] | None = None
    ) -> None:
        self.issuer = issuer
        make = keys or (
            lambda url: jwt.PyJWKClient(url, lifespan=JWKS_LIFESPAN_SECONDS, timeout=JWKS_TIMEOUT_SECONDS)
        )
        self._keys = make(jwks_url)

    def claims(self, token: str, *, now: int) -> dict[str, Any]:
        """The verified claims at `now` (epoch seconds of the product's clock)."""
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[ALGORITHM],
                issuer=self.issuer,
                options={
                    "require": ["exp", "iss", "sub"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_aud": False,
                },
            )
        except (jwt.PyJWTError, ValueError) as refused:
            raise Unauthenticated("the token is not valid") from refused
        expires = claims["exp"]
        if not isinstance(expires, int) or now >= expires:
            raise Unauthenticated("the token has expired")
        return claims
