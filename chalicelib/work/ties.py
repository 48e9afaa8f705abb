"""What binds us to a person: while anything does, nobody is forgotten.

It is looked at when somebody asks, at what is newest; when it is worked on, at everything, step by step; and
at everything again once the person has been kept out for so long that nothing is on its way any more, and
lists, which are a moment behind, show what there is (`people/privacy.py`).
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from chalicelib.work.walks import Found, Theirs, listed, lists_of, turned, walk
from marketplace.contracts import offers
from marketplace.contracts.access import shares_in
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.funding.chargeback import Chargeback, ChargebackStatus
from marketplace.funding.top_up import TopUp, TopUpStatus
from marketplace.payouts import recent
from marketplace.payouts.payout import Payout, PayoutStatus
from marketplace.people.agency import Agency
from marketplace.people.privacy import STILL_SECONDS
from marketplace.results.hold import reversible_until
from marketplace.runtime import Runtime
from marketplace.shared.accounts import WITHDRAWN, client_owner, worker_owner
from marketplace.shared.ids import prefix_of
from marketplace.shared.records import dataclass
from marketplace.storage import keys

NEWEST = 100
"""So many of each kind are looked at when somebody asks."""
PLACES_PER_STEP_MAX = 200
"""So many are looked at in one step afterwards."""

OPEN, REVERSIBLE = "contracts:open", "results:reversible"
UNDER_WAY, MEMBER = "money:under_way", "agencies:member"
_WORKER = "wrk"
_OVER = (ContractStatus.COMPLETED, ContractStatus.CANCELLED)
_UNPAID = (TopUpStatus.REQUESTED, TopUpStatus.REQUIRES_PAYMENT)


def what_binds(runtime: Runtime, subject_id: str) -> tuple[str, ...]:
    """Why a client or a worker cannot be forgotten yet: money that is theirs, ours or under way, contracts
    that are not over or still hold some, and colleagues whose work would go on paying them."""
    worker = prefix_of(subject_id) == _WORKER
    owner = worker_owner(subject_id) if worker else client_owner(subject_id)
    money = {
        f"money:{name}"
        for names in runtime.store.balances(owner).values()
        for name, amount in names.items()
        if amount and not _is_beside(name)
    }
    theirs = Theirs(runtime, subject_id)
    found = (why for tie in ties_of(subject_id) for why in tie.newest(theirs))
    away = worker and any(runtime.reads.ids(keys.WORKER_MONEY_AWAY, subject_id))
    return (*sorted(money), *dict.fromkeys((*found, *((UNDER_WAY,) if away else ()))))


def _is_beside(name: str) -> bool:
    """Whether it is a figure that only counts: it says nothing of what is there, and never goes back to
    nothing."""
    return name in (WITHDRAWN, offers.AGENCY_CONTRACTS) or name.startswith(recent.NAME)


def _of_contract(contract: Contract, theirs: Theirs) -> str:
    """Also one that has ended, while something still decides who gets what it holds; or while a worker's pay
    may be taken back, or that is on its way."""
    if contract.status not in _OVER or contract.held > 0:
        return OPEN
    until = reversible_until(contract) + STILL_SECONDS
    return REVERSIBLE if prefix_of(theirs.id) == _WORKER and theirs.runtime.clock.now() < until else ""


def _of_share(contract: Contract, theirs: Theirs) -> str:
    """Of an agency's contract, whoever has a share in it."""
    return _of_contract(contract, theirs) if shares_in(contract, theirs.id) else ""


def _of_agency(agency: Agency, theirs: Theirs) -> str:
    """Others may still win contracts that pay the worker. A lead who is alone cannot leave."""
    others = any(row.terms for row in agency.members)
    return MEMBER if agency.is_member(theirs.id) and others else ""


def _of_payout(payout: Payout, _: Theirs) -> str:
    """Its bank may still return it."""
    return UNDER_WAY if payout.status == PayoutStatus.PAID and payout.sweep_at is not None else ""


def _of_top_up(top_up: TopUp, _: Theirs) -> str:
    """Its card is still looked at."""
    return UNDER_WAY if top_up.status in _UNPAID and top_up.due_at is not None else ""


def _of_chargeback(chargeback: Chargeback, _: Theirs) -> str:
    """The bank may still give it back: into the wallet, or to contracts."""
    return UNDER_WAY if chargeback.is_contested and chargeback.status != ChargebackStatus.LOST else ""


@dataclass(frozen=True)
class Tie:
    """What may bind: those that are `found`, each for the reason that `why` tells, or for none."""

    found: Found
    why: Callable[[Any, Theirs], str]

    def newest(self, theirs: Theirs) -> Iterator[str]:
        """Why the newest do."""
        newest = islice(self.found(theirs, ""), NEWEST)
        return (why for _, one in newest if one is not None and (why := self.why(one, theirs)))


_AGENCIES = turned(
    listed(keys.WORKER_AGENCIES), lambda theirs, membership: theirs.there(Agency, membership.agency_id)
)
_OF_WORKERS = (
    Tie(listed(keys.WORKER_CONTRACTS), _of_contract),
    Tie(lists_of(_AGENCIES, keys.AGENCY_CONTRACTS), _of_share),
    Tie(_AGENCIES, _of_agency),
    Tie(listed(keys.WORKER_PAYOUTS), _of_payout),
)
_OF_CLIENTS = (
    Tie(listed(keys.CLIENT_CONTRACTS), _of_contract),
    Tie(listed(keys.CLIENT_TOP_UPS), _of_top_up),
    Tie(listed(keys.CLIENT_CHARGEBACKS), _of_chargeback),
)


def ties_of(subject_id: str) -> tuple[Tie, ...]:
    """What could bind a worker, or a client."""
    return _OF_WORKERS if prefix_of(subject_id) == _WORKER else _OF_CLIENTS


@dataclass(frozen=True)
class Looked:
    """What was found to bind, and where to look on; None where nothing is left to look at."""

    reasons: tuple[str, ...]
    after: str | None


def look(runtime: Runtime, subject_id: str, after: str) -> Looked:
    """One step through everything that could bind, up to the first that does."""
    ties = ties_of(subject_id)
    theirs = Theirs(runtime, subject_id)
    found = walk(theirs, [tie.found for tie in ties], after)
    for looked, (number, place, one) in enumerate(found, start=1):
        why = ties[number].why(one, theirs) if one is not None else ""
        if why:
            return Looked((why,), None)
        if looked == PLACES_PER_STEP_MAX:
            return Looked((), place)
    return Looked((), None)
