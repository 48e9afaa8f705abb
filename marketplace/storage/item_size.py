"""How big DynamoDB counts an item, in bytes.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
Names and texts count in UTF-8, a number takes a byte for two digits, one more, and one for a minus;
lists and maps take three bytes and one for each element.
"""

from collections.abc import Mapping
from typing import Any

WRITE_UNIT_BYTES = 1_024
READ_UNIT_BYTES = 4_096

Item = Mapping[str, Mapping[str, Any]]
"""An item as it is on the wire: attribute to `{type: value}`."""

_NESTED = 3


def item_bytes(item: Item) -> int:
    """The size of a whole item."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def write_units(size: int) -> int:
    """A unit for each KB begun, at least one."""
    return max(1, -(-size // WRITE_UNIT_BYTES))


def read_units(size: int, *, consistent: bool) -> float:
    """A unit for each 4 KB begun, at least one; half of that where the read may be stale."""
    units = max(1, -(-size // READ_UNIT_BYTES))
    return float(units) if consistent else units / 2


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "B":
        return len(content) if isinstance(content, bytes) else len(content) * 3 // 4 - content.count("=")
    if kind == "N":
        digits = len(content.lstrip("-0.").replace(".", ""))
        return (digits + 1) // 2 + 1 + int(content.startswith("-"))
    if kind == "L":
        return _NESTED + sum(1 + _value_bytes(element) for element in content)
    if kind == "M":
        return _NESTED + sum(1 + len(k.encode()) + _value_bytes(v) for k, v in content.items())
    return _NESTED + sum(_value_bytes({kind[0]: element}) for element in content) if kind in _SETS else 1


_SETS = frozenset({"SS", "NS", "BS"})
