"""Bad days on demand: requests that are refused, lost, answered with errors, or never answered.

Source of what Stripe does: https://docs.stripe.com/error-low-level, https://docs.stripe.com/rate-limits and
https://docs.stripe.com/api/idempotent_requests
"""

import itertools
import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.stripe.control_fields import InvalidControl
from sandbox.stripe.errors import UnknownObject
from sandbox.stripe.router import Route

HELD_SECONDS_MAX = 120.0
"""Real seconds for which a connection is held without an answer; the library itself gives up after 80."""
PLANTED_MAX = 100
COUNT_MAX = 1_000_000
ANY = "*"


class FaultKind(StrEnum):
    """What goes wrong. `before` means that nothing was done, `after` that everything was."""

    DROPPED_BEFORE = "dropped_before"
    """The connection is dropped."""
    DROPPED_AFTER = "dropped_after"
    """The request takes effect, its answer is saved, and the connection is dropped."""
    SILENT_BEFORE = "silent_before"
    """No answer until the client hangs up."""
    SILENT_AFTER = "silent_after"
    """As `silent_before`, but the request took effect and its answer is saved."""
    KEY_IN_USE = "key_in_use"
    """409 `idempotency_key_in_use`. Not saved."""
    LOCK_TIMEOUT = "lock_timeout"
    """429 `lock_timeout`, which the libraries retry: `Stripe-Should-Retry: true` unless said. Not saved."""
    RATE_LIMIT = "rate_limit"
    """429 `rate_limit`. Not saved."""
    SERVER_ERROR_BEFORE = "server_error_before"
    """500, saved under the idempotency key; nothing else happens, then or in a replay."""
    SERVER_ERROR_AFTER = "server_error_after"
    """The request takes effect, but what is answered, saved and replayed is a 500."""
    BAD_GATEWAY = "bad_gateway"
    """502 from a proxy, in HTML. Stripe never saw the request."""
    UNAVAILABLE = "unavailable"
    """503 from a proxy, in HTML. Stripe never saw the request."""


IN_EXECUTION = frozenset({FaultKind.SERVER_ERROR_BEFORE, FaultKind.SERVER_ERROR_AFTER})
"""These break the endpoint, so they need a request that is valid and no replay; all others break the wire."""
LOSING = frozenset({FaultKind.DROPPED_AFTER, FaultKind.SILENT_AFTER})
HOLDING = frozenset({FaultKind.SILENT_BEFORE, FaultKind.SILENT_AFTER})
ADVISING = IN_EXECUTION | {FaultKind.KEY_IN_USE, FaultKind.LOCK_TIMEOUT, FaultKind.RATE_LIMIT}


@dataclass(frozen=True)
class Fault:
    """What goes wrong where, and how often: `count` times, or with a `probability` drawn from `seed`.

    `endpoint` is a method and a path, `POST /v1/transfers`; `*` stands for any method, any one part of the
    path, or alone for everything. `seconds` (real ones) is how long a silent fault holds the connection.
    `should_retry` sets the header `Stripe-Should-Retry`. Raises InvalidControl for what does not go together.
    """

    endpoint: str
    kind: FaultKind
    count: int | None = None
    probability: float | None = None
    seed: int = 0
    seconds: float | None = None
    should_retry: bool | None = None

    def __post_init__(self) -> None:
        either = "give either count or probability"
        both_or_none = (self.count is None) == (self.probability is None)
        problems = {
            ("count", either): both_or_none,
            ("probability", either): both_or_none,
            ("count", f"must be from 1 to {COUNT_MAX}"): self.count is not None
            and not 1 <= self.count <= COUNT_MAX,
            ("probability", "must be above 0 and at most 1"): self.probability is not None
            and not 0 < self.probability <= 1,
            ("seconds", f"must be above 0 and at most {HELD_SECONDS_MAX:g}"): self.seconds is not None
            and not 0 < self.seconds <= HELD_SECONDS_MAX,
            ("seconds", f"belongs to {_listed(HOLDING)}"): self.seconds is not None
            and self.kind not in HOLDING,
            ("should_retry", f"belongs to {_listed(ADVISING)}"): self.should_retry is not None
            and self.kind not in ADVISING,
        }
        faults = [problem for problem, found in problems.items() if found]
        if faults:
            raise InvalidControl(faults)

    @property
    def held_seconds(self) -> float:
        """How long the connection is held; 0 for a fault that drops it at once."""
        if self.kind not in HOLDING:
            return 0.0
        return HELD_SECONDS_MAX if self.seconds is None else self.seconds

    @property
    def advice(self) -> dict[str, str]:
        """The header that says whether to retry, where it was set."""
        return {} if self.should_retry is None else {"Stripe-Should-Retry": str(self.should_retry).lower()}

    def matches(self, method: str, path: str) -> bool:
        """Whether a request, or a route with its names in braces, is one that this fault breaks."""
        if self.endpoint == ANY:
            return True
        its_method, _, its_path = self.endpoint.partition(" ")
        wanted, parts = its_path.split("/"), path.split("/")
        return (
            its_method in (ANY, method)
            and len(wanted) == len(parts)
            and all(
                want == part or (want != "" and (_one_of(want) or _one_of(part)))
                for want, part in zip(wanted, parts, strict=True)
            )
        )


def _listed(kinds: Iterable[FaultKind]) -> str:
    return ", ".join(sorted(kinds))


def _one_of(part: str) -> bool:
    return part == ANY or part.startswith("{")


@dataclass
class Planted:
    """A fault in place. `fired` counts what it broke; `released` lets go of the connections that it holds."""

    id: str
    fault: Fault
    fired: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.fault.seed)  # noqa: S311  a repeatable draw, no secret

    def fires(self) -> bool:
        """Whether it breaks this request, which counts."""
        if self.fault.count is not None:
            fires = self.fired < self.fault.count
        else:
            fires = self._dice.random() < (self.fault.probability or 0.0)
        self.fired += fires
        return fires


class Faults:
    """What goes wrong at present; the oldest fault that fires wins. Forgotten on a restart."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = list(routes)
        self._planted: dict[str, Planted] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> str:
        """Gives its id. Raises InvalidControl for an endpoint that there is not, and beyond 100 faults."""
        if not any(fault.matches(route.method, route.path) for route in self._routes):
            raise InvalidControl([("endpoint", f"no endpoint {fault.endpoint}")])
        with self._lock:
            if len(self._planted) >= PLANTED_MAX:
                raise InvalidControl([("", f"there are {PLANTED_MAX} faults; clear some")])
            planted = Planted(f"fault_{next(self._numbers)}", fault)
            self._planted[planted.id] = planted
        return planted.id

    def list(self) -> list[Planted]:
        """All of them, oldest first, the spent ones too."""
        with self._lock:
            return [*self._planted.values()]

    def remove(self, fault_id: str) -> None:
        """Takes one away and lets go of what it holds. Raises UnknownObject."""
        with self._lock:
            planted = self._planted.pop(fault_id, None)
        if planted is None:
            message = f"no fault {fault_id}"
            raise UnknownObject(message)
        planted.released.set()

    def clear(self) -> None:
        """Takes all of them away and lets go of what they hold."""
        with self._lock:
            gone, self._planted = self._planted, {}
        for planted in gone.values():
            planted.released.set()

    def strike(self, method: str, path: str, *, in_execution: bool) -> Planted | None:
        """The fault that breaks this request's endpoint, or before that its wire; None when all is well."""
        with self._lock:
            for planted in self._planted.values():
                fault = planted.fault
                if (
                    (fault.kind in IN_EXECUTION) == in_execution
                    and fault.matches(method, path)
                    and planted.fires()
                ):
                    return planted
        return None
