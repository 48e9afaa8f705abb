"""One HTTP call, from the request to its answer: token → principal, models in and out, problems.

The order of checks is the contract's: 401, 403, the body, 422, the key, and only then the object.
"""

import re
from typing import Any

from chalice.app import Request, Response
from pydantic import BaseModel

from chalicelib import auditing, bodies, headers, limits, reading_ahead
from chalicelib.authentication import Ahead, authenticate
from chalicelib.files import FileAnswer
from chalicelib.http import Call, Operation, RawBody
from chalicelib.log import logger
from chalicelib.problems import DEFECT, PROBLEM_TYPE, problem, render
from marketplace import runtime as runtimes
from marketplace.access.principals import Principal, Role
from marketplace.runtime import Runtime
from marketplace.shared.errors import (
    DomainError,
    Fault,
    Forbidden,
    IdempotencyKeyRequired,
    InvalidRequest,
    Suspended,
    Unauthenticated,
)
from marketplace.shared.events import Cause
from marketplace.shared.ids import derived_id, new_id
from marketplace.storage import ahead

_KEY = re.compile(r"[\x20-\x7e]{1,255}")


def respond(operation: Operation, request: Request, path: dict[str, str]) -> Response:
    """Answers one HTTP call, whatever happens."""
    request_id = new_id("req")
    told: dict[str, str | list[str]] = {
        **headers.SECURITY,
        **headers.for_origin(request.headers.get("origin"), runtimes.current().settings.allowed_origins),
        "Request-Id": request_id,
        "Content-Type": operation.media[0],
    }
    try:
        with ahead.one_call():
            call = _call(operation, request, path, told)
            reply = operation.run(call)
        auditing.note_read(operation, call)
    except DomainError as refused:
        status, text = problem(refused)
        challenge = headers.CHALLENGE if isinstance(refused, Unauthenticated) else {}
        return Response(text, {**told, **challenge, "Content-Type": PROBLEM_TYPE}, status)
    except Exception:  # noqa: BLE001  whatever broke, the caller gets a problem and the log the trace
        logger.exception("an endpoint failed", request_id=request_id, operation=operation.run.__name__)
        return Response(render(*DEFECT), {**told, "Content-Type": PROBLEM_TYPE}, DEFECT[0])
    if reply.replayed:
        told["Idempotent-Replayed"] = "true"
    answer = Response if reply.file is None else FileAnswer
    return answer(reply.body(), {**told, **reply.headers}, reply.status or operation.status)


def _call(operation: Operation, request: Request, path: dict[str, str], told: limits.Headers) -> Call[Any]:
    runtime = runtimes.current()
    principal = _permitted(operation, request, runtime, path, told)
    body, canonical, query = _read(operation, request)
    key = _key(operation, request)
    cause = Cause(
        event_id=event_id_of(principal, operation, path, key) if key else new_id("evt"),
        actor=principal.actor,
        request_id=told["Request-Id"],
        at=runtime.clock.now(),
        repeatable=key is not None,
        input_hash=bodies.input_hash(canonical) if key else "",
        call=operation.run.__name__,
    )
    return Call(runtime, principal, body, query, path, cause, operation.status, _address(request))


def _read(operation: Operation, request: Request) -> tuple[BaseModel, str, BaseModel]:
    """The body, its canonical text, and the query. Raises InvalidJson, BodyTooLarge, InvalidRequest."""
    raw = _raw(request) if operation.method != "GET" else b""
    if operation.body is RawBody:
        named = {name.lower(): value for name, value in request.headers.items()}
        body = RawBody(content=bodies.limited(raw), headers=named)
        return body, "", bodies.parse_query(operation.query, _query(request))
    value, canonical = bodies.read_json(raw)
    query = bodies.parse_query(operation.query, _query(request))
    return bodies.parse(operation.body, value, canonical), canonical, query


def _address(request: Request) -> str:
    """Never a header: anybody can write those."""
    return str((request.context.get("identity") or {}).get("sourceIp") or "")


def _raw(request: Request) -> bytes:
    raw = request.raw_body
    return raw.encode() if isinstance(raw, str) else raw


def _permitted(
    operation: Operation, request: Request, runtime: Runtime, path: dict[str, str], told: limits.Headers
) -> Principal:
    if not operation.who:
        if not operation.unlimited:
            limits.take_anonymous(runtime, told, _address(request))
        return Principal(Role.CLIENT, "", "anyone")
    try:
        principal = authenticate(
            request.headers.get("authorization"), runtime, operation.who, _ahead(operation, request, path)
        )
    except Unauthenticated:
        limits.take_anonymous(runtime, told, _address(request))
        raise
    on = (operation.per_contract, path["contract_id"]) if operation.per_contract else None
    limits.take(runtime, told, principal.actor, heavy=operation.heavy, on=on)
    if principal.role not in operation.who:
        raise Forbidden(f"only for: {', '.join(operation.who)}")
    if operation.scope and principal.role == Role.CLIENT and operation.scope not in principal.scopes:
        raise Forbidden(f"this key lacks the scope `{operation.scope}`")
    if principal.suspension is not None and not operation.open_to_suspended:
        raise Suspended(principal.suspension.reason_code, principal.suspension.reason)
    return principal


def _ahead(operation: Operation, request: Request, path: dict[str, str]) -> Ahead:
    """Whether the key was used before is read along where its event may ride on what the path names, and not
    where money moves."""
    key: str | None = request.headers.get("idempotency-key")
    may_ride = operation.method == "POST" and "{" in operation.path and not operation.key_required
    looks = may_ride and _KEY.fullmatch(key or "")

    def event_id(caller: Principal) -> str | None:
        return event_id_of(caller, operation, path, key) if key and looks else None

    return reading_ahead.for_call(operation.who, operation.along, path, event_id)


def _query(request: Request) -> dict[str, list[str]]:
    given = request.query_params
    return {} if given is None else {name: given.getlist(name) for name in given}


def _key(operation: Operation, request: Request) -> str | None:
    key: str | None = request.headers.get("idempotency-key")
    if key is None and operation.key_required:
        raise IdempotencyKeyRequired("this call needs an Idempotency-Key header")
    if key is None or operation.method != "POST":
        return None
    if not _KEY.fullmatch(key):
        raise InvalidRequest((Fault("", "Idempotency-Key must be 1 to 255 printable ASCII characters"),))
    return key


def event_id_of(principal: Principal, operation: Operation, path: dict[str, str], key: str) -> str:
    """One event for each caller, concrete path and key. The path is the route's, filled in: as it was sent
    it may end in a slash, or carry the gateway's stage, and would stand for a second payment."""
    caller, concrete = principal.subject or principal.id, operation.path.format(**path)
    return derived_id("evt", "call", principal.role, caller, operation.method, concrete, key)
