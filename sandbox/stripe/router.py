"""Which function answers which method and path."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.stripe.errors import unrecognized_url
from sandbox.stripe.params import Hash
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

NO_ID = "search"
"""Stripe's name for looking objects up by their members, which is no endpoint here."""

Answer = Callable[[Step, Obj], Obj]


@dataclass(frozen=True)
class Route:
    """One endpoint. `path` names its ids in braces; they reach `answer` among its parameters.

    `answers` is the kind of object, `list of <kind>` for a list: it says what can be expanded.
    `platform_only`: connected accounts cannot call it for themselves.
    """

    method: str
    path: str
    answer: Answer
    takes: Hash
    answers: str
    platform_only: bool = False


class Router:
    """Finds the route of a request; a fixed path wins over one with an id in that place."""

    def __init__(self, routes: list[Route]) -> None:
        ordered = sorted(routes, key=lambda route: route.path.count("{"))
        self._routes = [(route.method, route.path.strip("/").split("/"), route) for route in ordered]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and the ids in the path; raises StripeError (404) when there is none."""
        parts = path[1:].split("/")
        for its_method, template, route in self._routes:
            if its_method == method and len(template) == len(parts):
                ids = _matched(template, parts)
                if ids is not None:
                    return route, ids
        raise unrecognized_url(method, path)


def _matched(template: list[str], parts: list[str]) -> dict[str, str] | None:
    ids: dict[str, str] = {}
    for expected, part in zip(template, parts, strict=True):
        if expected.startswith("{"):
            if part in ("", NO_ID):
                return None
            ids[expected[1:-1]] = part
        elif expected != part:
            return None
    return ids
