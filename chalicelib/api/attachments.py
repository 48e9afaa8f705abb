"""Files that the two sides of a contract hand to each other.

A file goes straight to the store, by an address that is signed for its size and type; then it is confirmed.
What comes down is called an attachment of no type that a browser would show or run.
"""

from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from chalicelib.api.contract_access import side, visible_contract
from chalicelib.api.message_views import AttachmentView, attachment_view, by_caller, next_on
from chalicelib.http import BOTH_SIDES, OPERATOR, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import UNIQUE_PART, Instant, Line, Model
from marketplace.access.principals import Role
from marketplace.access.rate_limits import FILES
from marketplace.contracts.contract import Contract
from marketplace.correspondence import use_cases
from marketplace.correspondence.attachment import (
    NAME_LENGTH_MAX,
    SIZE_MAX,
    Attachment,
    AttachmentStatus,
    require_ready,
)
from marketplace.correspondence.use_cases import AddAttachment, SettleAttachment
from marketplace.shared.errors import IllegalTransition, NotFound
from marketplace.shared.ids import prefix_of
from marketplace.shared.object_store import NotAsPromised, NotUploaded
from marketplace.storage.keys import CONTRACT_ATTACHMENTS, CONTRACT_DISPUTES

routes = Routes()

PATH = "/v1/contracts/{contract_id}/attachments"
AttachmentId = Annotated[str, StringConstraints(pattern=rf"^file_{UNIQUE_PART}$")]


class NewAttachment(Model):
    """A file to come; `size` is bytes, exactly."""

    name: Annotated[Line, Field(max_length=NAME_LENGTH_MAX)]
    content_type: Line
    size: Annotated[int, Field(gt=0, le=SIZE_MAX)]


class UploadView(Model):
    """Send the file so, with these headers, before `expires_at` (real time)."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: Instant


class AttachmentDetail(AttachmentView):
    """`upload` is where a pending file goes, for who hands it in; `download_url` is where a ready one comes
    from, for a few minutes."""

    shown_once: ClassVar[tuple[str, ...]] = ("upload",)

    upload: UploadView | None
    download_url: str | None


@routes.add(
    "POST",
    PATH,
    who=BOTH_SIDES,
    scope="work",
    body=NewAttachment,
    answer=AttachmentDetail,
    status=201,
    per_contract=FILES,
)
def add_attachment(call: Call[NewAttachment]) -> Reply:
    """Announces a file, and tells where to send it."""
    command = AddAttachment(
        call.runtime.new_id("file"),
        call.id("contract_id", "con"),
        side(call),
        call.principal.id,
        call.body.name,
        call.body.content_type,
        call.body.size,
        next_on(call, CONTRACT_ATTACHMENTS),
    )
    return call.commit(
        lambda tx: use_cases.add_attachment(command, tx),
        lambda made: _detail(call, made, own=True),
        person=by_caller(call),
    )


@routes.add(
    "GET", PATH, who=BOTH_SIDES, query=PageQuery, answer=Page, row=AttachmentView, open_to_suspended=True
)
def list_attachments(call: Call[Any]) -> Reply:
    """The files of one contract of the caller's; the other side's once they are ready."""
    contract = visible_contract(call)
    own = _writing_side(call, contract)
    return call.page(
        CONTRACT_ATTACHMENTS, contract.id, attachment_view, lambda row: row.is_ready or row.side == own
    )


@routes.add(
    "GET",
    f"{PATH}/{{attachment_id}}",
    who=(*BOTH_SIDES, *OPERATOR),
    answer=AttachmentDetail,
    open_to_suspended=True,
    shows_personal_data=True,
)
def get_attachment(call: Call[Any]) -> Reply:
    """One file, with where it comes from; an operator sees those of contracts that are or were in dispute."""
    contract_id, attachment_id = call.id("contract_id", "con"), call.id("attachment_id", "file")
    if call.principal.role == Role.OPERATOR:
        disputed, _ = call.runtime.reads.page(CONTRACT_DISPUTES, contract_id, limit=1)
        if not disputed:
            raise NotFound
        own = ""
    else:
        own = _writing_side(call, visible_contract(call))
    found = call.runtime.store.read(Attachment, attachment_id)
    attachment = found[0] if found else None
    if attachment is None or attachment.contract_id != contract_id:
        raise NotFound
    if not (attachment.is_ready or attachment.side == own):
        raise NotFound
    return Reply(_detail(call, attachment, own=attachment.side == own))


@routes.add(
    "POST",
    f"{PATH}/{{attachment_id}}/confirm",
    who=BOTH_SIDES,
    scope="work",
    answer=AttachmentView,
)
def confirm_attachment(call: Call[NoBody]) -> Reply:
    """Looks whether the file has come as it was announced; from then on it can be referred to."""
    contract, attachment_id = visible_contract(call), call.id("attachment_id", "file")
    attachment = call.get(Attachment, attachment_id)
    if attachment.contract_id != contract.id:
        raise NotFound
    if attachment.side != _writing_side(call, contract):
        raise NotFound
    command = SettleAttachment(
        attachment_id,
        call.path["contract_id"],
        side(call),
        call.principal.id,
        as_promised=_kept(call, attachment),
    )
    return call.commit(
        lambda tx: use_cases.settle_attachment(command, tx), attachment_view, person=by_caller(call)
    )


def require_referable(call: Call[Any], names: list[str]) -> None:
    """Of what is handed in, each that is named as an attachment is a confirmed one of the path's contract.
    Raises NotFound, InvalidRequest."""
    named = {index: name for index, name in enumerate(names) if prefix_of(name) == "file"}
    contract_id = visible_contract(call).id if named else ""
    for index, name in named.items():
        found = call.runtime.store.read(Attachment, name)
        require_ready(found[0] if found else None, contract_id, f"/attachments/{index}")


def _writing_side(call: Call[Any], contract: Contract) -> str:
    """`client` or `worker`; empty for an agency's members, who read what concerns their work."""
    return side(call).name if side(call).owns(contract) else ""


def _kept(call: Call[Any], attachment: Attachment) -> bool:
    """Whether the file is as it was announced; what has been settled is not looked at again."""
    if attachment.status != AttachmentStatus.PENDING:
        return attachment.is_ready
    try:
        call.runtime.objects.keep(attachment.id, content_type=attachment.content_type, size=attachment.size)
    except NotUploaded as absent:
        raise IllegalTransition("the file has not been uploaded") from absent
    except NotAsPromised:
        return False
    return True


def _detail(call: Call[Any], attachment: Attachment, *, own: bool) -> AttachmentDetail:
    upload = download = None
    objects = call.runtime.objects
    if attachment.is_ready:
        download = objects.download(attachment.id, filename=attachment.name)
    elif own and attachment.status == AttachmentStatus.PENDING:
        to = objects.upload(attachment.id, content_type=attachment.content_type, size=attachment.size)
        upload = UploadView(method=to.method, url=to.url, headers=to.headers, expires_at=to.expires_at)
    return AttachmentDetail(**dict(attachment_view(attachment)), upload=upload, download_url=download)
