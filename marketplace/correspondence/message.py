"""A message about a contract, and how far each side has read."""

from marketplace.shared.ids import renamed
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

TEXT_LENGTH_MAX = 5_000
ATTACHMENTS_MAX = 10
PER_CONTRACT_MAX = 20_000
"""Forty on each working day of a year are 10,000; as many as may be, each as long as may be, are 100 MB."""


@dataclass(frozen=True)
class Message:
    """Written once, never changed. `side` is who wrote it: `client` or `worker`; ids sort by real time;
    `number` is how many there were on the contract, this one included."""

    id: str
    contract_id: str
    client_id: str
    side: str
    author_id: str
    text: Private[str]
    created_at: int
    attachments: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True)
class ReadMarks:
    """The newest message that each side has read, one of these for each contract."""

    id: str
    client: str | None = None
    worker: str | None = None

    def moved(self, side: str, message_id: str) -> "ReadMarks":
        """Forward only: who has read a message has read those before it."""
        if message_id <= (getattr(self, side) or ""):
            return self
        return replace(self, client=message_id) if side == "client" else replace(self, worker=message_id)

    def has_read(self, side: str, message: Message) -> bool:
        """Whether this side has seen the message; who wrote it has."""
        return message.side == side or message.id <= (getattr(self, side) or "")


def read_marks_id(contract_id: str) -> str:
    """A contract has one."""
    return renamed(contract_id, "rdm")
