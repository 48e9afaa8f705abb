"""What binds us to a person: while anything does, nobody is forgotten.

It is looked at when somebody asks, at what is newest; when it is worked on, at everything, step by step; and
at everything again once the person has been kept out for so long that nothing is on its way any more, and that
lists, which are a moment behind, show what is (`people/privacy.py`).
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

from chalicelib.work.walks import Found, Theirs, listed, lists_of, turned, walk
from marketplace.contracts import offers
from marketplace.contracts.access import shares_in
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.funding.chargeback import Chargeback, ChargebackStatus
from marketplace.funding.top_up import TopUp, TopUpStatus
from marketplace.payouts import recent
from marketplace.people.agency import Agency
from marketplace.runtime import Runtime
from marketplace.shared.accounts import WITHDRAWN, client_owner, worker_owner
from marketplace.shared.records import dataclass
from marketplace.storage import keys

NEWEST = 100
"""So many of each kind are looked at when somebody asks."""
PLACES_PER_STEP_MAX = 200
"""So many are looked at in one step afterwards."""

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
    theirs = Theirs(runtime, subject_id)
    found = (tie.reason for tie in ties_of(subject_id) if tie.binds_newest(theirs))
    away = worker and any(runtime.reads.ids(keys.WORKER_MONEY_AWAY, subject_id))
    return (*sorted(money), *dict.fromkeys((*found, *(("money:under_way",) if away else ()))))


def _is_beside(name: str) -> bool:
    """Whether it is a figure that only counts: it says nothing of what is there, and never goes back to
    nothing."""
    return name in (WITHDRAWN, offers.AGENCY_CONTRACTS) or name.startswith(recent.NAME)


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


def _may_come_back(chargeback: Chargeback) -> bool:
    """Whether the bank may still give it back: into the wallet, or to contracts."""
    return chargeback.is_contested and chargeback.status != ChargebackStatus.LOST


@dataclass(frozen=True)
class Tie:
    """What binds for `reason`: one of those that are found, if it does."""

    reason: str
    found: Found
    binds: Callable[[Any, str], bool]

    def binds_newest(self, theirs: Theirs) -> bool:
        """Whether any of the newest does."""
        newest = islice(self.found(theirs, ""), NEWEST)
        return any(self.binds(one, theirs.id) for _, one in newest if one is not None)


_AGENCIES = turned(
    listed(keys.WORKER_AGENCIES), lambda theirs, membership: theirs.there(Agency, membership.agency_id)
)
_OF_WORKERS = (
    Tie("contracts:open", listed(keys.WORKER_CONTRACTS), lambda contract, _: _is_open(contract)),
    Tie(
        "contracts:open",
        lists_of(_AGENCIES, keys.AGENCY_CONTRACTS),
        lambda contract, worker_id: shares_in(contract, worker_id) and _is_open(contract),
    ),
    Tie("agencies:member", _AGENCIES, _earns_by),
)
_OF_CLIENTS = (
    Tie("contracts:open", listed(keys.CLIENT_CONTRACTS), lambda contract, _: _is_open(contract)),
    Tie("money:under_way", listed(keys.CLIENT_TOP_UPS), lambda top_up, _: _may_be_paid(top_up)),
    Tie("money:under_way", listed(keys.CLIENT_CHARGEBACKS), lambda one, _: _may_come_back(one)),
)


def ties_of(subject_id: str) -> tuple[Tie, ...]:
    """What could bind a worker, or a client."""
    return _OF_WORKERS if subject_id.startswith("wrk_") else _OF_CLIENTS


@dataclass(frozen=True)
class Looked:
    """What was found to bind, and where to look on; None where nothing is left to look at."""

    reasons: tuple[str, ...]
    after: str | None


def look(runtime: Runtime, subject_id: str, after: str) -> Looked:
    """One step through everything that could bind, up to the first that does."""
    ties = ties_of(subject_id)
    found = walk(Theirs(runtime, subject_id), [tie.found for tie in ties], after)
    for looked, (number, place, one) in enumerate(found, start=1):
        if one is not None and ties[number].binds(one, subject_id):
            return Looked((ties[number].reason,), None)
        if looked == PLACES_PER_STEP_MAX:
            return Looked((), place)
    return Looked((), None)
