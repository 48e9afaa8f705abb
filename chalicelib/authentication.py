"""From the Authorization header to a principal."""

from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

from marketplace.access.clients import ApiKey, key_id_in
from marketplace.access.principals import Principal, Role
from marketplace.access.suspension import Suspension, suspension_id
from marketplace.people.workers import Identity, identity_id
from marketplace.runtime import Runtime
from marketplace.shared.errors import Forbidden, Unauthenticated
from marketplace.shared.records import replace
from marketplace.storage.ahead import Along

_GROUPS_CLAIM = "cognito:groups"
_BEARER = "bearer "

Ahead = Callable[[Principal], Along]
"""What this caller's call will read."""


def authenticate(
    authorization: str | None, runtime: Runtime, wanted: Sequence[Role], ahead: Ahead
) -> Principal:
    """Who calls; of a person's several roles, one that is `wanted`. What the call will read is read `ahead`,
    with whether the caller is kept out. Raises Unauthenticated, Forbidden when a person has no role here."""
    if authorization is None or authorization[: len(_BEARER)].lower() != _BEARER:
        raise Unauthenticated("send `Authorization: Bearer <token>`")
    credential = authorization[len(_BEARER) :].strip()
    key_id = key_id_in(credential)
    if key_id is not None:
        return _client(credential, key_id, runtime, ahead)
    return _person(credential, runtime, wanted, ahead)


def _client(credential: str, key_id: str, runtime: Runtime, ahead: Ahead) -> Principal:
    """The key and whether its client is kept out, in one read once it is known whose the key is."""
    owner = runtime.key_clients.get(key_id)
    if owner is None:
        found = runtime.reads.of_kinds({key_id: ApiKey})
    else:
        wanted: dict[str, type[Any]] = {key_id: ApiKey, suspension_id(owner): Suspension}
        found = runtime.reads.of_kinds(wanted, ahead(Principal(Role.CLIENT, owner)))
    key: ApiKey | None = found.get(key_id)
    if key is None or not key.opens(credential, runtime.clock.now()):
        raise Unauthenticated("the API key is not valid")
    runtime.key_uses.note(key_id, runtime.clock.now())
    if owner is None:
        runtime.key_clients[key_id] = key.client_id
        along = ahead(Principal(Role.CLIENT, key.client_id))
        suspension = _suspension(key.client_id, runtime, along)
    else:
        suspension = _standing(found.get(suspension_id(owner)))
    return Principal(Role.CLIENT, key.client_id, scopes=key.scopes, suspension=suspension)


def _suspension(person_id: str, runtime: Runtime, along: Along) -> Suspension | None:
    identifier = suspension_id(person_id)
    return _standing(runtime.reads.of_kinds({identifier: Suspension}, along).get(identifier))


def _standing(suspension: Suspension | None) -> Suspension | None:
    return suspension if suspension is not None and suspension.stands else None


def _person(credential: str, runtime: Runtime, wanted: Sequence[Role], ahead: Ahead) -> Principal:
    claims = runtime.tokens.claims(credential, now=runtime.clock.now())
    subject, groups = claims["sub"], claims.get(_GROUPS_CLAIM)
    if not isinstance(subject, str) or not _is_list_of_text(groups):
        raise Unauthenticated("the token is not valid")
    roles = [role for role in (Role.OPERATOR, Role.FINANCE, Role.WORKER) if role in groups]
    if not roles:
        raise Forbidden("this person has no role here")
    role = next((role for role in roles if role in wanted), roles[0])
    if role != Role.WORKER:
        return Principal(role, "", subject)
    worker_id = _worker_id(claims["iss"], subject, runtime)
    worker = Principal(Role.WORKER, worker_id, subject)
    suspension = _suspension(worker_id, runtime, ahead(worker)) if worker_id else None
    return replace(worker, suspension=suspension)


def _worker_id(issuer: str, subject: str, runtime: Runtime) -> str:
    """The subject's worker; what was found once is remembered, since it never changes."""
    identifier = identity_id(issuer, subject)
    known = runtime.worker_ids.get(identifier)
    if known is None:
        found = runtime.store.read(Identity, identifier)
        if found is None:
            return ""
        known = found[0].worker_id
        runtime.worker_ids[identifier] = known
    return known


def _is_list_of_text(groups: object) -> TypeGuard[list[str]]:
    return isinstance(groups, list) and all(isinstance(group, str) for group in groups)
