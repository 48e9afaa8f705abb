"""A worker's document: handed in, looked at by an operator, and of use until it expires.

pending ──review──> passed ──expire (timer)──> expired
pending ──review──> failed
pending ──expire (timer)──> expired
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.people.workers import Worker
from marketplace.shared.errors import InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.private import Private
from marketplace.shared.transaction import Transaction
from marketplace.shared.transitions import after

BYTES_MAX = 20 * 1024 * 1024


class DocumentStatus(StrEnum):
    """`pending` until somebody has looked at it."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"


TRANSITIONS = {
    (DocumentStatus.PENDING, "pass"): DocumentStatus.PASSED,
    (DocumentStatus.PENDING, "fail"): DocumentStatus.FAILED,
    (DocumentStatus.PENDING, "expire"): DocumentStatus.EXPIRED,
    (DocumentStatus.PASSED, "expire"): DocumentStatus.EXPIRED,
}


@dataclass(frozen=True)
class Document:
    """`sha256` and `size_bytes` say which file is meant; `number` is what stands on it; `reviewed_by` is the
    operator who decided, for the `reason`. Instants are epoch seconds."""

    id: str
    worker_id: str
    kind: str
    name: Private[str]
    sha256: str
    size_bytes: int
    content_type: str
    created_at: int
    number: Private[str | None] = None
    expires_at: int | None = None
    status: DocumentStatus = DocumentStatus.PENDING
    reason: Private[str | None] = None
    reviewed_by: str | None = None
    reviewed_at: int | None = None

    @property
    def due_at(self) -> int | None:
        """When it expires, while it is of use or may become so."""
        over = self.status in (DocumentStatus.FAILED, DocumentStatus.EXPIRED)
        return None if over else self.expires_at

    def stepped(self, step: str) -> "Document":
        """After a review or its expiry. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, step))


@dataclass(frozen=True)
class ReviewDocument:
    """An operator's verdict: `pass` or `fail`."""

    document_id: str
    verdict: str
    reason: str
    by: str


def add_document(document: Document, tx: Transaction) -> Document:
    """Raises NotFound before the worker has a profile, InvalidRequest for one that has expired."""
    tx.get(Worker, document.worker_id)
    if document.expires_at is not None and document.expires_at <= tx.now:
        raise InvalidRequest.at("/expires_at", "must be in the future")
    tx.save(document)
    tx.publish(EventType.DOCUMENT_ADDED, about=(document.id, document.worker_id), kind=document.kind)
    return document


def review_document(command: ReviewDocument, tx: Transaction) -> Document:
    """Raises NotFound, IllegalTransition."""
    document = tx.get(Document, command.document_id).stepped(command.verdict)
    reviewed = replace(document, reason=command.reason, reviewed_by=command.by, reviewed_at=tx.now)
    kind = EventType.DOCUMENT_PASSED if command.verdict == "pass" else EventType.DOCUMENT_FAILED
    tx.save(reviewed)
    tx.publish(kind, about=(document.id, document.worker_id))
    return reviewed


def forget_document(document_id: str, tx: Transaction) -> None:
    """Its worker is forgotten: what stood on it goes, that it was there stays. Raises NotFound."""
    document = tx.get(Document, document_id)
    tx.save(replace(document, name="erased", number=None, sha256="", reason=None))


def wake_document(identifier: str, tx: Transaction) -> None:
    """Its time is over."""
    document = tx.find(Document, identifier)
    if document is None or document.due_at is None or document.due_at > tx.now:
        return
    tx.save(document.stepped("expire"))
    tx.publish(EventType.DOCUMENT_EXPIRED, about=(document.id, document.worker_id))


def own_document(document: Document | None, worker_id: str | None) -> Document:
    """The document, if it is this worker's; an operator (None) sees all. Raises NotFound."""
    if document is None or worker_id not in (None, document.worker_id):
        raise NotFound
    return document
