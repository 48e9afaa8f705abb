"""The audit's look at what the contracts of some hours have paid: whose it became, and what tiers go by.

    contract ──> its hold's statement ──> journals against workers and fees: what was posted
    contract with tiers ──> its payee's contracts of the pair ──> released, and bonuses: what was billed

What has more beside it than is read is left to a look at everything.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from marketplace.contracts.billing import billing_id
from marketplace.contracts.contract import Contract
from marketplace.ledger import audit_fees
from marketplace.shared.accounts import FEES, contract_owner, hold
from marketplace.shared.events import Event, EventType
from marketplace.storage import audit_payees, codec, statements, trail
from marketplace.storage.audit_heads import LEFT, WHOLE
from marketplace.storage.audit_payees import PAID_OUT
from marketplace.storage.audit_spool import Spool
from marketplace.storage.keys import AGENCY_CONTRACTS, WORKER_CONTRACTS
from marketplace.storage.models import EventItem
from marketplace.storage.reads import Reads
from marketplace.storage.riding import batches

LINES_MAX = 1_000
"""So much of a hold's statement is read, and of the history of each of a pair's contracts."""
CONTRACTS_MAX = 200
"""So many of a payee's contracts are."""


def count_paid_out(spool: Spool, contract_id: str) -> None:
    """What workers and fees got of a contract's hold, from its beginning."""
    account, owner = hold(contract_id), contract_owner(contract_id)
    lines, more = statements.page_onwards(account, limit=LINES_MAX)
    spool.name(WHOLE if more is None else LEFT, (owner,))
    if more is not None:
        return
    for event in _events(line.event_id for line in lines if any(map(_earns, line.against))):
        for paid_by, got in audit_fees.paid_out_in(event.journal) if event.journal else ():
            if paid_by == account:
                spool.count(owner, PAID_OUT, got)


def close_pairs(spool: Spool, reads: Reads, contracts: Iterable[str]) -> None:
    """Names every contract of the pairs of these whose fee has tiers, and counts their bonuses."""
    for some in batches(contracts):
        for contract in reads.by_id(Contract, list(some)).values():
            if contract.worker_fee.tiers and not spool.is_named("bil", billing_id(contract)):
                spool.name("bil", (billing_id(contract),))
                _close(spool, reads, contract)


def _close(spool: Spool, reads: Reads, contract: Contract) -> None:
    pair, payees = billing_id(contract), AGENCY_CONTRACTS if contract.agency else WORKER_CONTRACTS
    found = list(islice(reads.every(payees, contract.payee_id), CONTRACTS_MAX))
    ours = [one.id for one in found if one.worker_fee.tiers and billing_id(one) == pair]
    happened = [trail.history(one, limit=LINES_MAX) for one in ours]
    whole = len(found) < CONTRACTS_MAX and all(len(lines) < LINES_MAX for lines in happened)
    spool.name(WHOLE if whole else LEFT, (pair,))
    if not whole:
        return
    spool.name("con", ours)
    bonuses = [line.event_id for lines in happened for line in lines if line.type == EventType.BONUS_PAID]
    for event in _events(bonuses):
        if event.journal:
            audit_payees.count_bonuses(spool, event.about, event.journal)


def _earns(account: str) -> bool:
    return account == FEES or account.startswith("worker:")


def _events(identifiers: Iterable[str]) -> Iterator[Event]:
    for some in batches(dict.fromkeys(identifiers)):
        yield from map(codec.event_of, EventItem.batch_get(some))
