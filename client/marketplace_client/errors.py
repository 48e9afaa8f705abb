"""What can come of a call besides its answer.

MarketplaceError
├── Refused               a problem with `code`: nothing was done
│   ├── Unauthenticated · Forbidden · NotFound · Conflict · Invalid · RateLimited
│   └── Unavailable       the same key resumes
├── Unreachable           nothing was sent, so nothing was done
├── UnknownOutcome        it was sent and not answered: it may have happened
└── UnexpectedAnswer      an answer that is none of the contract's
"""

from dataclasses import dataclass, field
from typing import Any


class MarketplaceError(Exception):
    """Anything that a call can raise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as it was sent. Sending it again with the same `idempotency_key` cannot do it twice."""

    method: str
    path: str
    idempotency_key: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(eq=False)
class Refused(MarketplaceError):
    """RFC 9457. `code` is stable and what programs should look at; `errors` has a pointer for each fault."""

    asked: Asked
    status: int
    code: str
    detail: str
    request_id: str | None = None
    errors: list[dict[str, str]] = field(default_factory=list)
    problem: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        pointers = "".join(f"; {each.get('pointer')}: {each.get('detail')}" for each in self.errors)
        return f"{self.asked} answered {self.status}, {self.code}: {self.detail}{pointers}"


class Unauthenticated(Refused):
    """401: the token is not, or no longer, valid."""


class Forbidden(Refused):
    """403: this role or key may never do that."""


class NotFound(Refused):
    """404: there is no such object, or it is somebody else's."""


class Conflict(Refused):
    """409: the object's state does not allow it; `code` says why."""


class Invalid(Refused):
    """422: the request does not fit; see `errors`."""


class RateLimited(Refused):
    """429, still so after the last attempt."""


class Unavailable(Refused):
    """503, still so after the last attempt; the same key resumes."""


@dataclass(eq=False)
class Unreachable(MarketplaceError):
    """No connection came about: nothing was done."""

    asked: Asked
    why: str

    def __str__(self) -> str:
        return f"{self.asked}: no connection ({self.why})"


@dataclass(eq=False)
class UnknownOutcome(MarketplaceError):
    """The call was sent, and no attempt was answered for good: it may have happened, or still happen.

    Call again with `asked.idempotency_key`: the answer is the first one's, and nothing happens twice. A call
    without a key may be read back first.
    """

    asked: Asked
    why: str

    def __str__(self) -> str:
        return f"{self.asked}: no answer ({self.why}); it may have happened"


@dataclass(eq=False)
class UnexpectedAnswer(MarketplaceError):
    """Not an answer of this API, or not of this version."""

    asked: Asked
    status: int
    why: str

    def __str__(self) -> str:
        return f"{self.asked} answered {self.status}, but {self.why}"


BY_STATUS: dict[int, type[Refused]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Invalid,
    429: RateLimited,
    503: Unavailable,
}
