"""The audit's look at who pays fees and who shares in pay, out of what it has spooled."""

from collections.abc import Iterable, Iterator

from marketplace.contracts.billing import Billing, billing_id
from marketplace.contracts.contract import Contract
from marketplace.ledger import audit_fees
from marketplace.ledger.audit import Breach
from marketplace.ledger.audit_fees import ClientFee, PairMoney
from marketplace.ledger.totals import Sides
from marketplace.shared.accounts import client_fee, contract_owner, owner_and_name
from marketplace.shared.journal import Journal
from marketplace.storage.audit_spool import Spool

_RELEASED, _GIVEN = "released in tiers", "given beyond the terms"
"""What is counted, minor units: by pair, and by contract or pair."""
PAID_OUT = "paid out"
"""The same, by the owner of a hold."""


def count_journal(spool: Spool, event_id: str, about: Iterable[str], journal: Journal) -> None:
    """Bonuses by contract, what members of agencies got, and what left each contract's hold for good."""
    names = tuple(about)
    count_bonuses(spool, names, journal)
    count_shares(spool, event_id, names, journal)
    for account, got in audit_fees.paid_out_in(journal):
        spool.count(owner_and_name(account)[0], PAID_OUT, got)


def count_bonuses(spool: Spool, about: Iterable[str], journal: Journal) -> None:
    """What was given beyond the terms."""
    for contract, gross in audit_fees.given_in(about, journal):
        spool.count(contract, _GIVEN, gross)


def count_shares(spool: Spool, event_id: str, about: Iterable[str], journal: Journal) -> None:
    """What members of agencies got."""
    for contract, shares in audit_fees.shared_in(about, journal):
        spool.keep_shared(contract, event_id, shares)


def contract_breaches(spool: Spool, contract: Contract) -> Iterator[Breach]:
    """Law 3, of the fee on what a contract holds, and of who shared in what it released."""
    posted = spool.of_owner(contract_owner(contract.id)).of_account(client_fee(contract.id))
    reserved = -posted.get(contract.currency, Sides()).balance
    yield from audit_fees.client_fee_breaches(ClientFee(contract.id, contract.client_fee_held, reserved))
    members = contract.agency.members if contract.agency else None
    if members is not None:
        shares = [(share.worker_id, share.basis_points) for share in members]
        for event_id, got in spool.shared_in(contract.id):
            yield from audit_fees.share_breaches(event_id, got, shares)


def count_billed(spool: Spool, contract: Contract) -> None:
    """What a contract whose fee has tiers was billed, by its pair."""
    pair = billing_id(contract)
    spool.name("bil", (pair,))
    spool.count(pair, _RELEASED, contract.released)
    spool.count(pair, _GIVEN, spool.counts_of(contract.id).get(_GIVEN, 0))


def billing_breaches(spool: Spool, billing: Billing) -> Iterator[Breach]:
    """Law 3, of what tiers go by, once all contracts are counted."""
    told = spool.counts_of(billing.id)
    money = PairMoney(billing.id, billing.billed, told.get(_RELEASED, 0), told.get(_GIVEN, 0))
    yield from audit_fees.billing_breaches(money)
