"""A file that one side of a contract hands to the other.

    pending ──it has come as promised──> ready
       └──it is of another size or type──> refused

Only what is ready can be referred to. The file itself lies in the object store, and is never looked into.
"""

from enum import StrEnum

from marketplace.shared.errors import IllegalTransition, InvalidRequest
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after

SIZE_MAX = 50 * 1024 * 1024
NAME_LENGTH_MAX = 120
PER_CONTRACT_MAX = 2_000
"""Eight on each working day of a year; as many as may be, each as large as may be, are 100 GB."""
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = frozenset(
    {
        "application/json",
        "application/pdf",
        "application/zip",
        f"{OFFICE}.presentationml.presentation",
        f"{OFFICE}.spreadsheetml.sheet",
        f"{OFFICE}.wordprocessingml.document",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/plain",
        "video/mp4",
        "video/webm",
    }
)
"""No type that a browser runs: neither HTML nor SVG nor scripts."""


class AttachmentStatus(StrEnum):
    """See the picture above."""

    PENDING = "pending"
    READY = "ready"
    REFUSED = "refused"


TRANSITIONS: dict[tuple[AttachmentStatus, str], AttachmentStatus] = {
    (AttachmentStatus.PENDING, "confirm"): AttachmentStatus.READY,
    (AttachmentStatus.PENDING, "refuse"): AttachmentStatus.REFUSED,
}


@dataclass(frozen=True)
class Attachment:
    """`size` is bytes, `side` who hands it in: `client` or `worker`; `number` is how many there were on
    the contract, this one included."""

    id: str
    contract_id: str
    side: str
    name: Private[str]
    content_type: str
    size: int
    created_at: int
    status: AttachmentStatus = AttachmentStatus.PENDING
    number: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be referred to."""
        return self.status == AttachmentStatus.READY

    def stepped(self, step: str) -> "Attachment":
        """Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, step))


def require_allowed(content_type: str, size: int) -> None:
    """Raises InvalidRequest."""
    if content_type not in TYPES:
        raise InvalidRequest.at("/content_type", f"is one of {', '.join(sorted(TYPES))}")
    if not 0 < size <= SIZE_MAX:
        raise InvalidRequest.at("/size", f"is at most {SIZE_MAX} bytes, and not nothing")


def require_ready(found: Attachment | None, contract_id: str, pointer: str) -> None:
    """Raises InvalidRequest, in the same words for one that is not there and one of another contract."""
    if found is None or found.contract_id != contract_id or not found.is_ready:
        raise InvalidRequest.at(pointer, "is no confirmed attachment of this contract")


def require_pending(attachment: Attachment) -> None:
    """Raises IllegalTransition."""
    if attachment.status == AttachmentStatus.REFUSED:
        raise IllegalTransition("the file was not what was promised; begin anew")
