"""Writing, reading and handing over, in any state of the contract: there may be something to say about it for
long after it has ended."""

from marketplace.contracts.access import Side, own_contract
from marketplace.correspondence import attachment as attachments
from marketplace.correspondence import message as messages
from marketplace.correspondence.attachment import (
    Attachment,
    AttachmentStatus,
    require_allowed,
    require_pending,
    require_ready,
)
from marketplace.correspondence.counting import require_room
from marketplace.correspondence.message import Message, ReadMarks, read_marks_id
from marketplace.shared.errors import NotFound
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class SendMessage:
    """`attachments` are ids of confirmed ones of the same contract; `number` is how many messages it has
    then."""

    message_id: str
    contract_id: str
    side: Side
    author_id: str
    text: str
    attachments: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class MarkRead:
    """Everything up to this message."""

    contract_id: str
    side: Side
    message_id: str


@dataclass(frozen=True)
class AddAttachment:
    """A file to come; `size` is bytes, `number` how many the contract then has."""

    attachment_id: str
    contract_id: str
    side: Side
    author_id: str
    name: str
    content_type: str
    size: int
    number: int


@dataclass(frozen=True)
class SettleAttachment:
    """What came of looking at the file."""

    attachment_id: str
    contract_id: str
    side: Side
    author_id: str
    as_promised: bool


def send_message(command: SendMessage, tx: Transaction) -> Message:
    """Raises NotFound, LimitReached, InvalidRequest."""
    contract = own_contract(command.contract_id, command.side, tx)
    require_room(command.number, messages.PER_CONTRACT_MAX, "messages")
    for index, name in enumerate(command.attachments):
        require_ready(tx.find(Attachment, name), contract.id, f"/attachments/{index}")
    message = Message(
        id=command.message_id,
        contract_id=contract.id,
        client_id=contract.client_id,
        side=command.side.name,
        author_id=command.author_id,
        text=command.text,
        created_at=tx.now,
        attachments=command.attachments,
        number=command.number,
    )
    tx.save(message)
    tx.publish(EventType.MESSAGE_SENT, about=(message.id, contract.id, command.author_id))
    return message


def mark_read(command: MarkRead, tx: Transaction) -> ReadMarks:
    """Raises NotFound."""
    contract = own_contract(command.contract_id, command.side, tx)
    if tx.get(Message, command.message_id).contract_id != contract.id:
        raise NotFound
    identifier = read_marks_id(contract.id)
    before = tx.find(ReadMarks, identifier)
    marks = (before or ReadMarks(identifier)).moved(command.side.name, command.message_id)
    if marks != before:
        tx.save(marks)
        tx.publish(EventType.MESSAGES_READ, about=(command.message_id, contract.id), by=command.side.name)
    return marks


def add_attachment(command: AddAttachment, tx: Transaction) -> Attachment:
    """Raises NotFound, LimitReached, InvalidRequest."""
    contract = own_contract(command.contract_id, command.side, tx)
    require_room(command.number, attachments.PER_CONTRACT_MAX, "files")
    require_allowed(command.content_type, command.size)
    attachment = Attachment(
        id=command.attachment_id,
        contract_id=contract.id,
        side=command.side.name,
        name=command.name,
        content_type=command.content_type,
        size=command.size,
        created_at=tx.now,
        number=command.number,
    )
    tx.save(attachment)
    tx.publish(EventType.ATTACHMENT_PENDING, about=(attachment.id, contract.id, command.author_id))
    return attachment


def settle_attachment(command: SettleAttachment, tx: Transaction) -> Attachment:
    """Once: who asks again finds what came of it. Raises NotFound, IllegalTransition."""
    attachment = own_attachment(command.attachment_id, command.contract_id, command.side, tx)
    if attachment.status == AttachmentStatus.READY:
        return attachment
    require_pending(attachment)
    settled = attachment.stepped("confirm" if command.as_promised else "refuse")
    tx.save(settled)
    told = EventType.ATTACHMENT_READY if command.as_promised else EventType.ATTACHMENT_REFUSED
    tx.publish(told, about=(settled.id, settled.contract_id, command.author_id))
    return settled


def own_attachment(attachment_id: str, contract_id: str, side: Side, tx: Transaction) -> Attachment:
    """One that this side handed in. Raises NotFound."""
    contract = own_contract(contract_id, side, tx)
    attachment = tx.get(Attachment, attachment_id)
    if attachment.contract_id != contract.id or attachment.side != side.name:
        raise NotFound
    return attachment
