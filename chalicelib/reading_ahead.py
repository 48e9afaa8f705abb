"""What a call will read, told to the request that authenticates its caller: most need no other read then.

The objects that the path names are read for every operation; what else one reads, it tells itself.
"""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.authentication import Ahead
from marketplace.access.principals import Role
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


def for_call(who: Sequence[Role], told: Told, path: Path) -> Ahead:
    """Nothing for a caller who is none of `who`: they are refused."""

    def ahead(role: Role, caller_id: str) -> Along:
        if role not in who:
            return NOTHING
        further = told(role, caller_id, path)
        return Along((*_named(path), *further.heads), further.owners)

    return ahead


def _named(path: Path) -> list[str]:
    return [one for one in path.values() if prefix_of(one) in _PREFIXES and is_id(one, prefix_of(one))]
