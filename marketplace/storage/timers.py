"""The timers' index: aggregates by when their clock runs out.

A key is `{look at}#{id}`: what is due stands at its instant. One that came to nothing then stands further
back, as `{look again at}#{id}#{due at}#{failures}`, so that it hides nobody; any commit that changes its
aggregate puts it where it belongs.
"""

import zlib

from pynamodb.exceptions import UpdateError

from marketplace.shared.records import dataclass
from marketplace.storage.models import HeadItem

PAGE = 25
DUE_MAX = 1_000
"""How many due timers of each partition one look takes."""
AGAIN_FIRST_SECONDS = 60
AGAIN_MAX_SECONDS = 3_600


@dataclass(frozen=True, order=True)
class Timer:
    """`due_at` is epoch seconds of business time; `failures` is how often it has come to nothing; `key` is
    where it stands."""

    due_at: int
    identifier: str
    failures: int
    key: str

    @classmethod
    def at(cls, key: str) -> "Timer":
        """The one that stands there."""
        look_at, identifier, *failed = key.split("#")
        due_at, failures = failed or (look_at, "0")
        return cls(int(due_at), identifier, int(failures), key)


def due_partition(identifier: str, partitions: int) -> str:
    """The partition of the index in which an aggregate's clock stands."""
    return _partition(zlib.crc32(identifier.encode()) % partitions)


def due_key(due_at: int, identifier: str) -> str:
    """Sorts the earliest first; `due_at` is epoch seconds of business time."""
    return f"{due_at:012d}#{identifier}"


def look(partitions: int, *, now: int) -> tuple[list[Timer], int | None]:
    """What is to be looked at by `now` (epoch seconds), the earliest due first, and when there is more."""
    due: list[Timer] = []
    later: list[int] = []
    for number in range(partitions):
        for item in HeadItem.by_due.query(_partition(number), page_size=PAGE, limit=DUE_MAX):
            look_at = int(str(item.due_key).partition("#")[0])
            if look_at > now:
                later.append(look_at)
                break
            due.append(Timer.at(str(item.due_key)))
    return sorted(due), min(later, default=None)


def put_off(timer: Timer, *, now: int) -> bool:
    """Moves a timer that came to nothing out of the others' way, further with each time; False when it does
    not stand there any more. Its effect stays dated by when it was due."""
    wait = min(AGAIN_MAX_SECONDS, AGAIN_FIRST_SECONDS * 2**timer.failures)
    failed = f"{timer.due_at:012d}#{timer.failures + 1}"
    moved = HeadItem.due_key.set(f"{due_key(now + wait, timer.identifier)}#{failed}")
    try:
        HeadItem(timer.identifier).update(actions=[moved], condition=HeadItem.due_key == timer.key)
    except UpdateError:
        return False
    return True


def _partition(number: int) -> str:
    return f"due#{number}"
