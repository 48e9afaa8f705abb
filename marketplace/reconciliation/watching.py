"""How far the journals that were written have been looked through, and which days something late came into.

journals, as they are written ──walk──> days that were over and compared ──> late ──compared again──> gone
"""

from collections.abc import Mapping

from marketplace.reconciliation.days import Late
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

PREFIX = "rcw"
WATCH_ID = f"{PREFIX}_days"
LATE_MAX = 400
"""So many days may wait to be compared again before the walk does; more than a year's."""


@dataclass(frozen=True)
class LateDay:
    """`day` is its first instant, epoch seconds of business time; `written_ms` when the last journal dated in
    it was written, epoch milliseconds of the machine."""

    day: int
    written_ms: int


@dataclass(frozen=True)
class Watch:
    """What was written before `walked_until`, epoch seconds of the machine, has been looked through."""

    id: str = WATCH_ID
    walked_until: int = 0
    late: tuple[LateDay, ...] = ()

    @property
    def late_days(self) -> Late:
        """By day."""
        return {one.day: one.written_ms for one in self.late}

    @property
    def is_full(self) -> bool:
        """Then the walk waits until days have been compared."""
        return len(self.late) >= LATE_MAX

    def walked(self, until: int, dated: Mapping[int, int]) -> "Watch":
        """On to there; `dated` are the days of what was written on the way, and when."""
        late = later_of(self.late_days, dated)
        return replace(self, walked_until=max(self.walked_until, until), late=_listed(late))

    def without(self, compared: Mapping[int, int]) -> "Watch":
        """Without days that were compared since; one that something came into meanwhile stays."""
        late = {day: at for day, at in self.late_days.items() if compared.get(day) != at}
        return replace(self, late=_listed(late))


def later_of(one: Late, other: Late) -> dict[int, int]:
    """Both, with the later instant of each day."""
    return {day: max(one.get(day, 0), other.get(day, 0)) for day in (*one, *other)}


def note_walk(seen: Watch, until: int, dated: Mapping[int, int], tx: Transaction) -> Watch:
    """Nothing where somebody else has walked on from where it was `seen`."""
    watch = tx.find(Watch, WATCH_ID) or Watch()
    if watch.walked_until != seen.walked_until:
        return watch
    walked = watch.walked(until, dated)
    tx.save(walked)
    return walked


def forget_compared(compared: Mapping[int, int], tx: Transaction) -> Watch:
    """Days that were compared since they were late are none any more."""
    watch = tx.find(Watch, WATCH_ID) or Watch()
    left = watch.without(compared)
    if left != watch:
        tx.save(left)
    return left


def _listed(late: Late) -> tuple[LateDay, ...]:
    return tuple(LateDay(day, late[day]) for day in sorted(late))
