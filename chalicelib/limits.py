"""Rate limits at the doors: 429 with Retry-After, and on every answer what is left.

The fields are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` says how many calls
(`q`) fit into how many seconds (`w`), `RateLimit` how many are left (`r`) and in how many seconds all are
again (`t`).
"""

import math
from collections.abc import MutableMapping
from typing import Any

from marketplace.access.rate_limits import ANONYMOUS, DEFAULT, HEAVY, MS, Limit, Taken
from marketplace.runtime import Runtime
from marketplace.shared.errors import RateLimited

Headers = MutableMapping[str, Any]


def take(
    runtime: Runtime, headers: Headers, caller: str, *, heavy: bool, on: tuple[Limit, str] | None = None
) -> None:
    """Counts one call of somebody who is known, and with `on` what they do to the object of that id. Raises
    RateLimited."""
    counted = [(DEFAULT, caller)]
    if heavy:
        counted.append((HEAVY, caller))
    if on is not None:
        limit, identifier = on
        counted.append((limit, f"{caller}#{identifier}"))
    _take(runtime, headers, counted)


def take_anonymous(runtime: Runtime, headers: Headers, address: str) -> None:
    """Counts one call of an address that shows nothing good. Raises RateLimited."""
    _take(runtime, headers, [(ANONYMOUS, f"address:{address}")])


def _take(runtime: Runtime, headers: Headers, counted: list[tuple[Limit, str]]) -> None:
    if not runtime.limits.enabled:
        return
    what = [runtime.limits.take(limit, of) for limit, of in counted]
    headers["RateLimit-Policy"] = ", ".join(_policy(one.limit) for one in what)
    headers["RateLimit"] = ", ".join(_left(one) for one in what)
    wait_ms = max(one.wait_ms for one in what)
    if wait_ms:
        headers["Retry-After"] = str(math.ceil(wait_ms / MS))
        full = next(one.limit for one in what if one.wait_ms == wait_ms)
        raise RateLimited(f"too many calls (`{full.name}`); come back a little later")


def _policy(limit: Limit) -> str:
    return f'"{limit.name}";q={limit.burst};w={limit.window_seconds}'


def _left(one: Taken) -> str:
    return f'"{one.limit.name}";r={one.left};t={math.ceil(one.full_in_ms / MS)}'
