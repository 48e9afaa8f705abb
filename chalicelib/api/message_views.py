"""Messages and attachments for answers."""

from typing import Any, Literal

from chalicelib.http import Call, PersonOf
from chalicelib.types import Instant, Model
from marketplace.access.clients import Client
from marketplace.access.principals import Role
from marketplace.correspondence.attachment import Attachment
from marketplace.correspondence.counting import SEEN_MAX, next_number
from marketplace.correspondence.message import Message
from marketplace.people.workers import Worker
from marketplace.storage.keys import Listing
from marketplace.storage.personal_answers import Person


def by_caller(call: Call[Any]) -> PersonOf:
    """Of whom an answer tells that holds what the caller has written: it is kept sealed."""

    def person(_: Any) -> Person | None:
        kind: type[Any] = Client if call.principal.role == Role.CLIENT else Worker
        found = call.runtime.store.read(kind, call.principal.id)
        return None if found is None else found[0]

    return person


def next_on(call: Call[Any], listing: Listing[Any]) -> int:
    """The number of the next of these on the path's contract."""
    newest = call.runtime.reads.places(listing, call.id("contract_id", "con"), limit=SEEN_MAX)
    return next_number([position for position, _ in newest])


class MessageView(Model):
    """A message; `by` is the side that wrote it, `attachments` are ids."""

    id: str
    object: Literal["message"] = "message"
    contract_id: str
    by: Literal["client", "worker"]
    text: str
    attachments: list[str]
    created_at: Instant


class AttachmentView(Model):
    """A file; `by` is the side that hands it in, `size` is bytes. Only what is ready can be referred to."""

    id: str
    object: Literal["attachment"] = "attachment"
    contract_id: str
    by: Literal["client", "worker"]
    name: str
    content_type: str
    size: int
    status: Literal["pending", "ready", "refused"]
    created_at: Instant


def message_view(message: Message) -> MessageView:
    """A message for an answer."""
    return MessageView(
        id=message.id,
        contract_id=message.contract_id,
        by="client" if message.side == "client" else "worker",
        text=message.text,
        attachments=list(message.attachments),
        created_at=message.created_at,
    )


def attachment_view(attachment: Attachment) -> AttachmentView:
    """An attachment for an answer."""
    return AttachmentView(
        id=attachment.id,
        contract_id=attachment.contract_id,
        by="client" if attachment.side == "client" else "worker",
        name=attachment.name,
        content_type=attachment.content_type,
        size=attachment.size,
        status=attachment.status.value,
        created_at=attachment.created_at,
    )
