"""What operators do about who may come in."""

from marketplace.access.suspension import ReasonCode, Suspension, suspension_id
from marketplace.shared.errors import Forbidden, IllegalTransition, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.ids import prefix_of
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction

_SUSPENDED = {"cli": EventType.CLIENT_SUSPENDED, "wrk": EventType.WORKER_DEACTIVATED}
_REINSTATED = {"cli": EventType.CLIENT_REINSTATED, "wrk": EventType.WORKER_REINSTATED}


@dataclass(frozen=True)
class Suspend:
    """`kind` is the aggregate that must be there; `by` is the operator."""

    subject_id: str
    kind: type[object]
    by: str
    reason_code: ReasonCode
    reason: str


@dataclass(frozen=True)
class Reinstate:
    """`by` is the operator, `own_id` the worker that they are as well, if they are."""

    subject_id: str
    by: str
    own_id: str | None
    reason: str


def suspend(command: Suspend, tx: Transaction) -> Suspension:
    """Somebody who is kept out until it is known whether they can be forgotten stays out if they cannot.

    Raises NotFound, IllegalTransition when they are suspended already, or forgotten.
    """
    identifier = suspension_id(command.subject_id)
    before = tx.find(Suspension, identifier)
    if tx.find(command.kind, command.subject_id) is None:
        raise NotFound
    standing = before if before is not None and before.stands else None
    if standing is not None and not standing.pending:
        raise IllegalTransition("this person is suspended already")
    suspension = Suspension(
        id=identifier,
        subject_id=command.subject_id,
        by=command.by,
        since=standing.since if standing is not None else tx.now,
        reason_code=command.reason_code,
        reason=command.reason,
    )
    tx.save(suspension)
    event = _SUSPENDED[prefix_of(command.subject_id)]
    tx.publish(event, about=(suspension.id, command.subject_id), reason_code=command.reason_code.value)
    return suspension


def reinstate(command: Reinstate, tx: Transaction) -> Suspension:
    """Raises NotFound, IllegalTransition, Forbidden for the person who is kept out."""
    if command.subject_id == command.own_id:
        raise Forbidden("nobody lets themselves in again")
    suspension = tx.get(Suspension, suspension_id(command.subject_id))
    lifted = suspension.lifted(by=command.by, reason=command.reason, at=tx.now)
    tx.save(lifted)
    tx.publish(_REINSTATED[prefix_of(command.subject_id)], about=(lifted.id, command.subject_id))
    return lifted
