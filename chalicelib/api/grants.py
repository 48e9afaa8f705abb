"""Who holds a qualification: granted, taken back, listed."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.agreements import OWNERS, owner_of
from chalicelib.api.qualifications import REASON_MAX, owned_qualification
from chalicelib.api.workers import own_worker_id, worker_behind, worker_of
from chalicelib.http import WORKER, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import UNIQUE_PART, Given, Instant, Model, Prose
from marketplace.access.principals import Role
from marketplace.compliance import qualifications
from marketplace.compliance.holding import Holding, HoldingStatus, RevocationCode
from marketplace.compliance.qualifications import GrantQualification, RevokeQualification
from marketplace.storage.keys import QUALIFICATION_HOLDINGS, WORKER_HOLDINGS

routes = Routes()

WorkerId = Annotated[str, StringConstraints(pattern=rf"^wrk_{UNIQUE_PART}$")]
Reason = Annotated[Prose, Field(min_length=1, max_length=REASON_MAX)]


class NewGrant(Model):
    """Who is granted it, why, and until when if not for as long as the qualification says."""

    worker_id: WorkerId
    reason: Reason
    expires_at: Annotated[Instant | None, Given] = None


RevokedFor = Literal["quality", "conduct", "fraud", "granted_in_error", "requested", "other"]


class Revocation(Model):
    """From whom it is taken back, and why: the worker reads it."""

    worker_id: WorkerId
    reason: Reason
    reason_code: RevokedFor = "other"


class HoldingView(Model):
    """What a worker has of a qualification; `none` while there were only attempts. `by` is `exam`, the client
    or `operator`; `next_attempt_at` is when another attempt may begin; `reason_code` is there while it is
    revoked, and its worker can appeal."""

    id: str
    object: Literal["qualification_holding"] = "qualification_holding"
    qualification_id: str
    worker_id: str
    status: Literal["none", "held", "expired", "revoked"]
    granted_at: Instant | None
    expires_at: Instant | None
    reason: str | None
    reason_code: RevokedFor | None
    by: str | None
    attempts: int
    attempt_id: str | None
    next_attempt_at: Instant | None
    created_at: Instant


@routes.add(
    "POST",
    "/v1/qualifications/{qualification_id}/grants",
    who=OWNERS,
    scope="work",
    body=NewGrant,
    answer=HoldingView,
    status=201,
)
def grant_qualification(call: Call[NewGrant]) -> Reply:
    """Grants it to a worker by hand; an operator may do so for any client's."""
    command = GrantQualification(
        qualification_id=call.id("qualification_id", "qua"),
        client_id=owner_of(call),
        worker_id=call.body.worker_id,
        reason=call.body.reason,
        by=call.principal.actor,
        expires_at=call.body.expires_at,
        own_id=worker_behind(call) if call.principal.role == Role.OPERATOR else None,
    )
    return call.commit(
        lambda tx: qualifications.grant_qualification(command, tx), holding_view, person=worker_of(call)
    )


@routes.add(
    "POST",
    "/v1/qualifications/{qualification_id}/revoke",
    who=OWNERS,
    scope="work",
    body=Revocation,
    answer=HoldingView,
)
def revoke_qualification(call: Call[Revocation]) -> Reply:
    """Takes it back from a worker; contracts that were awarded go on."""
    command = RevokeQualification(
        qualification_id=call.id("qualification_id", "qua"),
        client_id=owner_of(call),
        worker_id=call.body.worker_id,
        reason=call.body.reason,
        by=call.principal.actor,
        reason_code=RevocationCode(call.body.reason_code),
    )
    return call.commit(
        lambda tx: qualifications.revoke_qualification(command, tx), holding_view, person=worker_of(call)
    )


@routes.add(
    "GET",
    "/v1/qualifications/{qualification_id}/grants",
    who=OWNERS,
    query=PageQuery,
    answer=Page,
    row=HoldingView,
    shows_personal_data=True,
)
def list_grants(call: Call[Any]) -> Reply:
    """Who holds it, or did; for its owner."""
    return call.page(QUALIFICATION_HOLDINGS, owned_qualification(call).id, holding_view)


@routes.add("GET", "/v1/workers/me/qualifications", who=WORKER, query=PageQuery, answer=Page, row=HoldingView)
def list_own_qualifications(call: Call[Any]) -> Reply:
    """What the caller holds, held or has tried for."""
    return call.page(WORKER_HOLDINGS, own_worker_id(call), holding_view)


def holding_view(holding: Holding) -> HoldingView:
    """For its worker and the qualification's owner; which operator it was stays among operators."""
    by_hand = holding.by is not None and holding.by.startswith(f"{Role.OPERATOR}:")
    return HoldingView(
        id=holding.id,
        qualification_id=holding.qualification_id,
        worker_id=holding.worker_id,
        status=HoldingStatus(holding.status).value,
        granted_at=holding.granted_at,
        expires_at=holding.expires_at,
        reason=holding.reason,
        reason_code=holding.reason_code.value if holding.reason_code else None,
        by=str(Role.OPERATOR) if by_hand else holding.by,
        attempts=holding.attempts,
        attempt_id=holding.running,
        next_attempt_at=holding.next_try_at,
        created_at=holding.created_at,
    )
