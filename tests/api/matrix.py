"""The cells of the matrix: who calls, naming whose objects, and what they must be answered.

Two kinds of columns. DOORS are callers who must not get in, whatever they name. Strangers are callers who may
use the operation on their own objects and here name somebody else's: each id alone and all together. Their
answer must be the one that ids which nobody has get, byte for byte.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import quote

import httpx

from chalicelib.http import Operation
from marketplace.access.principals import Role
from marketplace.shared.ids import new_id, prefix_of
from tests.api.row import Row, The
from tests.api.rows import ROWS
from tests.api.stage import Stage
from tests.api.tenant import Tenant
from tests.people import Caller

MALFORMED = ("{id}#x", "{id}\u202e", "no_such")
"""A real id with a key's delimiter after it, with a character that nobody sees, and no id at all."""
UNTOLD = {"request-id", "date", "content-length"}
"""Headers in which two answers may differ. The length does when an id is quoted, and then the text tells."""

Ids = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where an operation takes an id, and which object's it is."""

    where: str
    name: str
    thing: str


@dataclass(frozen=True)
class Cell:
    """One call. `ids` are by the place's `where/name`; `same_as` are ids that must get the same answer."""

    column: str
    caller: Caller
    ids: Ids
    statuses: tuple[int, ...]
    code: str | None = None
    same_as: Ids | None = None
    hidden: frozenset[str] = frozenset()


def places(operation: Operation, *, right: bool = False, role: Role | None = None) -> tuple[Place, ...]:
    """Every id that the operation takes; with `right`, for the call of that `role` that must be let in."""
    row = ROWS[operation.run.__name__]
    names = {**row.names, **_for_role(row.right, role)} if right else row.names
    in_path = [Place("path", name, names.get(name, name)) for name in re.findall(r"{(\w+)}", operation.path)]
    in_body = [
        Place("body", name, names.get(name, value.name))
        for name, each in (row.body or {}).items()
        for value in (each if isinstance(each, list) else [each])
        if isinstance(value, The)
    ]
    return (*in_path, *in_body)


def _for_role(names: Mapping[str, str], role: Role | None) -> dict[str, str]:
    return {name.removeprefix(f"{role}:"): thing for name, thing in names.items()}


def named(
    operation: Operation, stage: Stage, tenant: Tenant, *, right: bool = False, role: Role | None = None
) -> dict[str, str]:
    """The ids of a tenant's objects, or of nobody's; staff of that `role` have some of their own."""
    of_staff = role in stage.staff
    known = {**tenant.ids, **stage.staff_ids} if of_staff else {**stage.staff_ids, **tenant.ids}
    return {_slot(place): known[place.thing] for place in places(operation, right=right, role=role)}


def ask(operation: Operation, caller: Caller, ids: Ids) -> httpx.Response:
    """The call."""
    path = operation.path
    for name in re.findall(r"{(\w+)}", path):
        path = path.replace(f"{{{name}}}", quote(ids[f"path/{name}"], safe=":"))
    row = ROWS[operation.run.__name__]
    body = _body(row, ids)
    headers = {"Idempotency-Key": uuid.uuid4().hex} if operation.method == "POST" else {}
    if caller.token:
        headers["Authorization"] = f"Bearer {caller.token}"
    return caller.http.request(operation.method, path, json=body, params=row.query or None, headers=headers)


def cells(operation: Operation, stage: Stage) -> Iterator[Cell]:
    """All cells of one operation, in the order of the columns."""
    ids = named(operation, stage, stage.ours)
    for column, (status, code, callers) in DOORS.items():
        for caller in callers(operation, stage):
            yield Cell(column, caller, ids, (status,), code)
    for role in (Role.CLIENT, Role.WORKER):
        if role in operation.who:
            yield from _strangers(operation, stage, role)
    yield from _malformed(operation, stage)


def of_member(operation: Operation, stage: Stage) -> Iterator[Cell]:
    """Who belongs to the agency of our worker: reads what its contracts are made of, has a word in the
    agency, and is a stranger to anything else."""
    row = ROWS[operation.run.__name__]
    if Role.WORKER not in operation.who or not places(operation):
        return
    if row.for_members:
        ids = named(operation, stage, stage.ours, right=True, role=Role.WORKER)
        statuses = (200,) if operation.method == "GET" else (200, 403, 409)
        yield Cell("agency's member", stage.ours.member, ids, statuses)
        return
    for cell in islice(_strangers(operation, stage, Role.WORKER), 1):
        if cell.same_as is not None:
            yield replace(cell, column="agency's member", caller=stage.ours.member, hidden=frozenset())


def _strangers(operation: Operation, stage: Stage, role: Role) -> Iterator[Cell]:
    row, caller = ROWS[operation.run.__name__], stage.stranger(role)
    ours, theirs = (named(operation, stage, tenant) for tenant in (stage.ours, stage.theirs))
    public = {name.removeprefix(f"{role}:") for name in row.public}
    foreign = [slot for slot in ours if slot.partition("/")[2] not in public]
    hidden = frozenset(stage.ours.private)
    if not foreign:
        if operation.method == "GET":
            yield Cell(f"other {role}", caller, ours, (200, 404), hidden=hidden)
        return
    nobodys = {slot: new_id(prefix_of(ours[slot])) for slot in foreign}
    statuses = (200, 404) if row.own_only else (404,)
    yield Cell(f"other {role}", caller, ours, statuses, None, {**ours, **nobodys}, hidden)
    if len(ours) > 1:
        for slot in foreign:
            # A body's id that is nobody's may also be called invalid, as long as nobody's is too.
            allowed = (404, 422) if slot.startswith("body/") else (404,)
            mixed = {**theirs, slot: ours[slot]}
            yield Cell("other's child", caller, mixed, allowed, None, {**mixed, slot: nobodys[slot]}, hidden)


def _malformed(operation: Operation, stage: Stage) -> Iterator[Cell]:
    if not operation.who:
        return
    role = operation.who[0]
    ids = named(operation, stage, stage.ours, right=True, role=role)
    for slot in ids:
        if slot.startswith("path/"):
            for bad in MALFORMED:
                yield Cell("malformed id", stage.right(role), {**ids, slot: bad.format(id=ids[slot])}, (404,))


def same(one: httpx.Response, ids: Ids, other: httpx.Response, others: Ids) -> bool:
    """Whether two answers differ in nothing but the ids that were named and the request's own id."""
    return _told(one, ids) == _told(other, others)


def _told(answer: httpx.Response, ids: Ids) -> tuple[int, str, list[tuple[str, str]]]:
    text = answer.text
    for slot, value in sorted(ids.items()):
        text = text.replace(value, slot)
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in UNTOLD)
    return answer.status_code, text, headers


def _body(row: Row, ids: Ids) -> Any:
    if row.body is None:
        return None
    return {name: _filled(value, ids.get(f"body/{name}")) for name, value in row.body.items()}


def _filled(value: Any, identifier: str | None) -> Any:
    if isinstance(value, list):
        return [_filled(each, identifier) for each in value]
    return identifier if isinstance(value, The) else value


def _slot(place: Place) -> str:
    return f"{place.where}/{place.name}"


Callers = Callable[[Operation, Stage], list[Caller]]


def _anonymous(operation: Operation, stage: Stage) -> list[Caller]:
    return [Caller(stage.newcomer.http, "")] if operation.who else []


def _revoked(operation: Operation, stage: Stage) -> list[Caller]:
    return [stage.revoked] if Role.CLIENT in operation.who else []


def _expired(operation: Operation, stage: Stage) -> list[Caller]:
    return [stage.expired[role] for role in stage.expired if role in operation.who]


def _wrong_role(operation: Operation, stage: Stage) -> list[Caller]:
    """The right tenant's other side, and staff."""
    return [stage.right(role) for role in Role if operation.who and role not in operation.who]


def _missing_scope(operation: Operation, stage: Stage) -> list[Caller]:
    return [stage.without_scope[operation.scope]] if operation.scope else []


def _suspended(operation: Operation, stage: Stage) -> list[Caller]:
    shut = [role for role in stage.suspended if role in operation.who]
    return [] if operation.open_to_suspended else [stage.suspended[role] for role in shut]


def _no_profile(operation: Operation, stage: Stage) -> list[Caller]:
    row = ROWS[operation.run.__name__]
    open_to_all = row.public or row.for_newcomers
    return [stage.newcomer] if Role.WORKER in operation.who and not open_to_all else []


DOORS: dict[str, tuple[int, str, Callers]] = {
    "anonymous": (401, "unauthenticated", _anonymous),
    "revoked key": (401, "unauthenticated", _revoked),
    "expired token": (401, "unauthenticated", _expired),
    "wrong role": (403, "forbidden", _wrong_role),
    "missing scope": (403, "forbidden", _missing_scope),
    "suspended": (403, "suspended", _suspended),
    "no profile yet": (404, "not_found", _no_profile),
}
"""Column → the status and code that its callers must get, and who they are for an operation."""
