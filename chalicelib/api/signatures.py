"""Workers' signatures under agreements."""

from typing import Annotated, Any, Literal

from chalicelib.api.agreements import OWNERS, Version, owner_of, readable_agreement
from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model
from marketplace.compliance import agreements
from marketplace.compliance.agreement import Signature
from marketplace.compliance.agreements import SignAgreement
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import AGREEMENT_SIGNATURES, WORKER_SIGNATURES

routes = Routes()


class NewSignature(Model):
    """The signer's name, written out, or the profile's; `version` is what was read, and refused (409) when
    another is in force."""

    name: Annotated[Line | None, Given] = None
    version: Annotated[Version | None, Given] = None


class SignatureReceipt(Model):
    """A signature, as its answer is remembered: without the name and the address under it."""

    id: str
    object: Literal["signature"] = "signature"
    agreement_id: str
    version: int
    worker_id: str
    text_sha256: str
    contract_id: str | None
    signed_at: Instant


class SignatureView(SignatureReceipt):
    """A signature; `address` is the IP address that the call came from."""

    name: str
    address: str


def signature_view(signature: Signature) -> SignatureView:
    """A signature for whoever may see its name and address."""
    return SignatureView(**_receipt_fields(signature), name=signature.name, address=signature.address)


def _receipt_fields(signature: Signature) -> dict[str, Any]:
    return {
        "id": signature.id,
        "agreement_id": signature.agreement_id,
        "version": signature.version,
        "worker_id": signature.worker_id,
        "text_sha256": signature.text_hash,
        "contract_id": signature.contract_id,
        "signed_at": signature.signed_at,
    }


@routes.add(
    "GET",
    "/v1/agreements/{agreement_id}/signatures",
    who=OWNERS,
    query=PageQuery,
    answer=Page,
    row=SignatureView,
    shows_personal_data=True,
)
def list_agreement_signatures(call: Call[Any]) -> Reply:
    """Who has signed it, in every version; for its owner."""
    agreement = readable_agreement(call)
    if agreement.client_id != owner_of(call):
        raise NotFound
    return call.page(AGREEMENT_SIGNATURES, agreement.id, signature_view)


@routes.add(
    "POST",
    "/v1/workers/me/agreements/{agreement_id}/sign",
    who=WORKER,
    body=NewSignature,
    answer=SignatureReceipt,
    status=201,
)
def sign_agreement(call: Call[NewSignature]) -> Reply:
    """Signs the version in force, or acknowledges a training."""
    command = SignAgreement(
        agreement_id=call.id("agreement_id", "agr"),
        worker_id=own_worker_id(call),
        name=call.body.name,
        address=call.address,
        version=call.body.version,
    )
    return call.commit(
        lambda tx: agreements.sign_agreement(command, tx),
        lambda signature: SignatureReceipt(**_receipt_fields(signature)),
    )


@routes.add("GET", "/v1/workers/me/signatures", who=WORKER, query=PageQuery, answer=Page, row=SignatureView)
def list_own_signatures(call: Call[Any]) -> Reply:
    """What the caller has signed."""
    return call.page(WORKER_SIGNATURES, own_worker_id(call), signature_view)
