"""Calls of the endpoints themselves: the product's own parsing of bodies, orchestration and use cases.

Answers are not rendered to JSON, which would be half of a seed's time: a short text stands for the model,
under the same rules of recording and replay. `rendered` worlds render them as the doors do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

from pydantic import ValidationError

from chalicelib.answering import event_id_of
from chalicelib.api import OPERATIONS
from chalicelib.api.stripe_events import ACTOR, _keep
from chalicelib.http import Call, NoBody, Operation, Reply, replay
from marketplace.access.principals import Principal, Role
from marketplace.access.suspension import suspension_id
from marketplace.shared.errors import DomainError, Forbidden, IdempotencyInProgress, ProviderUnavailable
from marketplace.shared.events import Answer, Cause
from marketplace.shared.ids import derived_id, new_id, prefix_of
from marketplace.shared.running import run
from tests.simulation.faults import Killed, Throttled

BY_NAME: dict[str, Operation] = {operation.run.__name__: operation for operation in OPERATIONS}
STAFF = "staff"
"""The caller of what finance and operators do."""
FINANCE = (STAFF, "staff: an accountant", "staff: a worker")
"""Who looks at payouts; the last one is the first worker as well."""

OPERATORS = ("operator: ann", "operator: bob")
"""Who decides disputes."""

_ROLES = {"cli": Role.CLIENT, "wrk": Role.WORKER}


@dataclass
class Ask:
    """What somebody wants: an operation by name, who asks, the path's ids and the body. Nobody changes
    one; but to fill a frozen object costs four times as much, and there are many."""

    operation: str
    by: str
    path: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    stranger: bool = False

    def under(self, key: str) -> "Ask":
        """The same under that key."""
        return Ask(self.operation, self.by, self.path, self.body, key, self.stranger)


class SimCall(Call[Any]):
    """A call whose answer is a short text: the id and the state of what it made."""

    def commit(self, work: Callable[[Any], Any], render: Callable[[Any], Any], person: Any = None) -> Reply:
        outcome = run(
            self.runtime.store, self.cause, work, lambda result: Answer(self.status, _short(result))
        )
        return Reply(text=_short(outcome.result)) if outcome.earlier is None else replay(outcome.earlier)


def _short(result: Any) -> str:
    if isinstance(result, list):
        return " ".join(one.id for one in result)
    return f"{result.id} {getattr(result, 'status', '')}"


@dataclass
class Answered:
    """How a call ended: with a text, a refusal, or `silence` (an error of ours, or the process died). One is
    `late` when its key stood for something as it began."""

    text: str = ""
    replayed: bool = False
    refusal: DomainError | None = None
    silence: str = ""
    event_id: str = ""
    late: bool = False

    @property
    def is_final(self) -> bool:
        """Whether the caller need not ask again."""
        return not self.silence


def asked(ask: Ask, runtime: Any, *, rendered: bool) -> Answered:
    """One call, whatever becomes of it. Any other exception is a defect, and ends the story."""
    operation, principal = BY_NAME[ask.operation], _principal(ask.by)
    cause = Cause(
        event_id=event_id(ask),
        actor=principal.actor,
        request_id=new_id("req"),
        at=runtime.clock.now(),
        repeatable=bool(ask.key),
        input_hash=repr(ask.body) if ask.key else "",
        call=ask.operation,
    )
    kind = Call if rendered else SimCall
    if not operation.open_to_suspended and _is_kept_out(ask.by, runtime):
        return Answered(refusal=Forbidden("suspended"), event_id=cause.event_id)
    late = cause.event_id in runtime.store.events
    try:
        body = _parsed(operation, ask.body)
        reply = operation.run(kind(runtime, principal, body, None, ask.path, cause, operation.status))
    except (ProviderUnavailable, IdempotencyInProgress) as silent:
        return Answered(silence=type(silent).__name__, event_id=cause.event_id)
    except DomainError as refused:
        refused.__traceback__ = refused.__context__ = refused.__cause__ = None  # frames that hold this answer
        return Answered(refusal=refused, event_id=cause.event_id, late=late)
    except ValidationError:
        return Answered(refusal=DomainError("invalid body"))
    except (Throttled, Killed) as failed:  # a 500, or nothing at all: the caller asks again
        return Answered(silence=type(failed).__name__, event_id=cause.event_id)
    return Answered(str(reply.body()), replayed=reply.replayed, event_id=cause.event_id)


def _is_kept_out(by: str, runtime: Any) -> bool:
    """As the doors have it when the call comes in: whatever happens during the call is too late for it."""
    if prefix_of(by) not in _ROLES:
        return False
    found = runtime.store.heads.get(suspension_id(by))
    return found is not None and found[1].stands


def event_id(ask: Ask) -> str:
    """The event that the call's key stands for; a fresh one without a key."""
    if not ask.key:
        return new_id("evt")
    return event_id_of(_principal(ask.by), BY_NAME[ask.operation], ask.path, ask.key)


@cache
def _principal(by: str) -> Principal:
    if by in FINANCE:
        return Principal(Role.FINANCE, "", by)
    if by in OPERATORS:
        return Principal(Role.OPERATOR, "", by)
    return Principal(_ROLES[prefix_of(by)], by, scopes=("work", "money"))


def _parsed(operation: Operation, body: dict[str, Any]) -> Any:
    if operation.body is NoBody:
        return _NOTHING
    return operation.body.model_validate(body)


_NOTHING = NoBody()


def received(note: dict[str, str], runtime: Any) -> None:
    """Stripe's webhook, behind its signature."""
    told = {name: value for name, value in note.items() if name not in _NOT_METADATA}
    event: Any = SimpleNamespace(
        id=note["stripe_id"],
        type=note["stripe_type"],
        created=runtime.clock.now(),
        account=note["account"] or None,
        data=SimpleNamespace(object=SimpleNamespace(id=note["object_id"], metadata=told)),
    )
    identifier = derived_id("evt", "stripe", event.id)
    cause = Cause(identifier, ACTOR, new_id("req"), runtime.clock.now())
    run(runtime.store, cause, lambda tx: _keep(event, tx))


_NOT_METADATA = ("stripe_id", "stripe_type", "account", "object_id")
