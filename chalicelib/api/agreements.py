"""Agreements: texts in versions. Signatures under them have a file of their own."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.http import Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model, printable
from marketplace.access.principals import Role
from marketplace.compliance import agreements
from marketplace.compliance.agreement import (
    VERSIONS_MAX,
    Agreement,
    AgreementKind,
    AgreementText,
    Pinned,
    text_id,
)
from marketplace.compliance.agreements import PublishAgreement, PublishVersion
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import (
    AGREEMENT_VERSIONS,
    AGREEMENTS,
    ALL,
)

TEXT_MAX = 50_000
OWNERS = (Role.CLIENT, Role.OPERATOR)
READERS = (Role.CLIENT, Role.WORKER, Role.OPERATOR)

routes = Routes()

Text = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MAX), AfterValidator(printable)]
Version = Annotated[int, Field(ge=1, le=VERSIONS_MAX)]


class NewAgreement(Model):
    """The first version of a client's text, or, by an operator, of the platform's. A `training` is
    acknowledged before work begins; the others are signed with the offer."""

    kind: Literal["agreement", "nda", "training"] = "agreement"
    title: Line
    text: Text


class NewVersion(Model):
    """The next version, in force for contracts that are offered from now on."""

    title: Annotated[Line | None, Given] = None
    text: Text


class AgreementView(Model):
    """A version of an agreement; `client_id` is null for the platform's, `text_sha256` is of the text in
    UTF-8."""

    id: str
    object: Literal["agreement"] = "agreement"
    client_id: str | None
    kind: Literal["agreement", "nda", "training"]
    title: str
    version: int
    text: str
    text_sha256: str
    created_at: Instant


class AgreementLine(Model):
    """An agreement without its text; `version` is in force."""

    id: str
    object: Literal["agreement"] = "agreement"
    client_id: str | None
    kind: Literal["agreement", "nda", "training"]
    title: str
    version: int
    created_at: Instant


class PinnedView(Model):
    """A version of an agreement that a contract asks for."""

    agreement_id: str
    version: int


class VersionQuery(Model):
    """Which version; without one, that in force."""

    version: Version | None = None


def owner_of(call: Call[Any]) -> str | None:
    """Whose things the caller makes: a client's own, or, by an operator, the platform's (None)."""
    return call.principal.id if call.principal.role == Role.CLIENT else None


def readable_agreement(call: Call[Any]) -> Agreement:
    """The path's agreement. Raises NotFound, also when it is another client's."""
    found = call.runtime.store.read(Agreement, call.id("agreement_id", "agr"))
    if found is None:
        raise NotFound
    if call.principal.role == Role.CLIENT and found[0].client_id not in (None, call.principal.id):
        raise NotFound
    return found[0]


def pinned_views(pinned: Iterable[Pinned] | None) -> list[PinnedView]:
    """For an answer."""
    return [PinnedView(agreement_id=row.agreement_id, version=row.version) for row in pinned or ()]


@routes.add(
    "POST", "/v1/agreements", who=OWNERS, scope="work", body=NewAgreement, answer=AgreementView, status=201
)
def publish_agreement(call: Call[NewAgreement]) -> Reply:
    """Publishes the first version of an agreement."""
    body = call.body
    command = PublishAgreement(
        agreement_id=call.runtime.new_id("agr"),
        client_id=owner_of(call),
        kind=AgreementKind(body.kind),
        title=body.title,
        text=body.text,
    )
    return call.commit(lambda tx: agreements.publish_agreement(command, tx), agreement_view)


@routes.add("GET", "/v1/agreements", who=READERS, query=PageQuery, answer=Page, row=AgreementLine)
def list_agreements(call: Call[Any]) -> Reply:
    """A client's own agreements; for everybody else the platform's."""
    return call.page(AGREEMENTS, owner_of(call) or ALL, _line)


@routes.add("GET", "/v1/agreements/{agreement_id}", who=READERS, query=VersionQuery, answer=AgreementView)
def get_agreement(call: Call[Any]) -> Reply:
    """The version in force, or another; workers read whatever they may be asked to sign."""
    agreement = readable_agreement(call)
    pinned = Pinned(agreement.id, call.query.version or agreement.version)
    found = call.runtime.store.read(AgreementText, text_id(pinned))
    if found is None:
        raise NotFound
    return Reply(agreement_view(found[0]))


@routes.add(
    "POST",
    "/v1/agreements/{agreement_id}/versions",
    who=OWNERS,
    scope="work",
    body=NewVersion,
    answer=AgreementView,
    status=201,
)
def publish_agreement_version(call: Call[NewVersion]) -> Reply:
    """Publishes the next version; contracts that were offered keep to theirs."""
    command = PublishVersion(call.id("agreement_id", "agr"), owner_of(call), call.body.title, call.body.text)
    return call.commit(lambda tx: agreements.publish_version(command, tx), agreement_view)


@routes.add(
    "GET",
    "/v1/agreements/{agreement_id}/versions",
    who=READERS,
    query=PageQuery,
    answer=Page,
    row=AgreementView,
)
def list_agreement_versions(call: Call[Any]) -> Reply:
    """All versions, the newest first."""
    return call.page(AGREEMENT_VERSIONS, readable_agreement(call).id, agreement_view)


def agreement_view(text: AgreementText) -> AgreementView:
    """One version of an agreement for an answer."""
    return AgreementView(
        id=text.agreement_id,
        client_id=text.client_id,
        kind=text.kind.value,
        title=text.title,
        version=text.version,
        text=text.text,
        text_sha256=text.text_hash,
        created_at=text.created_at,
    )


def _line(agreement: Agreement) -> AgreementLine:
    return AgreementLine(
        id=agreement.id,
        client_id=agreement.client_id,
        kind=agreement.kind.value,
        title=agreement.title,
        version=agreement.version,
        created_at=agreement.created_at,
    )
