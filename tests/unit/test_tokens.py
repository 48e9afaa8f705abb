"""Tokens: what an attacker writes into one decides nothing; an outage of their issuer locks nobody out."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt import api_jws as jws
from jwt.algorithms import RSAAlgorithm

from marketplace.gateways.identity import SKEW_SECONDS, TOKEN_CHARS_MAX, JwksTokens
from marketplace.gateways.jwks import (
    FRESH_SECONDS,
    REFETCH_SECONDS_MIN,
    RETRY_SECONDS,
    STALE_SECONDS_MAX,
    Jwks,
    fetched,
)
from marketplace.shared.errors import ProviderUnavailable, Unauthenticated

ISSUER, AUDIENCE, NOW = "https://identity.example", "our-app", 1_800_000_000
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "iat": NOW, "exp": NOW + 600}


@cache
def private_key(name: str, bits: int = 2_048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


def row(name: str, **more: Any) -> dict[str, Any]:
    public = json.loads(RSAAlgorithm.to_jwk(private_key(name).public_key()))
    return {**public, "kid": name, "use": "sig", "alg": "RS256", **more}


@dataclass
class Provider:
    """Publishes keys, or does not answer; counts how often it was asked."""

    rows: list[dict[str, Any]] = field(default_factory=lambda: [row("k1")])
    down: bool = False
    asked: int = 0
    elapsed: float = 1_000.0

    def fetch(self, url: str) -> bytes:
        self.asked += 1
        if self.down:
            raise TimeoutError
        return json.dumps({"keys": self.rows}).encode()

    def tokens(self) -> JwksTokens:
        made = JwksTokens(issuer=ISSUER, audiences=[AUDIENCE], jwks_url="https://keys", fetch=self.fetch)
        made.keys = Jwks("https://keys", self.fetch, lambda: self.elapsed)
        return made


def signed(key: str = "k1", kid: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
    told = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    named = {"kid": kid or key, **(header or {})}
    return jws.encode(json.dumps(told).encode(), private_key(key), "RS256", headers=named)


def by_hand(header: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    text = f"{part(json.dumps(header).encode())}.{part(json.dumps(CLAIMS).encode())}"
    return f"{text}.{part(sign(text.encode()))}"


def with_public_key_as_secret(text: bytes) -> bytes:
    pem = private_key("k1").public_key()
    secret = pem.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hmac.digest(secret, text, hashlib.sha256)


ATTACKS: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "a.b.c",
    "not signed": lambda: by_hand({"alg": "none", "kid": "k1"}, lambda _: b""),
    "None": lambda: by_hand({"alg": "NoNe", "kid": "k1"}, lambda _: b""),
    "our public key as a secret": lambda: by_hand({"alg": "HS256", "kid": "k1"}, with_public_key_as_secret),
    "an empty secret": lambda: by_hand(
        {"alg": "HS256", "kid": "k1"}, lambda text: hmac.digest(b"", text, hashlib.sha256)
    ),
    "another algorithm of the same key": lambda: jwt.encode(
        CLAIMS, private_key("k1"), "RS512", headers={"kid": "k1"}
    ),
    "another's key under our key's name": lambda: signed("evil", kid="k1"),
    "a kid that is a path": lambda: signed("evil", kid="../../dev/null"),
    "a kid that is SQL": lambda: signed("evil", kid="x' UNION SELECT 'k"),
    "a kid that is a number": lambda: by_hand({"alg": "RS256", "kid": 1}, lambda _: b"x"),
    "no kid": lambda: jwt.encode(CLAIMS, private_key("k1"), "RS256"),
    "a key brought along": lambda: signed("evil", header={"jwk": row("evil")}),
    "a key brought along under our name": lambda: signed("evil", kid="k1", header={"jwk": row("evil")}),
    "keys by address": lambda: signed("evil", header={"jku": "https://evil.example/keys"}),
    "a certificate by address": lambda: signed("evil", kid="k1", header={"x5u": "https://evil.example/cert"}),
    "a certificate brought along": lambda: signed("evil", kid="k1", header={"x5c": ["MIIB"]}),
    "critical things that we do not know": lambda: signed(header={"crit": ["exp"]}),
    "another issuer": lambda: signed(iss="https://evil.example"),
    "an issuer with ours in front": lambda: signed(iss=ISSUER + ".evil.example"),
    "issuers as a list": lambda: signed(iss=[ISSUER]),
    "no issuer": lambda: signed(iss=None),
    "another audience": lambda: signed(aud="their-app"),
    "no audience": lambda: signed(aud=None),
    "an access token of another app": lambda: signed(aud=None, token_use="access", client_id="their-app"),
    "an id token without audience": lambda: signed(aud=None, token_use="id", client_id=AUDIENCE),
    "expired": lambda: signed(exp=NOW - SKEW_SECONDS),
    "no expiry": lambda: signed(exp=None),
    "expiry as a text": lambda: signed(exp=str(NOW + 600)),
    "expiry as a boolean": lambda: signed(exp=True),
    "expiry as NaN": lambda: signed(exp=float("nan")),
    "not valid yet": lambda: signed(nbf=NOW + SKEW_SECONDS + 1),
    "made tomorrow": lambda: signed(iat=NOW + 86_400),
    "nobody": lambda: signed(sub=""),
    "no subject": lambda: signed(sub=None),
    "too long": lambda: signed(more="x" * TOKEN_CHARS_MAX),
    "changed afterwards": lambda: signed()[:-8] + "AAAAAAAA",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_token_that_is_not_good_opens_nothing(attack: str) -> None:
    tokens = Provider().tokens()
    tokens.claims(signed(), now=NOW)
    for _ in range(2):  # nothing about it is remembered
        with pytest.raises(Unauthenticated):
            tokens.claims(ATTACKS[attack](), now=NOW)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"aud": ["their-app", AUDIENCE]},
        {"aud": None, "token_use": "access", "client_id": AUDIENCE},
        {"exp": NOW - SKEW_SECONDS + 1},
        {"nbf": NOW + SKEW_SECONDS},
    ],
)
def test_a_good_token_opens(claims: dict[str, Any]) -> None:
    assert Provider().tokens().claims(signed(**claims), now=NOW)["sub"] == "ada"


def test_a_token_that_was_good_expires() -> None:
    tokens, token = Provider().tokens(), signed()
    tokens.claims(token, now=NOW)
    assert tokens.claims(token, now=NOW + 600)["sub"] == "ada"
    with pytest.raises(Unauthenticated):
        tokens.claims(token, now=NOW + 600 + SKEW_SECONDS)


@pytest.mark.parametrize("rows", [[row("k2")], [row("k2", kid="k1")]], ids=["withdrawn", "replaced"])
def test_a_token_that_was_good_is_worth_what_its_key_is_worth(rows: list[dict[str, Any]]) -> None:
    provider = Provider()
    tokens, token = provider.tokens(), signed()
    tokens.claims(token, now=NOW)
    provider.rows = rows
    provider.elapsed += FRESH_SECONDS
    with pytest.raises(Unauthenticated):
        tokens.claims(token, now=NOW)


def test_what_is_remembered_of_a_token_is_not_its_caller_s_to_change() -> None:
    tokens, token = Provider().tokens(), signed()
    tokens.claims(token, now=NOW)["sub"] = "eve"
    assert tokens.claims(token, now=NOW)["sub"] == "ada"


def test_forged_tokens_do_not_make_us_ask_the_provider_again_and_again() -> None:
    provider = Provider()
    tokens = provider.tokens()
    for number in range(50):
        provider.elapsed += 1
        with pytest.raises(Unauthenticated):
            tokens.claims(signed("evil", kid=f"forged-{number}"), now=NOW)
    assert provider.asked <= 1 + 50 // REFETCH_SECONDS_MIN + 1


def test_a_new_key_is_fetched_when_it_is_met() -> None:
    provider = Provider()
    tokens = provider.tokens()
    tokens.claims(signed(), now=NOW)
    provider.rows.append(row("k2"))
    provider.elapsed += REFETCH_SECONDS_MIN
    assert tokens.claims(signed("k2"), now=NOW)["sub"] == "ada"
    assert provider.asked == 2


def test_while_the_provider_is_silent_known_keys_go_on_and_unknown_ones_are_unknown() -> None:
    provider = Provider()
    tokens = provider.tokens()
    tokens.claims(signed(), now=NOW)
    provider.down = True
    provider.elapsed += FRESH_SECONDS
    assert tokens.claims(signed(), now=NOW)["sub"] == "ada"
    with pytest.raises(ProviderUnavailable):
        tokens.claims(signed("k2"), now=NOW)
    asked = provider.asked
    tokens.claims(signed(), now=NOW)
    assert provider.asked == asked
    provider.elapsed += STALE_SECONDS_MAX
    with pytest.raises(ProviderUnavailable):
        tokens.claims(signed(), now=NOW)
    provider.down = False
    provider.elapsed += RETRY_SECONDS
    assert tokens.claims(signed(), now=NOW)["sub"] == "ada"


def test_without_any_keys_nobody_is_told_that_their_token_is_bad() -> None:
    with pytest.raises(ProviderUnavailable):
        Provider(down=True).tokens().claims(signed(), now=NOW)
    with pytest.raises(ProviderUnavailable):
        Provider(rows=[]).tokens().claims(signed(), now=NOW)


@pytest.mark.parametrize(
    "unfit", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "oct", "k": "c2VjcmV0"}, {"kid": None}]
)
def test_published_keys_for_other_purposes_are_not_used(unfit: dict[str, Any]) -> None:
    provider = Provider(rows=[row("k1", **unfit), row("k2")])
    with pytest.raises(Unauthenticated):
        provider.tokens().claims(signed(), now=NOW)


def test_keys_come_by_http_only() -> None:
    with pytest.raises(ValueError, match="HTTP"):
        fetched("file:///etc/passwd")
