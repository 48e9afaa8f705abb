"""Who of the staff read whose personal data: no answer leaves before that is written down."""

from typing import Any

from chalicelib.http import Call, Operation
from marketplace.access.principals import Role
from marketplace.shared.events import EventType
from marketplace.shared.ids import new_id
from marketplace.shared.records import replace
from marketplace.shared.running import run

STAFF = (Role.OPERATOR, Role.FINANCE)


def note_read(operation: Operation, call: Call[Any]) -> None:
    """Keeps an event of a call that showed personal data to staff. Raises ProviderUnavailable."""
    if not operation.shows_personal_data or call.principal.role not in STAFF:
        return
    about = tuple(call.path.values())
    cause = replace(call.cause, event_id=new_id("evt"), repeatable=False, input_hash="")
    run(call.runtime.store, cause, lambda tx: tx.publish(EventType.PERSONAL_DATA_READ, about=about))
