"""Workers' documents, and operators' reviews of them."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.workers import own_worker_id, worker_of
from chalicelib.http import OPERATOR, WORKER, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model, Prose
from marketplace.access.principals import Role
from marketplace.compliance import document as documents
from marketplace.compliance.document import BYTES_MAX, Document, ReviewDocument, own_document
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


class NewDocument(Model):
    """A document: `sha256` (hexadecimal) and `size_bytes` say which file is meant, `number` is what stands on
    it."""

    kind: DocumentKind
    name: Line
    number: Annotated[Line | None, Given] = None
    expires_at: Annotated[Instant | None, Given] = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: Annotated[int, Field(ge=1, le=BYTES_MAX)]
    content_type: Literal["application/pdf", "image/jpeg", "image/png"]


class Review(Model):
    """An operator's verdict; the worker reads the reason."""

    verdict: Literal["pass", "fail"]
    reason: Annotated[Prose, Field(min_length=1, max_length=REASON_MAX)]


class DocumentLine(Model):
    """A document without what stands on it."""

    id: str
    object: Literal["document"] = "document"
    worker_id: str
    kind: DocumentKind
    status: Status
    reason: str | None
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


@routes.add("POST", "/v1/workers/me/documents", who=WORKER, body=NewDocument, answer=DocumentLine, status=201)
def add_document(call: Call[NewDocument]) -> Reply:
    """Hands a document in for review."""
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
    return call.commit(lambda tx: documents.add_document(document, tx), document_line)


@routes.add("GET", "/v1/workers/me/documents", who=WORKER, query=PageQuery, answer=Page, row=DocumentView)
def list_own_documents(call: Call[Any]) -> Reply:
    """The caller's documents."""
    return call.page(WORKER_DOCUMENTS, own_worker_id(call), document_view)


@routes.add("GET", "/v1/documents", who=OPERATOR, query=PageQuery, answer=Page, row=DocumentLine)
def list_documents_to_review(call: Call[Any]) -> Reply:
    """The documents that wait for a review."""
    return call.page(DOCUMENTS_TO_REVIEW, ALL, document_line)


@routes.add("GET", "/v1/documents/{document_id}", who=READERS, answer=DocumentView, shows_personal_data=True)
def get_document(call: Call[Any]) -> Reply:
    """One document: the worker's own, or any for an operator."""
    found = call.runtime.store.read(Document, call.id("document_id", "doc"))
    worker_id = own_worker_id(call) if call.principal.role == Role.WORKER else None
    return Reply(document_view(own_document(found[0] if found else None, worker_id)))


@routes.add("POST", "/v1/documents/{document_id}/review", who=OPERATOR, body=Review, answer=DocumentLine)
def review_document(call: Call[Review]) -> Reply:
    """Passes a document or turns it down, with a reason."""
    command = ReviewDocument(
        document_id=call.id("document_id", "doc"),
        verdict=call.body.verdict,
        reason=call.body.reason,
        by=call.principal.actor,
    )
    return call.commit(
        lambda tx: documents.review_document(command, tx), document_line, person=worker_of(call)
    )


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
        "reason": document.reason,
        "expires_at": document.expires_at,
        "reviewed_at": document.reviewed_at,
        "created_at": document.created_at,
    }
