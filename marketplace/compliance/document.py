"""A worker's document: handed in, looked at by an operator, and of use until it expires.

pending ──review, once the file is ready──> passed ──expire (timer)──> expired
pending ──review, or the file is refused──> failed
pending ──expire (timer)──> expired
failed ──an appeal is granted──> passed; pending again, if it was the file that was refused

Its file lies in the object store, under the document's id:

announced ──it has come as promised──> ready
    └──it is of another size or type──> refused ──an appeal is granted──> announced

Whoever is forgotten leaves the document without file or words: erased.
"""

from enum import StrEnum

from marketplace.people.workers import Worker
from marketplace.shared.errors import Forbidden, IllegalTransition, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.private import ERASED, Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.shared.transitions import after

BYTES_MAX = 20 * 1024 * 1024


class DocumentStatus(StrEnum):
    """`pending` until somebody has looked at it."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"


class FileStatus(StrEnum):
    """Only what is ready can be looked at."""

    ANNOUNCED = "announced"
    READY = "ready"
    REFUSED = "refused"
    ERASED = "erased"


class FailureCode(StrEnum):
    """Why a document was turned down; the last but one is said by the machine that looks at files."""

    ILLEGIBLE = "illegible"
    INCOMPLETE = "incomplete"
    OUT_OF_DATE = "out_of_date"
    MISMATCH = "mismatch"
    WRONG_KIND = "wrong_kind"
    NOT_GENUINE = "not_genuine"
    NOT_AS_PROMISED = "not_as_promised"
    OTHER = "other"


FILE_TRANSITIONS = {
    (FileStatus.ANNOUNCED, "confirm"): FileStatus.READY,
    (FileStatus.ANNOUNCED, "refuse"): FileStatus.REFUSED,
    (FileStatus.REFUSED, "reopen"): FileStatus.ANNOUNCED,
}
NOT_AS_PROMISED = "the file is of another size or type than was said"

TRANSITIONS = {
    (DocumentStatus.PENDING, "pass"): DocumentStatus.PASSED,
    (DocumentStatus.PENDING, "fail"): DocumentStatus.FAILED,
    (DocumentStatus.PENDING, "expire"): DocumentStatus.EXPIRED,
    (DocumentStatus.PASSED, "expire"): DocumentStatus.EXPIRED,
    (DocumentStatus.FAILED, "accept"): DocumentStatus.PASSED,
    (DocumentStatus.FAILED, "reopen"): DocumentStatus.PENDING,
}


@dataclass(frozen=True)
class Document:
    """`sha256` is what the worker says that the file is, `size_bytes` and `content_type` are what it must be;
    `number` is what stands on it; `reviewed_by` is the operator who decided, for the `reason`, none where a
    machine did; `failed` is the reason as a code. Instants are epoch seconds."""

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
    file: FileStatus = FileStatus.ANNOUNCED
    failed: FailureCode | None = None

    @property
    def reason_code(self) -> FailureCode | None:
        """Why it failed; of what failed before there were codes, that nobody gave one."""
        return (self.failed or FailureCode.OTHER) if self.status == DocumentStatus.FAILED else None

    @property
    def has_file(self) -> bool:
        """Whether its file can be looked at."""
        return self.file == FileStatus.READY

    @property
    def awaits_file(self) -> bool:
        """Whether its file may still come."""
        return self.status == DocumentStatus.PENDING and self.file == FileStatus.ANNOUNCED

    @property
    def awaits_review(self) -> bool:
        """Whether an operator should look at it."""
        return self.status == DocumentStatus.PENDING and self.has_file

    @property
    def due_at(self) -> int | None:
        """When it expires, while it is of use or may become so."""
        over = self.status in (DocumentStatus.FAILED, DocumentStatus.EXPIRED)
        return None if over else self.expires_at

    def stepped(self, step: str) -> "Document":
        """After a review or its expiry. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, step))

    def overruled(self, *, by: str, reason: str, at: int) -> "Document":
        """After a granted appeal: passed, or open for its file where that was refused. Raises
        IllegalTransition where it is over, or its file is gone."""
        if self.file == FileStatus.ERASED or (self.expires_at is not None and at >= self.expires_at):
            raise IllegalTransition("the document is of no use any more")
        step = "reopen" if self.file == FileStatus.REFUSED else "accept"
        file = after(FILE_TRANSITIONS, self.file, step) if step == "reopen" else self.file
        return replace(
            self.stepped(step), file=file, reason=reason, reviewed_by=by, reviewed_at=at, failed=None
        )

    def came(self, *, as_promised: bool, at: int) -> "Document":
        """With its file, or failed for that. Raises IllegalTransition."""
        file = after(FILE_TRANSITIONS, self.file, "confirm" if as_promised else "refuse")
        if self.status != DocumentStatus.PENDING:
            raise IllegalTransition(f"the document is {self.status}")
        kept = replace(self, file=file)
        if as_promised:
            return kept
        code = FailureCode.NOT_AS_PROMISED
        return replace(kept.stepped("fail"), reason=NOT_AS_PROMISED, failed=code, reviewed_at=at)


@dataclass(frozen=True)
class SettleFile:
    """What came of looking for a document's file."""

    document_id: str
    worker_id: str
    as_promised: bool


@dataclass(frozen=True)
class ReviewDocument:
    """An operator's verdict: `pass` or `fail`; `own_id` is the worker that they are as well, if they are."""

    document_id: str
    verdict: str
    reason: str
    by: str
    own_id: str | None
    reason_code: FailureCode = FailureCode.OTHER


def add_document(document: Document, tx: Transaction) -> Document:
    """Raises NotFound before the worker has a profile, InvalidRequest for one that has expired."""
    tx.get(Worker, document.worker_id)
    if document.expires_at is not None and document.expires_at <= tx.now:
        raise InvalidRequest.at("/expires_at", "must be in the future")
    tx.save(document)
    tx.publish(EventType.DOCUMENT_ADDED, about=(document.id, document.worker_id), kind=document.kind)
    return document


def settle_file(command: SettleFile, tx: Transaction) -> Document:
    """Once: who asks again finds what came of it. Raises NotFound, IllegalTransition."""
    document = own_document(tx.get(Document, command.document_id), command.worker_id)
    if document.has_file and command.as_promised:
        return document
    settled = document.came(as_promised=command.as_promised, at=tx.now)
    kind = EventType.DOCUMENT_FILE_READY if command.as_promised else EventType.DOCUMENT_FAILED
    tx.save(settled)
    tx.publish(kind, about=(document.id, document.worker_id))
    return settled


def review_document(command: ReviewDocument, tx: Transaction) -> Document:
    """Raises NotFound, IllegalTransition, also before the file has come; Forbidden for the document's own
    worker."""
    document = tx.get(Document, command.document_id)
    if document.worker_id == command.own_id:
        raise Forbidden("nobody looks at their own documents")
    if not document.has_file:
        raise IllegalTransition("there is no file to look at")
    failed = command.reason_code if command.verdict == "fail" else None
    reviewed = replace(
        document.stepped(command.verdict),
        reason=command.reason,
        reviewed_by=command.by,
        reviewed_at=tx.now,
        failed=failed,
    )
    kind = EventType.DOCUMENT_PASSED if command.verdict == "pass" else EventType.DOCUMENT_FAILED
    tx.save(reviewed)
    tx.publish(kind, about=(document.id, document.worker_id))
    return reviewed


def forget_document(document_id: str, tx: Transaction) -> None:
    """Its worker is forgotten: what stood on it goes, that it was there stays. Raises NotFound."""
    document = tx.get(Document, document_id)
    file = FileStatus.ERASED
    tx.forget(replace(document, name=ERASED, number=None, sha256="", reason=None, file=file))


def wake_document(identifier: str, tx: Transaction) -> None:
    """Its time is over."""
    document = tx.due(Document, identifier)
    if document is None:
        return
    tx.save(document.stepped("expire"))
    tx.publish(EventType.DOCUMENT_EXPIRED, about=(document.id, document.worker_id))


def own_document(document: Document | None, worker_id: str | None) -> Document:
    """The document, if it is this worker's; an operator (None) sees all. Raises NotFound."""
    if document is None or worker_id not in (None, document.worker_id):
        raise NotFound
    return document
