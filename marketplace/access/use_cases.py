"""What operators and clients do about access."""

from collections.abc import Sequence

from marketplace.access.clients import SCOPES, ApiKey, Client, mint
from marketplace.shared.errors import Forbidden, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.private import new_salt
from marketplace.shared.records import dataclass
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
    """A further key of a client. `held` is what whoever asks may do: a key gives no more than it has."""

    key_id: str
    client_id: str
    scopes: Sequence[str]
    held: Sequence[str]
    live: bool


@dataclass(frozen=True)
class RevokeApiKey:
    """A key that shall open nothing any more. `held` is what whoever asks may do: a key takes no more than
    it could give."""

    key_id: str
    client_id: str
    held: Sequence[str]


@dataclass(frozen=True)
class RotateApiKey:
    """Another key in the place of one, which stays good for `overlap_seconds`. `held` as for RevokeApiKey."""

    key_id: str
    new_key_id: str
    client_id: str
    held: Sequence[str]
    overlap_seconds: int
    live: bool


def create_client(command: CreateClient, tx: Transaction) -> tuple[Client, str]:
    """The client and the text of its first key, which has all scopes."""
    client = Client(command.client_id, command.name, command.country, command.email, tx.now, new_salt())
    key, text = mint(command.key_id, client.id, scopes=SCOPES, live=command.live, at=tx.now)
    tx.save(client, key)
    tx.publish(EventType.CLIENT_CREATED, about=(client.id, key.id))
    return client, text


def create_api_key(command: CreateApiKey, tx: Transaction) -> tuple[ApiKey, str]:
    """The key and its text. Raises NotFound, InvalidRequest, Forbidden."""
    _require_scopes(command.scopes, command.held)
    client = tx.get(Client, command.client_id)
    key, text = mint(command.key_id, client.id, scopes=command.scopes, live=command.live, at=tx.now)
    tx.save(key)
    tx.publish(EventType.API_KEY_CREATED, about=(key.id, client.id))
    return key, text


def rotate_api_key(command: RotateApiKey, tx: Transaction) -> tuple[ApiKey, ApiKey, str]:
    """The new key, the one before, and the text of the new one. Raises NotFound, Forbidden,
    IllegalTransition."""
    before = _own_key(command, tx)
    key, text = mint(command.new_key_id, before.client_id, scopes=before.scopes, live=command.live, at=tx.now)
    replaced = before.replaced(tx.now, overlap_seconds=command.overlap_seconds)
    tx.save(replaced, key)
    tx.publish(EventType.API_KEY_ROTATED, about=(key.id, replaced.id, key.client_id))
    return key, replaced, text


def revoke_api_key(command: RevokeApiKey, tx: Transaction) -> ApiKey:
    """Raises NotFound, Forbidden."""
    key = _own_key(command, tx)
    revoked = key.revoked(tx.now)
    if revoked != key:
        tx.save(revoked)
        tx.publish(EventType.API_KEY_REVOKED, about=(key.id, key.client_id))
    return revoked


def _own_key(command: RevokeApiKey | RotateApiKey, tx: Transaction) -> ApiKey:
    key = tx.get(ApiKey, command.key_id)
    if key.client_id != command.client_id:
        raise NotFound
    _require_scopes(key.scopes, command.held)
    return key


def _require_scopes(wanted: Sequence[str], held: Sequence[str]) -> None:
    beyond = [scope for scope in wanted if scope not in held]
    if beyond:
        raise Forbidden(f"this key lacks the scope `{beyond[0]}`")
