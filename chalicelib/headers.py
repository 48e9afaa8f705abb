"""What every answer says to browsers: whose pages may read it (CORS), and that it is data and nothing else.

(OWASP REST Security Cheat Sheet; Fetch standard, CORS protocol)
"""

from collections.abc import Mapping

SECURITY = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
CHALLENGE = {"WWW-Authenticate": "Bearer"}
"""Beside every 401. (RFC 9110, 11.6.1; RFC 6750, 3)"""
PREFLIGHT_SECONDS = 600
_ALLOWED = "Authorization, Content-Type, Idempotency-Key"
_EXPOSED = "Request-Id, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After"


def for_origin(origin: str | None, allowed: tuple[str, ...]) -> dict[str, str]:
    """What lets a page of `origin` read the answer; nothing for one that is not `allowed`."""
    if not allowed:
        return {}
    if origin not in allowed or origin is None:
        return {"Vary": "Origin"}
    return {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": _EXPOSED,
    }


def preflight(
    request: Mapping[str, str], methods: tuple[str, ...], allowed: tuple[str, ...]
) -> dict[str, str]:
    """The answer's headers to a browser that asks before it calls."""
    found = for_origin(request.get("origin"), allowed)
    if "Access-Control-Allow-Origin" not in found:
        return found
    return {
        **found,
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": _ALLOWED,
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
