"""The rule of an endpoint's url: whose letter it is, before anything is looked up.

What the name stands for is checked at each sending, since it may stand for something else by then.
"""

import re
from urllib.parse import SplitResult, urlsplit

from marketplace.notifications.addresses import is_public, is_this_machine
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.records import dataclass

URL_LENGTH_MAX = 1_024
PORTS = {"https": 443, "http": 80}
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?", re.IGNORECASE)
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
"""A last label of this kind makes a name an IPv4 address to some parsers, as 127.1 and 0x7f000001 are."""


@dataclass(frozen=True)
class Destination:
    """`host` is a name or a literal address without brackets; `target` is the path and the query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What a Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def destination(url: str, *, sandbox: bool) -> Destination:
    """Where a url leads. Raises InvalidRequest for one to which we send nothing: in a `sandbox` also http,
    and this machine."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as broken:
        raise _refused("is not a url") from broken
    _check_form(url, parts, host, port)
    if parts.scheme not in (("https", "http") if sandbox else ("https",)):
        raise _refused("must begin with https://")
    _check_host(host, sandbox=sandbox)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, host, port or PORTS[parts.scheme], target)


def _check_form(url: str, parts: SplitResult, host: str, port: int | None) -> None:
    if len(url) > URL_LENGTH_MAX:
        raise _refused(f"has at most {URL_LENGTH_MAX} characters")
    if not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise _refused("holds printable ASCII characters only, others percent-encoded or as punycode")
    if "@" in parts.netloc or "#" in url:
        raise _refused("has neither credentials nor a fragment")
    if not host or port == 0:
        raise _refused("names a host")


def _check_host(host: str, *, sandbox: bool) -> None:
    literal = ":" in host or _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2])
    if literal:
        if not (is_public(host) or (sandbox and is_this_machine(host))):
            raise _refused("must lead to a public address")
    elif not _NAME.fullmatch(host) or len(host) > 253:
        raise _refused("names a host")
    elif not sandbox and (host.rstrip(".").lower() + ".").endswith(("localhost.", ".local.", ".internal.")):
        raise _refused("must lead to a public address")


def _refused(why: str) -> InvalidRequest:
    return InvalidRequest.at("/url", why)
