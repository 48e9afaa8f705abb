"""Our own ids in the metadata of what a webhook is about."""

from marketplace.shared.events import Event
from marketplace.shared.ids import is_id


def mark(event: Event, name: str, prefix: str) -> str:
    """Our own id in the object's metadata; empty where it was not us who made the object."""
    found = str(event.details.get(name, ""))
    return found if is_id(found, prefix) else ""
