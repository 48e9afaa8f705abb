"""What the two sides of a contract write to each other."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.attachments import AttachmentId
from chalicelib.api.contract_access import side, visible_contract
from chalicelib.api.message_views import MessageView, by_caller, message_view, next_on
from chalicelib.http import BOTH_SIDES, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import UNIQUE_PART, Model, Prose
from marketplace.access.rate_limits import MESSAGES
from marketplace.correspondence import use_cases
from marketplace.correspondence.message import (
    ATTACHMENTS_MAX,
    TEXT_LENGTH_MAX,
    Message,
    ReadMarks,
    read_marks_id,
)
from marketplace.correspondence.use_cases import MarkRead, SendMessage
from marketplace.storage.keys import CONTRACT_MESSAGES

routes = Routes()

PATH = "/v1/contracts/{contract_id}/messages"
MessageId = Annotated[str, StringConstraints(pattern=rf"^msg_{UNIQUE_PART}$")]


class NewMessage(Model):
    """What to say, and what to hand over with it: confirmed attachments of the same contract."""

    text: Annotated[Prose, Field(min_length=1, max_length=TEXT_LENGTH_MAX)]
    attachments: Annotated[list[AttachmentId], Field(max_length=ATTACHMENTS_MAX)] = []


class ReadUpTo(Model):
    """The newest message that has been read; those before it have been, too."""

    message_id: MessageId


class ListedMessage(MessageView):
    """A message, and whether the other side has seen it."""

    read: bool


class ReadMarksView(Model):
    """The newest message that each side has read."""

    object: Literal["read_marks"] = "read_marks"
    contract_id: str
    client: str | None
    worker: str | None


@routes.add(
    "POST",
    PATH,
    who=BOTH_SIDES,
    scope="work",
    body=NewMessage,
    answer=MessageView,
    status=201,
    per_contract=MESSAGES,
)
def send_message(call: Call[NewMessage]) -> Reply:
    """Writes to the other side of a contract."""
    command = SendMessage(
        call.runtime.new_id("msg"),
        call.id("contract_id", "con"),
        side(call),
        call.principal.id,
        call.body.text,
        tuple(dict.fromkeys(call.body.attachments)),
        next_on(call, CONTRACT_MESSAGES),
    )
    return call.commit(lambda tx: use_cases.send_message(command, tx), message_view, person=by_caller(call))


@routes.add(
    "GET", PATH, who=BOTH_SIDES, query=PageQuery, answer=Page, row=ListedMessage, open_to_suspended=True
)
def list_messages(call: Call[Any]) -> Reply:
    """The messages of one contract of the caller's."""
    contract = visible_contract(call)
    found = call.runtime.store.read(ReadMarks, read_marks_id(contract.id))
    marks = found[0] if found else ReadMarks(read_marks_id(contract.id))

    def listed(message: Message) -> ListedMessage:
        other = "worker" if message.side == "client" else "client"
        return ListedMessage(**dict(message_view(message)), read=marks.has_read(other, message))

    return call.page(CONTRACT_MESSAGES, contract.id, listed)


@routes.add("POST", f"{PATH}/read", who=BOTH_SIDES, scope="work", body=ReadUpTo, answer=ReadMarksView)
def mark_messages_read(call: Call[ReadUpTo]) -> Reply:
    """Says how far the caller has read."""
    contract_id = call.id("contract_id", "con")
    command = MarkRead(contract_id, side(call), call.body.message_id)
    return call.commit(
        lambda tx: use_cases.mark_read(command, tx),
        lambda marks: ReadMarksView(contract_id=contract_id, client=marks.client, worker=marks.worker),
    )
