"""Identifiers: a prefix that names the kind, then a unique part.

Fresh ids are time-ordered by the machine's clock (a ULID: 48 bits of milliseconds, 80 random bits),
so the newest object of a list sorts last. Derived ids come from their cause and nothing else, so
whoever retries arrives at the same id.
"""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache

from ulid import ULID

UNIQUE_PART_LENGTH = 26
TIME_PART_LENGTH = 10
_UNIQUE_PART = re.compile(rf"[0-9a-hjkmnp-tv-z]{{{UNIQUE_PART_LENGTH}}}")
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: each stands for five bits."""
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)
_DIGEST_BYTES = 17
"""The 130 bits of the unique part, and six more."""
_PAIRS_AT = range(126, 0, -10)
"""Where each pair's ten bits begin, from the left."""

DERIVED_MAX = 4_096
"""How many derived ids a process remembers."""

NewId = Callable[[str], str]


def new_id(prefix: str) -> str:
    """A fresh id, for example `task_01kav2...`."""
    return f"{prefix}_{str(ULID()).lower()}"


def derived_id(prefix: str, *cause: str) -> str:
    """The id that belongs to `cause`: the same words always give the same id."""
    return _derived(prefix, cause)


@lru_cache(maxsize=DERIVED_MAX)
def _derived(prefix: str, cause: tuple[str, ...]) -> str:
    """Most are asked for several times in one call, or call after call."""
    digest = hashlib.sha256("\x1f".join(cause).encode()).digest()
    number = int.from_bytes(digest[:_DIGEST_BYTES], "big")
    return f"{prefix}_{''.join([_PAIRS[number >> at & 1023] for at in _PAIRS_AT])}"


def derived_within(prefix: str, parent: str, *cause: str) -> str:
    """A derived id that sorts with its parent: the parent's time, then the hash of parent and cause."""
    time_part = parent.rpartition("_")[2][:TIME_PART_LENGTH]
    unique = derived_id(prefix, parent, *cause).rpartition("_")[2]
    return f"{prefix}_{time_part}{unique[TIME_PART_LENGTH:]}"


def prefix_of(identifier: str) -> str:
    """`task` of `task_01kav2...`; the empty string where there is none."""
    prefix, separator, _ = identifier.rpartition("_")
    return prefix if separator else ""


def is_id(identifier: str, prefix: str) -> bool:
    """Whether it has the shape that `new_id(prefix)` gives."""
    return prefix_of(identifier) == prefix and bool(_UNIQUE_PART.fullmatch(identifier[len(prefix) + 1 :]))


def renamed(identifier: str, prefix: str) -> str:
    """The same unique part under another prefix: an event's journal is its event's id renamed."""
    return f"{prefix}_{identifier.rpartition('_')[2]}"
