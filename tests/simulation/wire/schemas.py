"""The keys of tables and of their indexes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.simulation.wire.expressions import Invalid, Item
from tests.simulation.wire.requests import Key

HASH_BYTES_MAX, RANGE_BYTES_MAX = 2_048, 1_024


@dataclass(frozen=True)
class Index:
    """`shown` are the attributes beside the keys that it projects."""

    keys: Key
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Schema:
    """The keys of a table and its indexes; all of them are texts."""

    keys: Key
    indexes: Mapping[str, Index] = field(default_factory=dict)

    def key_of(self, given: Item) -> Key:
        """The item's place in the table. Raises Invalid."""
        if given.keys() != set(self.keys) or any(value.keys() != {"S"} for value in given.values()):
            raise Invalid("The provided key element does not match the schema")
        key = tuple(str(given[name]["S"]) for name in self.keys)
        for text, most in zip(key, (HASH_BYTES_MAX, RANGE_BYTES_MAX), strict=False):
            if not text or len(text.encode()) > most:
                raise Invalid("One or more parameter values are not valid: a key is empty or too long")
        return key
