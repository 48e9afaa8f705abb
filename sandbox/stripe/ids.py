"""Ids that look like Stripe's and sort by age: prefix, version digit, time, sequence, a hashed tail."""

import hashlib

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TIME_WIDTH = 6
_SEQUENCE_WIDTH = 4
_LENGTH = 24
_ACCOUNT_LENGTH = 16


def _base62(number: int, width: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, 62)
        written = _DIGITS[digit] + written
    return written.rjust(width, "0")


def _tail(seed: str, length: int) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    return _base62(number, length)[-length:]


def object_id(prefix: str, *, at: int, sequence: int, seed: str) -> str:
    """A new id: `pi_1Abc...`. `at` is epoch seconds; no id of a `seed` repeats while `sequence` grows."""
    length = _ACCOUNT_LENGTH if prefix == "acct" else _LENGTH
    head = "1" + _base62(at, _TIME_WIDTH) + _base62(sequence, _SEQUENCE_WIDTH)
    return f"{prefix}_{head}{_tail(f'{seed}:{prefix}:{sequence}', length - len(head))}"


def secret(prefix: str, *, sequence: int, seed: str) -> str:
    """A secret of 32 characters after its prefix; the same for the same seed and sequence."""
    return f"{prefix}_{_tail(f'{seed}:secret:{sequence}', 32)}"


def request_id(*, sequence: int, seed: str) -> str:
    """The id of an API request: `req_` and 14 characters."""
    return f"req_{_tail(f'{seed}:request:{sequence}', 14)}"
