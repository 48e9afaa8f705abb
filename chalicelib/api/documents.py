"""Workers' documents, and operators' reviews of them.

A file goes straight to the store, by an address that is signed for its size and type; then it is confirmed.
"""

import time
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.attachments import UploadView
from chalicelib.api.workers import own_worker_id, worker_behind, worker_of
from chalicelib.http import OPERATOR, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model, Prose
from marketplace.access.principals import Role
from marketplace.compliance import document as documents
from marketplace.compliance.document import (
    BYTES_MAX,
    Document,
    FailureCode,
    ReviewDocument,
    SettleFile,
    own_document,
)
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.object_store import DOWNLOAD_SECONDS, NotAsPromised, NotUploaded
from marketplace.storage.keys import ALL, DOCUMENTS_TO_REVIEW, WORKER_DOCUMENTS

REASON_MAX = 2_000
READERS = (Role.WORKER, Role.OPERATOR)

routes = Routes()

DocumentKind = Literal[
    "identity_document",
    "driving_licence",
    "work_permit",
    "proof_of_address",
    "certificate",
    "insurance",
    "tax_document",
    "other",
]
Status = Literal["pending", "passed", "failed", "expired"]
ReviewCode = Literal[
    "illegible", "incomplete", "out_of_date", "mismatch", "wrong_kind", "not_genuine", "other"
]
FailedFor = ReviewCode | Literal["not_as_promised"]


class NewDocument(Model):
    """A document, whose file comes next: it must have `size_bytes` and `content_type`; `sha256` (hexadecimal)
    lets whoever reads it see that it is the one that was meant. `number` is what stands on it."""

    kind: DocumentKind
    name: Line
    number: Annotated[Line | None, Given] = None
    expires_at: Annotated[Instant | None, Given] = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: Annotated[int, Field(ge=1, le=BYTES_MAX)]
    content_type: Literal["application/pdf", "image/jpeg", "image/png"]


class Review(Model):
    """An operator's verdict; the worker reads the reason, and, of a document that fails, its code."""

    verdict: Literal["pass", "fail"]
    reason: Annotated[Prose, Field(min_length=1, max_length=REASON_MAX)]
    reason_code: ReviewCode = "other"


class DocumentLine(Model):
    """A document without what stands on it. One whose `file` is `announced` waits for it, and nobody looks at
    it yet. `reason_code` is there while it is failed, and `not_as_promised` where a machine refused its file;
    the worker can [appeal](ratings-and-appeals.md)."""

    id: str
    object: Literal["document"] = "document"
    worker_id: str
    kind: DocumentKind
    status: Status
    file: Literal["announced", "ready", "refused", "erased"]
    reason: str | None
    reason_code: FailedFor | None
    expires_at: Instant | None
    reviewed_at: Instant | None
    created_at: Instant


class DocumentView(DocumentLine):
    """A document, for its worker and for operators."""

    name: str
    number: str | None
    sha256: str
    size_bytes: int
    content_type: str


class DocumentReceipt(DocumentLine):
    """`upload` is where the file goes."""

    shown_once: ClassVar[tuple[str, ...]] = ("upload",)

    upload: UploadView | None


class DocumentDetail(DocumentView):
    """`upload` is where a file that is announced goes, for its worker."""

    upload: UploadView | None


class DownloadView(Model):
    """Where the file comes from until `expires_at` (real time), as an attachment that no browser shows or
    runs."""

    object: Literal["download"] = "download"
    document_id: str
    url: str
    expires_at: Instant


@routes.add(
    "POST", "/v1/workers/me/documents", who=WORKER, body=NewDocument, answer=DocumentReceipt, status=201
)
def add_document(call: Call[NewDocument]) -> Reply:
    """Announces a document, and tells where to send its file."""
    body = call.body
    document = Document(
        id=call.runtime.new_id("doc"),
        worker_id=own_worker_id(call),
        kind=body.kind,
        name=body.name,
        sha256=body.sha256,
        size_bytes=body.size_bytes,
        content_type=body.content_type,
        created_at=call.now,
        number=body.number,
        expires_at=body.expires_at,
    )
    return call.commit(
        lambda tx: documents.add_document(document, tx),
        lambda made: DocumentReceipt(**dict(document_line(made)), upload=_upload(call, made)),
    )


@routes.add("GET", "/v1/workers/me/documents", who=WORKER, query=PageQuery, answer=Page, row=DocumentView)
def list_own_documents(call: Call[Any]) -> Reply:
    """The caller's documents."""
    return call.page(WORKER_DOCUMENTS, own_worker_id(call), document_view)


@routes.add(
    "GET",
    "/v1/documents",
    who=OPERATOR,
    query=PageQuery,
    answer=Page,
    row=DocumentLine,
    shows_personal_data=True,
)
def list_documents_to_review(call: Call[Any]) -> Reply:
    """The documents that wait for a review."""
    return call.page(DOCUMENTS_TO_REVIEW, ALL, document_line)


@routes.add(
    "GET", "/v1/documents/{document_id}", who=READERS, answer=DocumentDetail, shows_personal_data=True
)
def get_document(call: Call[Any]) -> Reply:
    """One document: the worker's own, or any for an operator."""
    document = _readable(call)
    return Reply(DocumentDetail(**dict(document_view(document)), upload=_upload(call, document)))


@routes.add("POST", "/v1/documents/{document_id}/confirm", who=WORKER, answer=DocumentLine)
def confirm_document(call: Call[NoBody]) -> Reply:
    """Looks whether the file has come as it was announced; from then on it can be reviewed."""
    document = _readable(call)
    command = SettleFile(document.id, document.worker_id, as_promised=_kept(call, document))
    return call.commit(lambda tx: documents.settle_file(command, tx), document_line, person=worker_of(call))


@routes.add(
    "GET",
    "/v1/documents/{document_id}/file",
    who=READERS,
    answer=DownloadView,
    shows_personal_data=True,
    refuses=(409,),
)
def get_document_file(call: Call[Any]) -> Reply:
    """Where a document's file comes from, for a few minutes."""
    document = _readable(call)
    if not document.has_file:
        raise IllegalTransition("there is no file")
    url = call.runtime.objects.download(document.id, filename=document.name)
    expires_at = int(time.time()) + DOWNLOAD_SECONDS
    return Reply(DownloadView(document_id=document.id, url=url, expires_at=expires_at))


@routes.add("POST", "/v1/documents/{document_id}/review", who=OPERATOR, body=Review, answer=DocumentLine)
def review_document(call: Call[Review]) -> Reply:
    """Passes a document or turns it down, with a reason."""
    command = ReviewDocument(
        document_id=call.id("document_id", "doc"),
        verdict=call.body.verdict,
        reason=call.body.reason,
        by=call.principal.actor,
        own_id=worker_behind(call),
        reason_code=FailureCode(call.body.reason_code),
    )
    return call.commit(
        lambda tx: documents.review_document(command, tx), document_line, person=worker_of(call)
    )


def _readable(call: Call[Any]) -> Document:
    """The path's document. Raises NotFound, also when it is another worker's."""
    found = call.runtime.store.read(Document, call.id("document_id", "doc"))
    worker_id = own_worker_id(call) if call.principal.role == Role.WORKER else None
    return own_document(found[0] if found else None, worker_id)


def _kept(call: Call[Any], document: Document) -> bool:
    """Whether the file is as it was announced; what has been settled is not looked at again."""
    if not document.awaits_file:
        return document.has_file
    try:
        kind, size = document.content_type, document.size_bytes
        call.runtime.objects.keep(document.id, content_type=kind, size=size)
    except NotUploaded as absent:
        raise IllegalTransition("the file has not been uploaded") from absent
    except NotAsPromised:
        return False
    return True


def _upload(call: Call[Any], document: Document) -> UploadView | None:
    if not document.awaits_file or call.principal.role != Role.WORKER:
        return None
    kind, size = document.content_type, document.size_bytes
    to = call.runtime.objects.upload(document.id, content_type=kind, size=size)
    return UploadView(method=to.method, url=to.url, headers=to.headers, expires_at=to.expires_at)


def document_line(document: Document) -> DocumentLine:
    """A document for an answer that is remembered."""
    return DocumentLine(**_fields(document))


def document_view(document: Document) -> DocumentView:
    """A document with what stands on it."""
    return DocumentView(
        **_fields(document),
        name=document.name,
        number=document.number,
        sha256=document.sha256,
        size_bytes=document.size_bytes,
        content_type=document.content_type,
    )


def _fields(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "worker_id": document.worker_id,
        "kind": document.kind,
        "status": document.status.value,
        "file": document.file.value,
        "reason": document.reason,
        "reason_code": document.reason_code.value if document.reason_code else None,
        "expires_at": document.expires_at,
        "reviewed_at": document.reviewed_at,
        "created_at": document.created_at,
    }
