"""How one operation is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class The:
    """An id in a body, or in a list there: the caller's object of that name, or somebody else's."""

    name: str


@dataclass(frozen=True)
class Row:
    """`names` overrides which object a path's parameter or a body's field names; `right` does so for the call
    that must be let in, or only for the role before the colon. `public` are parameters that anyone signed in,
    or of the role before the colon, may name. `own_only`: a stranger gets an empty list rather than a 404.
    `for_newcomers`: a worker needs no profile for it. `for_suspended`: it tells those who are suspended of
    that. `for_forgotten`: it tells those whose data has been erased. `for_members`: an agency's members
    may read it of their agency's work, or are told that they may not do it. `query` goes with each call."""

    body: Any = None
    names: Mapping[str, str] = field(default_factory=dict)
    right: Mapping[str, str] = field(default_factory=dict)
    public: tuple[str, ...] = ()
    own_only: bool = False
    for_newcomers: bool = False
    for_suspended: bool = False
    for_forgotten: bool = False
    for_members: bool = False
    query: Mapping[str, str] = field(default_factory=dict)


WHY = {"reason": "because"}
AT = "2026-01-01T00:00:00Z"
