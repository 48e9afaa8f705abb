"""Agencies: workers who bid under one name and share what it earns."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import UNIQUE_PART, Given, Instant, Line, Model
from marketplace.people import agencies
from marketplace.people.agencies import CreateAgency, InviteMember, RemoveMember, StepMembership
from marketplace.people.agency import Agency, Belonging, Terms
from marketplace.shared.errors import NotFound
from marketplace.shared.money import BASIS_POINTS_WHOLE
from marketplace.storage.keys import WORKER_AGENCIES

routes = Routes()


class NewAgency(Model):
    """Whoever makes it leads it, and has the whole until others join."""

    name: Line


class NewMember(Model):
    """A share that somebody is offered; whoever belongs to it already goes on with the old one until they
    accept. `may_bid` lets them bid for the agency."""

    worker_id: Annotated[str, StringConstraints(pattern=rf"^wrk_{UNIQUE_PART}$")]
    share_basis_points: Annotated[int, Field(ge=0, le=BASIS_POINTS_WHOLE)]
    may_bid: bool = False


class ShareAcceptance(Model):
    """The share that the caller was shown; left out, whatever is offered by now."""

    share_basis_points: Annotated[int | None, Given, Field(ge=0, le=BASIS_POINTS_WHOLE)] = None


class AgencyMember(Model):
    """`share_basis_points` is what the member gets of contracts accepted now; `offered_basis_points` waits
    for the member's answer."""

    worker_id: str
    status: Literal["invited", "member"]
    lead: bool
    share_basis_points: int
    offered_basis_points: int | None
    may_bid: bool


class AgencyView(Model):
    """An agency; `version` counts the changes of shares, which always add up to 10,000."""

    id: str
    object: Literal["agency"] = "agency"
    name: str
    version: int
    members: list[AgencyMember]
    created_at: Instant


@routes.add("POST", "/v1/agencies", who=WORKER, body=NewAgency, answer=AgencyView, status=201)
def create_agency(call: Call[NewAgency]) -> Reply:
    """Founds an agency that the caller leads."""
    command = CreateAgency(call.runtime.new_id("agn"), own_worker_id(call), call.body.name)
    return call.commit(lambda tx: agencies.create_agency(command, tx), agency_view)


@routes.add("GET", "/v1/agencies", who=WORKER, query=PageQuery, answer=Page, row=AgencyView)
def list_agencies(call: Call[Any]) -> Reply:
    """The agencies that the caller belongs to, or is invited to."""
    return call.page(
        WORKER_AGENCIES,
        own_worker_id(call),
        lambda membership: agency_view(_agency(call, membership.agency_id)),
        lambda membership: membership.belonging != Belonging.GONE,
    )


@routes.add("GET", "/v1/agencies/{agency_id}", who=WORKER, answer=AgencyView)
def get_agency(call: Call[Any]) -> Reply:
    """One agency of the caller's."""
    agency = _agency(call, call.id("agency_id", "agn"))
    if not agency.has(own_worker_id(call)):
        raise NotFound
    return Reply(agency_view(agency))


@routes.add(
    "POST", "/v1/agencies/{agency_id}/members", who=WORKER, body=NewMember, answer=AgencyView, status=201
)
def invite_member(call: Call[NewMember]) -> Reply:
    """Offers a share to somebody new, or another one to a member."""
    offered = Terms(call.body.share_basis_points, call.body.may_bid)
    command = InviteMember(call.id("agency_id", "agn"), own_worker_id(call), call.body.worker_id, offered)
    return call.commit(lambda tx: agencies.invite_member(command, tx), agency_view)


@routes.add("POST", "/v1/agencies/{agency_id}/members/{worker_id}/remove", who=WORKER, answer=AgencyView)
def remove_member(call: Call[NoBody]) -> Reply:
    """Takes a member or an invitation out; contracts that were accepted go on as they are."""
    command = RemoveMember(call.id("agency_id", "agn"), own_worker_id(call), call.id("worker_id", "wrk"))
    return call.commit(lambda tx: agencies.remove_member(command, tx), agency_view)


@routes.add("POST", "/v1/agencies/{agency_id}/accept", who=WORKER, body=ShareAcceptance, answer=AgencyView)
def join_agency(call: Call[ShareAcceptance]) -> Reply:
    """Accepts the share that is offered."""
    return _step(call, "accept", call.body.share_basis_points)


@routes.add("POST", "/v1/agencies/{agency_id}/decline", who=WORKER, answer=AgencyView)
def decline_agency(call: Call[NoBody]) -> Reply:
    """Declines the share that is offered."""
    return _step(call, "decline")


@routes.add("POST", "/v1/agencies/{agency_id}/leave", who=WORKER, answer=AgencyView)
def leave_agency(call: Call[NoBody]) -> Reply:
    """Leaves; contracts that were accepted go on as they are."""
    return _step(call, "leave")


def _step(call: Call[Any], step: str, share: int | None = None) -> Reply:
    command = StepMembership(call.id("agency_id", "agn"), own_worker_id(call), step, share)
    return call.commit(lambda tx: agencies.step_membership(command, tx), agency_view)


def _agency(call: Call[Any], agency_id: str) -> Agency:
    found = call.runtime.store.read(Agency, agency_id)
    if found is None:
        raise NotFound
    return found[0]


def agency_view(agency: Agency) -> AgencyView:
    """An agency for an answer."""
    parts = {share.worker_id: share.basis_points for share in agency.shares}
    lead = AgencyMember(
        worker_id=agency.lead_id,
        status="member",
        lead=True,
        share_basis_points=parts.get(agency.lead_id, 0),
        offered_basis_points=None,
        may_bid=True,
    )
    others = [
        AgencyMember(
            worker_id=member.worker_id,
            status="member" if member.terms else "invited",
            lead=False,
            share_basis_points=parts.get(member.worker_id, 0),
            offered_basis_points=member.offered.basis_points if member.offered else None,
            may_bid=agency.may_bid(member.worker_id),
        )
        for member in agency.members
    ]
    return AgencyView(
        id=agency.id,
        name=agency.name,
        version=agency.version,
        members=[lead, *others],
        created_at=agency.created_at,
    )
