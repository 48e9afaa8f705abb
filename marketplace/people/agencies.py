"""What workers do with agencies. Whoever does not belong to one sees none."""

from marketplace.people.agency import Agency, Membership, Terms, membership_id, membership_of
from marketplace.people.workers import Worker
from marketplace.shared.errors import Fault, Forbidden, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class CreateAgency:
    """Whoever makes it leads it."""

    agency_id: str
    lead_id: str
    name: str


@dataclass(frozen=True)
class InviteMember:
    """The lead offers a share, to somebody new or to a member."""

    agency_id: str
    lead_id: str
    worker_id: str
    offered: Terms


@dataclass(frozen=True)
class RemoveMember:
    """The lead takes a member or an invitation out."""

    agency_id: str
    lead_id: str
    worker_id: str


@dataclass(frozen=True)
class StepMembership:
    """`step` is accept, decline or leave; the worker's own. Whoever accepts may say which share they were
    shown: then it is that one or none."""

    agency_id: str
    worker_id: str
    step: str
    share_basis_points: int | None = None


_STEPS = {
    "accept": (Agency.joined, EventType.AGENCY_MEMBER_JOINED),
    "decline": (Agency.declined, EventType.AGENCY_MEMBER_DECLINED),
    "leave": (Agency.left, EventType.AGENCY_MEMBER_LEFT),
}


def create_agency(command: CreateAgency, tx: Transaction) -> Agency:
    """Raises NotFound before the worker has a profile."""
    lead = tx.get(Worker, command.lead_id)
    agency = Agency(command.agency_id, command.name, lead.id, tx.now)
    tx.save(agency, membership_of(agency, lead.id))
    tx.publish(EventType.AGENCY_CREATED, about=(agency.id, lead.id))
    return agency


def invite_member(command: InviteMember, tx: Transaction) -> Agency:
    """Raises NotFound, Forbidden, InvalidRequest, AlreadyExists."""
    agency = _led(command.agency_id, command.lead_id, tx)
    if tx.find(Worker, command.worker_id) is None:
        raise InvalidRequest((Fault("/worker_id", "there is no such worker"),))
    invited = agency.inviting(command.worker_id, command.offered)
    return _changed(invited, command.worker_id, EventType.AGENCY_MEMBER_INVITED, tx)


def remove_member(command: RemoveMember, tx: Transaction) -> Agency:
    """Raises NotFound, Forbidden, IllegalTransition."""
    agency = _led(command.agency_id, command.lead_id, tx)
    return _changed(
        agency.removing(command.worker_id), command.worker_id, EventType.AGENCY_MEMBER_REMOVED, tx
    )


def step_membership(command: StepMembership, tx: Transaction) -> Agency:
    """Raises NotFound, IllegalTransition."""
    step, event = _STEPS[command.step]
    before = own_agency(command.agency_id, command.worker_id, tx)
    if command.share_basis_points is not None:
        before.require_offered(command.worker_id, command.share_basis_points)
    agency = step(before, command.worker_id)
    return _changed(agency, command.worker_id, event, tx)


def own_agency(agency_id: str, worker_id: str, tx: Transaction) -> Agency:
    """The agency if the worker belongs to it or is asked to. Raises NotFound."""
    agency = tx.get(Agency, agency_id)
    if not agency.has(worker_id):
        raise NotFound
    return agency


def bidding_agency(agency_id: str, worker_id: str, tx: Transaction) -> Agency:
    """The agency that the worker bids for. Raises NotFound, Forbidden."""
    agency = own_agency(agency_id, worker_id, tx)
    if not agency.may_bid(worker_id):
        raise Forbidden("you may not bid for this agency")
    return agency


def _led(agency_id: str, worker_id: str, tx: Transaction) -> Agency:
    agency = own_agency(agency_id, worker_id, tx)
    if agency.lead_id != worker_id:
        raise Forbidden("only the lead decides who belongs to it")
    return agency


def _changed(agency: Agency, worker_id: str, event: EventType, tx: Transaction) -> Agency:
    tx.find(Membership, membership_id(agency.id, worker_id))
    tx.save(agency, membership_of(agency, worker_id))
    tx.publish(event, about=(agency.id, worker_id), version=agency.version)
    return agency
