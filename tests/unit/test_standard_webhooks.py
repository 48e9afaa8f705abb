"""Signatures of Standard Webhooks, as its specification makes them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.gateways.standard_webhooks import TOLERANCE_SECONDS, is_signed, signature

NOW = 1_790_000_000
SECRET = "whsec_" + base64.b64encode(b"a secret of ours").decode()


def headers(content: bytes, at: int = NOW, secret: str = SECRET) -> dict[str, str]:
    signed = signature(content, identifier="msg_1", at=at, secret=secret)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": signed}


def test_the_published_example_comes_out() -> None:
    """Source: the verification example of the specification's libraries."""
    signed = signature(
        b'{"test": 2432232314}',
        identifier="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=1_614_265_330,
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(-400, 400))
def test_only_the_same_bytes_in_time_are_signed(content: bytes, other: bytes, late: int) -> None:
    given_headers = headers(content, NOW + late)
    in_time = abs(late) <= TOLERANCE_SECONDS
    assert is_signed(other, given_headers, secret=SECRET, now=NOW) == (in_time and content == other)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-timestamp": "²"},
        {"webhook-timestamp": "9" * 5_000},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
    ],
)
def test_headers_that_do_not_fit_sign_nothing(changed: dict[str, str]) -> None:
    assert not is_signed(b"x", headers(b"x") | changed, secret=SECRET, now=NOW)


def test_one_of_several_signatures_is_enough() -> None:
    both = f"v1,b2xk {headers(b'x')['webhook-signature']}"
    assert is_signed(b"x", headers(b"x") | {"webhook-signature": both}, secret=SECRET, now=NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "no base64!"])
def test_a_secret_that_is_none_signs_nothing(secret: str) -> None:
    assert not is_signed(b"x", headers(b"x", secret=secret), secret=secret, now=NOW)
