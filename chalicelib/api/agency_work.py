"""What an agency does together: its contracts for its members, and its name for everybody."""

from typing import Any, Literal

from chalicelib.api.contract_views import ContractView, contract_view
from chalicelib.api.workers import WorkerView, own_worker_id, worker_view
from chalicelib.http import ANYONE_SIGNED_IN, WORKER, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.people.agency import Agency
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import AGENCY_CONTRACTS

routes = Routes()


class AgencyProfile(Model):
    """What a client sees of who bids: the name, and the members' public profiles, the lead's first."""

    id: str
    object: Literal["agency_profile"] = "agency_profile"
    name: str
    members: list[WorkerView]
    created_at: Instant


@routes.add("GET", "/v1/agencies/{agency_id}/profile", who=ANYONE_SIGNED_IN, answer=AgencyProfile)
def get_agency_profile(call: Call[Any]) -> Reply:
    """An agency's public profile: whoever has accepted to belong to it."""
    agency = _agency(call)
    ids = [agency.lead_id, *(row.worker_id for row in agency.members if row.terms)]
    found = call.runtime.reads.by_id(Worker, ids)
    members = [worker_view(found[each]) for each in ids if each in found]
    return Reply(AgencyProfile(id=agency.id, name=agency.name, members=members, created_at=agency.created_at))


@routes.add(
    "GET", "/v1/agencies/{agency_id}/contracts", who=WORKER, query=PageQuery, answer=Page, row=ContractView
)
def list_agency_contracts(call: Call[Any]) -> Reply:
    """The contracts that were bid for by the agency, for its members; who does the work is `worker_id`."""
    agency = _agency(call)
    if not agency.is_member(own_worker_id(call)):
        raise NotFound
    return call.page(AGENCY_CONTRACTS, agency.id, contract_view)


def _agency(call: Call[Any]) -> Agency:
    return call.get(Agency, call.id("agency_id", "agn"))
