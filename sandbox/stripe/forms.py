"""Form-encoded parameters with nested brackets: `a[b][c]=1&d[]=2&e[0]=3`.

Source: https://docs.stripe.com/api (requests are form-encoded, lists and hashes in brackets).
"""

import json
import re
from itertools import pairwise
from urllib.parse import parse_qsl

from sandbox.stripe.errors import StripeError, invalid, not_a_form
from sandbox.stripe.wire import Request

Raw = str | dict[str, "Raw"]
"""A decoded parameter: a text, or a hash; a list is a hash whose keys are its indexes."""


class Items(dict[str, Raw]):
    """A list whose items came without indexes, as `name[]=`."""


FORM = "application/x-www-form-urlencoded"
CHARSETS = ("", "utf-8", "utf8", "us-ascii")
"""A form is ASCII in itself; its percent signs stand for UTF-8."""

FIELDS_MAX = 1000
DEPTH_MAX = 8

_KEY = re.compile(r"(?P<name>[^\[\]]+)(?P<brackets>(\[[^\[\]]*\])*)")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")


def shown(raw: Raw) -> str:
    """A parameter as Stripe shows it in its messages: `{"a"=>"1"}`, `["1"]`."""
    if isinstance(raw, str):
        return json.dumps(raw, ensure_ascii=False)
    if isinstance(raw, Items):
        return f"[{', '.join(map(shown, raw.values()))}]"
    return "{" + ", ".join(f"{shown(key)}=>{shown(value)}" for key, value in raw.items()) + "}"


def parameters(request: Request) -> dict[str, Raw]:
    """Those of the body, or of the query when there is no body; raises StripeError (400) as `decode` does,
    and for a body of another content type or character set."""
    if request.method == "GET" or not request.body:
        return decode(request.query)
    content_type, _, rest = (request.headers.get("content-type") or FORM).partition(";")
    charset = rest.lower().rpartition("charset=")[2].strip(' "') if "charset=" in rest.lower() else ""
    if content_type.strip().lower() != FORM or charset not in CHARSETS:
        raise not_a_form()
    return decode(request.body)


def decode(text: str | bytes) -> dict[str, Raw]:
    """The parameters of a query or a body, nested.

    Raises StripeError (400) for what is not UTF-8, for unbalanced brackets, and for a name that is used both
    as a text and as a hash.
    """
    tree: dict[str, Raw] = {}
    for key, value in _pairs(text):
        matched = _KEY.fullmatch(key)
        if matched is None:
            raise invalid(f"Invalid parameter name: {key}", key)
        path = [matched["name"], *_BRACKET.findall(matched["brackets"])]
        if len(path) > DEPTH_MAX:
            raise invalid(f"Invalid parameter name: {key}", key)
        _put(tree, path, value, key)
    return tree


def _pairs(text: str | bytes) -> list[tuple[str, str]]:
    try:
        encoded = text.decode("ascii") if isinstance(text, bytes) else text
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError as refused:
        raise StripeError(400, "Invalid request: the parameters are not form-encoded UTF-8.") from refused


def _put(tree: dict[str, Raw], path: list[str], value: str, key: str) -> None:
    node = tree
    for name, inner in pairwise(path):
        child = node.setdefault(name or str(len(node)), {} if inner else Items())
        if isinstance(child, str):
            raise invalid(f"Invalid parameter: {key} is given both as a value and as a hash.", key)
        node = child
    last = path[-1] or str(len(node))
    if isinstance(node.get(last), dict):
        raise invalid(f"Invalid parameter: {key} is given both as a value and as a hash.", key)
    node[last] = value
