"""What a call will read, told to the request that authenticates its caller: most need no other read then.

The objects that the path names are read for every operation; what else one reads, it tells itself. The event
of a key is read along where no money moves: there no condition of the commit tells a repeat (running.py).
"""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.authentication import Ahead
from marketplace.access.principals import Principal, Role
from marketplace.shared.ids import is_id, prefix_of
from marketplace.storage.ahead import NOTHING, Along
from marketplace.storage.shelves import SHELVES

Path = Mapping[str, str]
Told = Callable[[Role, str, Path], Along]
"""By the caller's role and id, and the path."""

_PREFIXES = frozenset(shelf.prefix for shelf in SHELVES)


def nothing(_role: Role, _caller_id: str, _path: Path) -> Along:
    """No more than the path names."""
    return NOTHING


def for_call(
    who: Sequence[Role], told: Told, path: Path, event_id_of: Callable[[Principal], str | None]
) -> Ahead:
    """Nothing for a caller who is none of `who`: they are refused. `event_id_of` names the event of the
    call's key, if it has one that is worth a look."""

    def ahead(caller: Principal) -> Along:
        if caller.role not in who:
            return NOTHING
        further, event_id = told(caller.role, caller.id, path), event_id_of(caller)
        events = (event_id,) if event_id else ()
        return Along((*_named(path), *further.heads), further.owners, events)

    return ahead


def _named(path: Path) -> list[str]:
    return [one for one in path.values() if prefix_of(one) in _PREFIXES and is_id(one, prefix_of(one))]
