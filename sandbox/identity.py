"""The sandbox's identity provider: signs real JWTs and publishes its key."""

import json
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

KEY_BITS = 2048
KEY_ID = "sandbox-1"
LIFETIME_SECONDS = 400 * 86_400
ISSUER = "https://identity.sandbox.invalid"
AUDIENCE = "gig-marketplace-sandbox"


class IdentityProvider:
    """One RSA key, kept in `file` when there is one, so that tokens outlive a restart."""

    def __init__(self, file: Path | None = None) -> None:
        if file is not None and file.exists():
            loaded = serialization.load_pem_private_key(file.read_bytes(), password=None)
            if not isinstance(loaded, rsa.RSAPrivateKey):
                raise TypeError(f"{file} is not an RSA key")
            self._key = loaded
        else:
            self._key = rsa.generate_private_key(public_exponent=65_537, key_size=KEY_BITS)
        if file is not None:
            file.touch(mode=0o600)
            file.write_bytes(
                self._key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )

    def token(self, *, subject: str, role: str, name: str, now: int, lifetime_seconds: int) -> str:
        """A signed JWT as the identity provider would issue it."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "name": name,
            "cognito:groups": [role],
            "iat": now,
            "exp": now + lifetime_seconds,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})

    def jwks(self) -> dict[str, Any]:
        """The public key set (RFC 7517)."""
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
