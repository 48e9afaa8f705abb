"""The local Stripe, the library and Stripe's document agree before anything is sent."""

from typing import Any

import pytest
import stripe

from marketplace.gateways import stripe_calls
from sandbox.stripe import API_VERSION
from sandbox.stripe.catalogue import ROUTES
from sandbox.stripe.event_types import EVENT_TYPES
from sandbox.stripe.params import Boolean, Hash, Integer, Kind, ListOf, Metadata, OneOf
from sandbox.stripe.router import Route
from tests.stripe_proof import proof


def branches_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a parameter, unfolded."""
    if "anyOf" in schema:
        return [leaf for branch in schema["anyOf"] for leaf in branches_of(branch)]
    return [schema]


def invented(kind: Kind, schema: dict[str, Any]) -> list[str]:
    """What this kind of parameter takes and the document does not."""
    by_type = {branch.get("type"): branch for branch in branches_of(schema)}
    choices = {choice for branch in branches_of(schema) for choice in branch.get("enum", [])}
    if isinstance(kind, Hash):
        return members(kind, by_type["object"])
    if isinstance(kind, ListOf):
        return invented(kind.kind, by_type["array"]["items"])
    if isinstance(kind, OneOf):
        return sorted(set(kind.choices) - choices) if choices else []
    if isinstance(kind, Metadata):
        return ["'' to unset all"] if kind.unsets and "" not in choices else []
    wanted = {Integer: "integer", Boolean: "boolean"}.get(type(kind))
    return [] if wanted is None or wanted in by_type else [f"{wanted} for {set(by_type)}"]


def members(takes: Hash, schema: dict[str, Any]) -> list[str]:
    """As `invented`, for each member of a hash; and the members that Stripe demands and this does not."""
    known, kinds = schema.get("properties", {}), {**takes.optional, **takes.required}
    found = [f"{name}, which is unknown" for name in kinds if name not in known]
    found += [f"no {name}" for name in schema.get("required", []) if name not in takes.required]
    for name in kinds.keys() & known.keys():
        found += [f"{name}: {row}" for row in invented(kinds[name], known[name])]
    return found


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_an_endpoint_takes_only_what_stripe_takes(route: Route) -> None:
    assert members(route.takes, proof().spec.parameters(route.method, route.path)) == []


def test_every_event_is_one_of_stripes() -> None:
    assert set(EVENT_TYPES) - proof().spec.event_types() == set()


def test_library_document_gateway_and_simulator_speak_one_version() -> None:
    assert {stripe.api_version, proof().spec.version, stripe_calls.API_VERSION, API_VERSION} == {API_VERSION}
