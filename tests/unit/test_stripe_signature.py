"""Stripe's signatures, made as its documentation says."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.gateways.stripe_signature import TOLERANCE_SECONDS, is_signed

NOW = 1_790_000_000
SECRET = "whsec_test"


def signature(content: bytes, at: int = NOW, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + content, hashlib.sha256).hexdigest()


@given(content=st.binary(max_size=500), late=st.integers(-TOLERANCE_SECONDS, TOLERANCE_SECONDS))
def test_what_the_secret_signed_is_signed(content: bytes, late: int) -> None:
    header = f"t={NOW + late},v0=old,v1={signature(content, NOW + late)}"
    assert is_signed(content, header, secret=SECRET, now=NOW)


@given(content=st.binary(max_size=500), other=st.binary(max_size=500))
def test_other_bytes_are_not(content: bytes, other: bytes) -> None:
    header = f"t={NOW},v1={signature(content)}"
    assert is_signed(other, header, secret=SECRET, now=NOW) == (content == other)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        f"v1={signature(b'x')}",
        f"t={NOW}",
        f"t={NOW},v0={signature(b'x')}",
        f"t=-{NOW},v1={signature(b'x')}",
        f"t={NOW},t={NOW},v1={signature(b'x')}",
        f"t=²{NOW},v1={signature(b'x')}",
        f"t={NOW - TOLERANCE_SECONDS - 1},v1={signature(b'x', NOW - TOLERANCE_SECONDS - 1)}",
        f"t={NOW},v1={signature(b'x', secret='whsec_other')}",
        f"t={NOW},v1=é",
    ],
)
def test_a_header_that_does_not_fit_signs_nothing(header: str) -> None:
    assert not is_signed(b"x", header, secret=SECRET, now=NOW)


@given(header=st.text(max_size=300))
def test_no_header_breaks_the_check(header: str) -> None:
    assert not is_signed(b"x", header, secret=SECRET, now=NOW)


def test_a_secret_that_is_not_set_signs_nothing() -> None:
    assert not is_signed(b"x", f"t={NOW},v1={signature(b'x', secret='')}", secret="", now=NOW)
