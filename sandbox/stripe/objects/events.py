"""Events, as the API shows them. Source: https://docs.stripe.com/api/events"""

from fnmatch import fnmatchcase

from sandbox.stripe.errors import invalid
from sandbox.stripe.lists import matching, page
from sandbox.stripe.params import Boolean, ListOf, Range, Text, body, listing
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

TYPES_MAX = 20


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("event", params["id"], param="id")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `created`, `delivery_success`, and `type` (with `*` for a group) or `types`."""
    if "type" in params and "types" in params:
        raise invalid("You may only specify one of these parameters: type, types.", "types")
    types: list[str] = params.get("types", [])
    if len(types) > TYPES_MAX:
        raise invalid(f"You may give at most {TYPES_MAX} types.", "types")
    pattern, delivered, in_time = params.get("type", "*"), params.get("delivery_success"), matching(params)

    def keep(row: Obj) -> bool:
        return (
            in_time(row)
            and fnmatchcase(row["type"], pattern)
            and (not types or row["type"] in types)
            and (delivered is None or (row["pending_webhooks"] == 0) == delivered)
        )

    return page(step.shelf("event"), params, url="/v1/events", noun="event", keep=keep)


ROUTES = [
    Route("GET", "/v1/events/{id}", retrieve, body(), "event"),
    Route(
        "GET",
        "/v1/events",
        list_,
        listing(created=Range(), delivery_success=Boolean(), type=Text(), types=ListOf(Text())),
        "list of event",
    ),
]
