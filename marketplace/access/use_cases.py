"""What operators and clients do about access."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.access.clients import SCOPES, ApiKey, Client, mint
from marketplace.shared.errors import NotFound
from marketplace.shared.events import EventType
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class CreateClient:
    """`live` says which prefix the first key gets."""

    client_id: str
    key_id: str
    name: str
    country: str
    email: str
    live: bool


@dataclass(frozen=True)
class CreateApiKey:
    """A further key of a client."""

    key_id: str
    client_id: str
    scopes: Sequence[str]
    live: bool


@dataclass(frozen=True)
class RevokeApiKey:
    """A key that shall open nothing any more."""

    key_id: str
    client_id: str


def create_client(command: CreateClient, tx: Transaction) -> tuple[Client, str]:
    """The client and the text of its first key, which has all scopes."""
    client = Client(command.client_id, command.name, command.country, command.email, tx.now)
    key, text = mint(command.key_id, client.id, scopes=SCOPES, live=command.live, at=tx.now)
    tx.save(client, key)
    tx.publish(EventType.CLIENT_CREATED, about=(client.id, key.id))
    return client, text


def create_api_key(command: CreateApiKey, tx: Transaction) -> tuple[ApiKey, str]:
    """The key and its text. Raises NotFound, InvalidRequest."""
    client = tx.get(Client, command.client_id)
    key, text = mint(command.key_id, client.id, scopes=command.scopes, live=command.live, at=tx.now)
    tx.save(key)
    tx.publish(EventType.API_KEY_CREATED, about=(key.id, client.id))
    return key, text


def revoke_api_key(command: RevokeApiKey, tx: Transaction) -> ApiKey:
    """Raises NotFound."""
    key = tx.get(ApiKey, command.key_id)
    if key.client_id != command.client_id:
        raise NotFound
    revoked = key.revoked(tx.now)
    if revoked != key:
        tx.save(revoked)
        tx.publish(EventType.API_KEY_REVOKED, about=(key.id, key.client_id))
    return revoked
