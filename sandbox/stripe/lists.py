"""Newest-first lists with Stripe's cursors.

Source: https://docs.stripe.com/api/pagination
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

from sandbox.stripe.errors import StripeError, missing
from sandbox.stripe.shelf import Obj, Shelf

PAGE_DEFAULT = 10

Test = Callable[[Obj], bool]


def page(shelf: Shelf, params: dict[str, Any], *, url: str, noun: str, keep: Test = lambda _row: True) -> Obj:
    """One page of a shelf. Raises StripeError (400) for two cursors, or for one that names nothing."""
    limit: int = params.get("limit", PAGE_DEFAULT)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after is not None and before is not None:
        raise StripeError(
            400,
            "You may only specify one of these parameters: ending_before, starting_after.",
            param="ending_before",
        )
    for cursor, name in ((after, "starting_after"), (before, "ending_before")):
        if cursor is not None and cursor not in shelf:
            raise missing(noun, cursor, name, status=400)
    rows = shelf.older_than(after) if before is None else shelf.newer_than(before)
    found = list(islice(filter(keep, rows), limit + 1))
    shown = found[:limit]
    if before is not None:
        shown.reverse()
    return {"object": "list", "data": shown, "has_more": len(found) > limit, "url": url}


def matching(params: dict[str, Any], *names: str) -> Test:
    """Keeps what equals the parameters of those names, and was `created` within its bounds."""
    wanted = {name: params[name] for name in names if name in params}
    bounds: dict[str, int] = params.get("created", {})

    def keeps(row: Obj) -> bool:
        return within(row["created"], bounds) and all(row[name] == value for name, value in wanted.items())

    return keeps


def within(number: int, bounds: dict[str, int]) -> bool:
    """Whether a number lies within {gt, gte, lt, lte}, those that are given."""
    return (
        ("gt" not in bounds or number > bounds["gt"])
        and ("gte" not in bounds or number >= bounds["gte"])
        and ("lt" not in bounds or number < bounds["lt"])
        and ("lte" not in bounds or number <= bounds["lte"])
    )
