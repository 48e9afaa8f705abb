"""A worker's onboarding checklist."""

from collections.abc import Iterator
from typing import Any, Literal, TypeVar

from chalicelib.api.documents import DocumentLine, document_line
from chalicelib.api.workers import own_worker_id
from chalicelib.http import OPERATOR, WORKER, Call, Reply, Routes
from chalicelib.types import Instant, Model
from marketplace.compliance.agreement import AgreementKind, Pinned, Signature, signature_id
from marketplace.compliance.checklist import (
    NDA,
    TRAINING,
    Item,
    identity_item,
    screening_item,
    signing_item,
)
from marketplace.compliance.checks import Check
from marketplace.compliance.screening import Screening, ScreeningKind, screening_id
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import (
    AGREEMENTS,
    ALL,
    WORKER_CONTRACTS,
    WORKER_DOCUMENTS,
    WORKER_SIGNATURES,
)

LOOKED_AT_MAX = 100
"""The newest so many contracts, signatures, documents and agreements of the platform are looked at."""

routes = Routes()

Kind = TypeVar("Kind")


class ChecklistItem(Model):
    """`needed` is whether anybody asks for it now; `detail` says what to do next, and `subject_ids` with
    what."""

    name: Literal["identity", "tax_form", "nda", "training", "background_check"]
    status: Literal["missing", "pending", "passed", "failed", "expired"]
    detail: str
    needed: bool
    expires_at: Instant | None
    subject_ids: list[str]


class ChecklistView(Model):
    """What a worker brings before work; `documents` are the newest of each kind."""

    object: Literal["checklist"] = "checklist"
    worker_id: str
    items: list[ChecklistItem]
    documents: list[DocumentLine]


@routes.add("GET", "/v1/workers/me/checklist", who=WORKER, answer=ChecklistView)
def get_own_checklist(call: Call[Any]) -> Reply:
    """What the caller has to bring, and how far it has come."""
    return Reply(_checklist(call, own_worker_id(call)))


@routes.add(
    "GET", "/v1/workers/{worker_id}/checklist", who=OPERATOR, answer=ChecklistView, shows_personal_data=True
)
def get_checklist(call: Call[Any]) -> Reply:
    """A worker's checklist, for an operator."""
    worker_id = call.id("worker_id", "wrk")
    if _found(call, Worker, worker_id) is None:
        raise NotFound
    return Reply(_checklist(call, worker_id))


def _checklist(call: Call[Any], worker_id: str) -> ChecklistView:
    reads = call.runtime.reads
    documents, _ = reads.page(WORKER_DOCUMENTS, worker_id, limit=LOOKED_AT_MAX)
    newest = {document.kind: document for document in reversed(documents)}
    return ChecklistView(
        worker_id=worker_id,
        items=[_item_view(item) for item in _items(call, worker_id)],
        documents=[document_line(newest[kind]) for kind in sorted(newest)],
    )


def _items(call: Call[Any], worker_id: str) -> Iterator[Item]:
    contracts, _ = call.runtime.reads.page(WORKER_CONTRACTS, worker_id, limit=LOOKED_AT_MAX)
    trainings = [row for contract in contracts if not _is_over(contract) for row in contract.trainings or ()]
    offered = [contract for contract in contracts if contract.status == ContractStatus.OFFERED]
    ndas = [*_platforms_ndas(call), *(row for contract in offered for row in contract.signs or ())]
    labels = [label for contract in offered for label in contract.labels or ()]
    signed = _signed(call, worker_id, [*ndas, *trainings])
    yield identity_item(_found(call, PayoutAccount, payout_account_id(worker_id)))
    yield _screened(call, worker_id, Check.TAX_FORM)
    yield signing_item(NDA, ndas, signed, labels)
    yield signing_item(TRAINING, trainings, signed)
    yield _screened(call, worker_id, Check.BACKGROUND_CHECK)


def _screened(call: Call[Any], worker_id: str, check: Check) -> Item:
    screening = _found(call, Screening, screening_id(worker_id, ScreeningKind(check.value)))
    return screening_item(check, screening, call.now)


def _platforms_ndas(call: Call[Any]) -> list[Pinned]:
    agreements, _ = call.runtime.reads.page(AGREEMENTS, ALL, limit=LOOKED_AT_MAX)
    return [agreement.pinned for agreement in agreements if agreement.kind == AgreementKind.NDA]


def _signed(call: Call[Any], worker_id: str, asked: list[Pinned]) -> set[Pinned]:
    """The newest signatures, for what is expired, and those that are asked for, however old."""
    newest, _ = call.runtime.reads.page(WORKER_SIGNATURES, worker_id, limit=LOOKED_AT_MAX)
    names = [signature_id(row, worker_id) for row in dict.fromkeys(asked)]
    wanted = call.runtime.reads.by_id(Signature, names).values()
    return {Pinned(row.agreement_id, row.version) for row in (*newest, *wanted)}


def _is_over(contract: Contract) -> bool:
    return contract.status in (ContractStatus.COMPLETED, ContractStatus.CANCELLED)


def _found(call: Call[Any], kind: type[Kind], identifier: str) -> Kind | None:
    found = call.runtime.store.read(kind, identifier)
    return None if found is None else found[0]


def _item_view(item: Item) -> ChecklistItem:
    return ChecklistItem.model_validate(
        {
            "name": str(item.name),
            "status": str(item.status.value),
            "detail": item.detail,
            "needed": item.needed,
            "expires_at": item.expires_at,
            "subject_ids": list(item.subjects),
        }
    )
