"""Texts to bytes and back, small: deflated against a dictionary of what heads have in common.

A head with its last events then mostly fits into the one KB that a write unit pays for. The first byte is the
number of the dictionary.
"""

import zlib
from collections.abc import Sequence

from marketplace.storage.packing_dictionary import DICTIONARIES

LATEST = max(DICTIONARIES)
LEVEL = 9
MEMORY_LEVEL = 9
_RAW = -zlib.MAX_WBITS
_BETWEEN = "\0"
"""JSON writes this character as an escape, so it is in none of the texts."""


def packed(texts: Sequence[str]) -> bytes:
    """The texts as one string of bytes. Raises ValueError for a text that cannot be told apart again."""
    if any(_BETWEEN in text for text in texts):
        raise ValueError("a text that holds NUL cannot be packed")
    squeeze = zlib.compressobj(
        LEVEL, zlib.DEFLATED, _RAW, MEMORY_LEVEL, zlib.Z_DEFAULT_STRATEGY, DICTIONARIES[LATEST]
    )
    return bytes((LATEST,)) + squeeze.compress(_BETWEEN.join(texts).encode()) + squeeze.flush()


def unpacked(data: bytes) -> list[str]:
    """The texts again. Raises KeyError for an unknown dictionary, zlib.error for what nobody packed."""
    unsqueeze = zlib.decompressobj(_RAW, DICTIONARIES[data[0]])
    return (unsqueeze.decompress(data[1:]) + unsqueeze.flush()).decode().split(_BETWEEN)
