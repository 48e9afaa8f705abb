"""What binds us to a person: while anything does, nobody is forgotten.

Lists are a moment behind, so it is looked at twice: when somebody asks, and when it is worked on.
"""

from collections.abc import Iterator
from itertools import chain

from marketplace.contracts import offers
from marketplace.contracts.access import shares_in
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.funding.top_up import TopUp, TopUpStatus
from marketplace.payouts import recent
from marketplace.people.agency import Agency
from marketplace.runtime import Runtime
from marketplace.shared.accounts import WITHDRAWN, client_owner, worker_owner
from marketplace.storage import keys

_OVER = (ContractStatus.COMPLETED, ContractStatus.CANCELLED)
_UNPAID = (TopUpStatus.REQUESTED, TopUpStatus.REQUIRES_PAYMENT)


def what_binds(runtime: Runtime, subject_id: str) -> tuple[str, ...]:
    """Why a client or a worker cannot be forgotten yet: money that is theirs, ours or under way, contracts
    that are not over or still hold some, and colleagues whose work would go on paying them."""
    worker = subject_id.startswith("wrk_")
    owner = worker_owner(subject_id) if worker else client_owner(subject_id)
    money = {
        f"money:{name}"
        for names in runtime.store.balances(owner).values()
        for name, amount in names.items()
        if amount and not _is_beside(name)
    }
    reasons = _binds_worker(runtime, subject_id) if worker else _binds_client(runtime, subject_id)
    return (*sorted(money), *reasons)


def _is_beside(name: str) -> bool:
    """Whether it is a figure that only counts: it says nothing of what is there, and never goes back to
    nothing."""
    return name in (WITHDRAWN, offers.AGENCY_CONTRACTS) or name.startswith(recent.NAME)


def _binds_worker(runtime: Runtime, worker_id: str) -> Iterator[str]:
    reads = runtime.reads
    joined = [row.agency_id for row in reads.every(keys.WORKER_AGENCIES, worker_id)]
    shared = (
        contract
        for agency_id in joined
        for contract in reads.every(keys.AGENCY_CONTRACTS, agency_id)
        if shares_in(contract, worker_id)
    )
    if any(map(_is_open, chain(reads.every(keys.WORKER_CONTRACTS, worker_id), shared))):
        yield "contracts:open"
    agencies: dict[str, Agency] = reads.of_kinds(dict.fromkeys(joined, Agency))
    if any(_earns_by(agency, worker_id) for agency in agencies.values()):
        yield "agencies:member"
    if any(reads.ids(keys.WORKER_MONEY_AWAY, worker_id)):
        yield "money:under_way"


def _binds_client(runtime: Runtime, client_id: str) -> Iterator[str]:
    if any(map(_is_open, runtime.reads.every(keys.CLIENT_CONTRACTS, client_id))):
        yield "contracts:open"
    if any(map(_may_be_paid, runtime.reads.every(keys.CLIENT_TOP_UPS, client_id))):
        yield "money:under_way"


def _is_open(contract: Contract) -> bool:
    """Also one that has ended, while something still decides who gets what it holds."""
    return contract.status not in _OVER or contract.held > 0


def _earns_by(agency: Agency, worker_id: str) -> bool:
    """Whether others may still win contracts that pay the worker. A lead who is alone cannot leave."""
    others = any(row.terms for row in agency.members)
    return agency.is_member(worker_id) and others


def _may_be_paid(top_up: TopUp) -> bool:
    """Whether its card is still looked at."""
    return top_up.status in _UNPAID and top_up.due_at is not None
