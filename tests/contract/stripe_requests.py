"""Requests that fit an endpoint as it declares itself, with something amiss now and then."""

from collections.abc import Mapping
from urllib.parse import urlencode

from hypothesis import strategies as st

from sandbox.stripe.catalogue import ROUTES
from sandbox.stripe.params import Boolean, Currency, Hash, Integer, Kind, ListOf, Metadata, OneOf, Range
from sandbox.stripe.router import Route
from sandbox.stripe.wire import Request
from tests.contract.local_stripe import KEY, START

Fields = list[tuple[str, str]]

junk = (
    st.text(max_size=20) | st.integers().map(str) | st.sampled_from(["", "%ff", "1e3", "9" * 5_000, "\x00"])
)
numbers = st.integers(-2, 120) | st.sampled_from([1_000, 5_000, START, START + 86_400, 10**17])
EXPANDABLE = [
    "customer",
    "data.customer",
    "latest_charge.balance_transaction",
    "data.source",
    "charge",
    "colour",
]


def texts_of(kind: Kind, ids: list[str]) -> st.SearchStrategy[str]:
    """Texts that fit a kind as a rule; where it is any text, an id of something."""
    if isinstance(kind, OneOf):
        return st.sampled_from(kind.choices)
    if isinstance(kind, Boolean):
        return st.sampled_from(["true", "false"])
    if isinstance(kind, Integer | Range):
        return numbers.map(str)
    if isinstance(kind, Currency):
        return st.sampled_from(["usd", "eur", "jpy", "kwd", "USD"])
    return st.sampled_from([*ids, "Ada", "US", "ada@example.com", "https://example.com/", "payout.paid", "*"])


@st.composite
def fields_of(draw: st.DrawFn, kind: Kind, name: str, ids: list[str]) -> Fields:
    """A parameter as its form fields: whole, or one time in sixteen something else."""
    if draw(st.integers(0, 15)) == 0:
        return [(name + draw(st.sampled_from(["", "[]", "[0]", "[a]", "[a][b]", "["])), draw(junk))]
    if isinstance(kind, Hash):
        return members_of(draw, kind, name, ids)
    if isinstance(kind, ListOf):
        return items_of(draw, kind, name, ids)
    if isinstance(kind, Metadata):
        return [(f"{name}[{key}]", draw(junk)) for key in draw(st.lists(st.sampled_from("abc"), max_size=3))]
    if isinstance(kind, Range):
        name += draw(st.sampled_from(["", "[gt]", "[gte]", "[lt]", "[lte]"]))
    return [(name, draw(texts_of(kind, ids)))]


def items_of(draw: st.DrawFn, kind: ListOf, name: str, ids: list[str]) -> Fields:
    """A list of one to three."""
    places = [f"{name}[{at}]" for at in range(draw(st.integers(1, 3)))]
    if name == "expand":
        return [(place, draw(st.sampled_from(EXPANDABLE))) for place in places]
    return [row for place in places for row in draw(fields_of(kind.kind, place, ids))]


def members_of(draw: st.DrawFn, kind: Hash, name: str, ids: list[str]) -> Fields:
    """What a hash requires, and some of what it allows."""
    optional = list(kind.optional)
    chosen = draw(st.lists(st.sampled_from(optional), max_size=4, unique=True)) if optional else []
    kinds = {**kind.optional, **kind.required}
    return [
        row
        for key in (*kind.required, *chosen)
        for row in draw(fields_of(kinds[key], f"{name}[{key}]" if name else key, ids))
    ]


def path_of(draw: st.DrawFn, route: Route, ids: Mapping[str, list[str]]) -> str:
    """A route's path with ids of the kind that it is about, as a rule."""
    fitting = ids.get(route.answers.removeprefix("list of "), []) or next(iter(ids.values()))
    everything = [one for some in ids.values() for one in some]
    names = st.sampled_from(fitting) | st.sampled_from([*fitting, *everything, "none", "..", "{id}"])
    return "/".join(draw(names) if part.startswith("{") else part for part in route.path.split("/"))


@st.composite
def requests_to_endpoints(draw: st.DrawFn, ids: Mapping[str, list[str]]) -> Request:
    """One that is let in and found; `ids` are those of objects there are, by kind."""
    route = draw(st.sampled_from(ROUTES))
    everything = [one for some in ids.values() for one in some]
    form = urlencode(members_of(draw, route.takes, "", everything), errors="surrogatepass")
    headers = {"authorization": KEY["Authorization"]}
    if ids.get("account") and draw(st.integers(0, 3)) == 0:
        headers["stripe-account"] = draw(st.sampled_from(ids["account"]))
    if draw(st.booleans()):
        headers["idempotency-key"] = draw(st.text(max_size=3))
    query, body = (form, b"") if route.method == "GET" else ("", form.encode())
    return Request(route.method, path_of(draw, route, ids), query, headers, body)
