"""Walks over what is somebody's, which can be left off anywhere and gone on with.

    legs:     [ profile ][ documents ······ ][ messages: contract ··· contract ··· ]
    place:                          ^ number of the leg, and where in it: behind the thing that was seen last

Each leg looks for one kind of object. Lists are read by position, newest first: whatever comes or goes
meanwhile, none of those that were there and stay is seen twice or left out.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from marketplace.runtime import Runtime
from marketplace.shared.records import dataclass
from marketplace.storage.keys import Listing
from marketplace.storage.places import position_of

PAGE = 50
"""So many objects are read at once, of which perhaps only the first is needed."""

Seen = Iterator[tuple[str, Any]]
"""Where it stands behind each thing, and the thing; None where a place was passed that had nothing."""


@dataclass(frozen=True)
class Theirs:
    """Where what is a worker's or a client's is found."""

    runtime: Runtime
    id: str

    def listed(self, listing: Listing[Any], key: str, after: str) -> Seen:
        """Those in the list of a key."""
        before = after or None
        while True:
            found, before = self.runtime.reads.page(listing, key, limit=PAGE, before=before)
            yield from ((position_of(one), one) for one in found)
            if before is None:
                return

    def there(self, kind: type[Any], identifier: str) -> Any:
        """The one of that id, or None."""
        found = self.runtime.store.read(kind, identifier)
        return None if found is None else found[0]


Found = Callable[[Theirs, str], Seen]
"""What there is of one kind, behind a place that it told itself; empty for all."""


def listed(listing: Listing[Any], key: str = "") -> Found:
    """Those in the person's list; `key` is what it is called by after their id."""
    return lambda theirs, after: theirs.listed(listing, theirs.id + key, after)


def only(find: Callable[[Theirs], Any]) -> Found:
    """The one that there may be."""
    return lambda theirs, after: iter(() if after else (("1", find(theirs)),))


def with_id(kind: type[Any], id_of: Callable[[str], str]) -> Found:
    """The one whose id derives from the person's, if it is there."""
    return only(lambda theirs: theirs.there(kind, id_of(theirs.id)))


def turned(found: Found, into: Callable[[Theirs, Any], Any]) -> Found:
    """What each of them points at, None where that is nothing."""

    def walk(theirs: Theirs, after: str) -> Seen:
        for place, one in found(theirs, after):
            yield place, None if one is None else into(theirs, one)

    return walk


def chained(*founds: Found) -> Found:
    """One after the other."""

    def walk(theirs: Theirs, after: str) -> Seen:
        number, inside = json.loads(after) if after else (0, "")
        for at in range(number, len(founds)):
            for place, one in founds[at](theirs, inside if at == number else ""):
                yield json.dumps([at, place]), one

    return walk


def within(outer: Found, inner: Callable[[Theirs, Any, str], Seen]) -> Found:
    """Those of each of `outer`. Passing one of these is a place as well, so whoever goes by thousands that
    have nothing can rest between them."""

    def walk(theirs: Theirs, after: str) -> Seen:
        passed, begun, inside = json.loads(after) if after else ("", "", "")
        for place, one in outer(theirs, passed):
            deeper = inside if place == begun else ""
            for at, found in inner(theirs, one, deeper) if one is not None else ():
                yield json.dumps([passed, place, at]), found
            passed = place
            yield json.dumps([passed, "", ""]), None

    return walk


def lists_of(outer: Found, listing: Listing[Any], key: str = "") -> Found:
    """Those in the lists of each of `outer`; `key` is what it is called by after the outer's id."""
    return within(outer, lambda theirs, one, after: theirs.listed(listing, one.id + key, after))


def counted(things: Iterable[Any], after: str) -> Seen:
    """A few that are at hand, by their number."""
    for number, one in enumerate(things, start=1):
        if number > int(after or 0):
            yield str(number), one


def walk(theirs: Theirs, legs: Iterable[Found], after: str) -> Iterator[tuple[int, str, Any]]:
    """The number of the leg, the place behind each thing, and the thing or None, from `after` on."""
    begun, inside = json.loads(after) if after else (0, "")
    for number, leg in enumerate(legs):
        if number < begun:
            continue
        for place, one in leg(theirs, inside if number == begun else ""):
            yield number, json.dumps([number, place]), one
        yield number, json.dumps([number + 1, ""]), None
