"""From the Authorization header to a principal."""

from collections.abc import Sequence
from typing import TypeGuard

from marketplace.access.clients import ApiKey, key_id_in
from marketplace.access.principals import Principal, Role
from marketplace.people.workers import Identity, identity_id
from marketplace.runtime import Runtime
from marketplace.shared.errors import Forbidden, Unauthenticated

_GROUPS_CLAIM = "cognito:groups"
_BEARER = "bearer "


def authenticate(authorization: str | None, runtime: Runtime, wanted: Sequence[Role]) -> Principal:
    """Who calls; of a person's several roles, one that is `wanted`. Raises Unauthenticated, Forbidden
    when a person has no role here."""
    if authorization is None or authorization[: len(_BEARER)].lower() != _BEARER:
        raise Unauthenticated("send `Authorization: Bearer <token>`")
    credential = authorization[len(_BEARER) :].strip()
    key_id = key_id_in(credential)
    if key_id is not None:
        return _client(credential, key_id, runtime)
    return _person(credential, runtime, wanted)


def _client(credential: str, key_id: str, runtime: Runtime) -> Principal:
    found = runtime.store.read(ApiKey, key_id)
    if found is None or not found[0].matches(credential):
        raise Unauthenticated("the API key is not valid")
    return Principal(Role.CLIENT, found[0].client_id, scopes=found[0].scopes)


def _person(credential: str, runtime: Runtime, wanted: Sequence[Role]) -> Principal:
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
    return Principal(Role.WORKER, _worker_id(claims["iss"], subject, runtime), subject)


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
