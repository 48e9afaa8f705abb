"""What a worker has withdrawn lately: it counts beside the present payout, so that a large one cannot be
asked for in parts.

    slots     6   7   8   9  10  11  12  13        a window is 7 slots long
    kept      6   7   0   1   2   3   4   5        in 8 figures, by number modulo 8
              └─ counted whole ──────────┘ now: at most a slot too much, never too little

A figure stands beside the worker's balances and says which slot it is of: `slot * SLOT_UNIT + minor units`.
So what has left the window is forgotten by being written over, and the item does not grow.
"""

from collections.abc import Mapping

from marketplace.shared.records import dataclass

SLOTS = 7
SLOT_UNIT = 10**15
"""More minor units than all payouts of a slot come to."""
NAME = "recent"


@dataclass(frozen=True)
class Counted:
    """What one payout does to a figure."""

    name: str
    change: int


def within(figures: Mapping[str, int], *, window_seconds: int, at: int) -> int:
    """What was withdrawn in the `window_seconds` before `at`, minor units; `figures` are the worker's, of one
    currency."""
    first = _slot(window_seconds, at) - SLOTS
    kept = (divmod(figures.get(_name(number), 0), SLOT_UNIT) for number in range(SLOTS + 1))
    return sum(amount for slot, amount in kept if slot >= first)


def looked_at(figures: Mapping[str, int]) -> dict[str, int]:
    """Every figure that is added up, as it was read: who asks at the same moment in another slot changes
    another figure, and neither must go out as if the other had not been asked for."""
    return {_name(number): figures.get(_name(number), 0) for number in range(SLOTS + 1)}


def counted(figures: Mapping[str, int], amount: int, *, window_seconds: int, at: int) -> Counted:
    """`amount` minor units more."""
    slot = _slot(window_seconds, at)
    before = figures.get(_name(slot), 0)
    kept_slot, kept = divmod(before, SLOT_UNIT)
    same = kept if kept_slot >= slot else 0
    return Counted(_name(slot), max(slot, kept_slot) * SLOT_UNIT + same + amount - before)


def _slot(window_seconds: int, at: int) -> int:
    return at // max(1, window_seconds // SLOTS)


def _name(slot: int) -> str:
    return f"{NAME}{slot % (SLOTS + 1)}"
