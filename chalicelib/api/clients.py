"""Companies and their API keys."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chalicelib.http import CLIENT, OPERATOR, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Country, Email, Given, Instant, Line, Model
from marketplace.access import use_cases
from marketplace.access.clients import OVERLAP_SECONDS, OVERLAP_SECONDS_MAX, SCOPES, ApiKey, Client
from marketplace.access.use_cases import CreateApiKey, CreateClient, RevokeApiKey, RotateApiKey
from marketplace.storage.keys import CLIENT_KEYS

routes = Routes()


class NewClient(Model):
    """A company to be."""

    name: Line
    country: Country
    email: Email


class ClientView(Model):
    """A client company."""

    id: str
    object: Literal["client"] = "client"
    name: str
    country: str
    email: str
    created_at: Instant


class CreatedClient(ClientView):
    """`api_key` is shown this once."""

    shown_once: ClassVar[tuple[str, ...]] = ("api_key",)

    api_key: str | None


class NewApiKey(Model):
    """What the key shall open."""

    scopes: Annotated[list[Literal["work", "money"]], Field(min_length=1, max_length=2)]


class ApiKeyView(Model):
    """A key without its secret."""

    id: str
    object: Literal["api_key"] = "api_key"
    client_id: str
    scopes: list[str]
    status: Literal["active", "revoked"]
    created_at: Instant
    revoked_at: Instant | None
    last_used_at: Instant | None = None


class CreatedApiKey(ApiKeyView):
    """`api_key` is shown this once."""

    shown_once: ClassVar[tuple[str, ...]] = ("api_key",)

    api_key: str | None


class KeyRotation(Model):
    """For how long the old key stays good beside the new one: a day unless said, 0 for not at all."""

    overlap_seconds: Annotated[Annotated[int, Field(ge=0, le=OVERLAP_SECONDS_MAX)] | None, Given] = None


class RotatedApiKey(CreatedApiKey):
    """The new key; `previous` is the one that it replaces, good until its `revoked_at`."""

    previous: ApiKeyView


def client_fields(client: Client) -> dict[str, Any]:
    """The fields of a client's view."""
    return {
        "id": client.id,
        "name": client.name,
        "country": client.country,
        "email": client.email,
        "created_at": client.created_at,
    }


def key_fields(key: ApiKey, now: int) -> dict[str, Any]:
    """The fields of a key's view at `now`."""
    return {
        "id": key.id,
        "client_id": key.client_id,
        "scopes": list(key.scopes),
        "status": "active" if key.is_good(now) else "revoked",
        "created_at": key.created_at,
        "revoked_at": key.revoked_at,
    }


@routes.add("POST", "/v1/clients", who=OPERATOR, body=NewClient, answer=CreatedClient, status=201)
def create_client(call: Call[NewClient]) -> Reply:
    """Creates a client company and its first API key."""
    command = CreateClient(
        client_id=call.runtime.new_id("cli"),
        key_id=call.runtime.new_id("key"),
        live=call.runtime.settings.live,
        **call.body.model_dump(),
    )
    return call.commit(
        lambda tx: use_cases.create_client(command, tx),
        lambda made: CreatedClient(**client_fields(made[0]), api_key=made[1]),
        person=lambda made: made[0],
    )


@routes.add("GET", "/v1/clients/me", who=CLIENT, answer=ClientView, open_to_suspended=True)
def get_own_client(call: Call[Any]) -> Reply:
    """The calling client's profile."""
    client = call.get(Client, call.principal.id)
    return Reply(ClientView(**client_fields(client)))


@routes.add("GET", "/v1/clients/{client_id}", who=OPERATOR, answer=ClientView, shows_personal_data=True)
def get_client(call: Call[Any]) -> Reply:
    """A client's profile; that it was looked at is kept."""
    client = call.get(Client, call.id("client_id", "cli"))
    return Reply(ClientView(**client_fields(client)))


@routes.add("POST", "/v1/clients/me/api-keys", who=CLIENT, body=NewApiKey, answer=CreatedApiKey, status=201)
def create_own_api_key(call: Call[NewApiKey]) -> Reply:
    """Makes a further key for the calling client."""
    return _create_key(call, call.principal.id, held=call.principal.scopes)


@routes.add(
    "POST", "/v1/clients/{client_id}/api-keys", who=OPERATOR, body=NewApiKey, answer=CreatedApiKey, status=201
)
def create_api_key(call: Call[NewApiKey]) -> Reply:
    """Makes a further key for a client."""
    return _create_key(call, call.id("client_id", "cli"), held=SCOPES)


@routes.add("GET", "/v1/clients/me/api-keys", who=CLIENT, query=PageQuery, answer=Page, row=ApiKeyView)
def list_api_keys(call: Call[Any]) -> Reply:
    """The calling client's keys, without their secrets. `last_used_at` is right to the hour."""
    used = call.runtime.key_uses.last_used
    return call.page(
        CLIENT_KEYS,
        call.principal.id,
        lambda key: ApiKeyView(**key_fields(key, call.now), last_used_at=used(key.id)),
    )


@routes.add("DELETE", "/v1/clients/me/api-keys/{key_id}", who=CLIENT, answer=ApiKeyView)
def revoke_api_key(call: Call[Any]) -> Reply:
    """Revokes one of the calling client's keys, at once."""
    command = RevokeApiKey(call.id("key_id", "key"), call.principal.id, call.principal.scopes)
    return call.commit(
        lambda tx: use_cases.revoke_api_key(command, tx), lambda key: ApiKeyView(**key_fields(key, call.now))
    )


@routes.add(
    "POST",
    "/v1/clients/me/api-keys/{key_id}/rotate",
    who=CLIENT,
    body=KeyRotation,
    answer=RotatedApiKey,
    status=201,
)
def rotate_api_key(call: Call[KeyRotation]) -> Reply:
    """Makes a key with the scopes of another and takes that one out of use, at once or a while later."""
    asked = call.body.overlap_seconds
    command = RotateApiKey(
        call.id("key_id", "key"),
        call.runtime.new_id("key"),
        call.principal.id,
        call.principal.scopes,
        OVERLAP_SECONDS if asked is None else asked,
        live=call.runtime.settings.live,
    )
    return call.commit(
        lambda tx: use_cases.rotate_api_key(command, tx),
        lambda made: RotatedApiKey(
            **key_fields(made[0], call.now),
            api_key=made[2],
            previous=ApiKeyView(**key_fields(made[1], call.now)),
        ),
    )


def _create_key(call: Call[NewApiKey], client_id: str, *, held: Sequence[str]) -> Reply:
    command = CreateApiKey(
        call.runtime.new_id("key"), client_id, call.body.scopes, held, live=call.runtime.settings.live
    )
    return call.commit(
        lambda tx: use_cases.create_api_key(command, tx),
        lambda made: CreatedApiKey(**key_fields(made[0], call.now), api_key=made[1]),
    )
