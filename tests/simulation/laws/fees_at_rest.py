"""The product's own audit of who pays fees and who shares in pay, over all that there is."""

from collections import Counter
from collections.abc import Iterator

from marketplace.contracts.billing import billing_id
from marketplace.ledger import audit_fees
from marketplace.ledger.audit_fees import ClientFee, PairMoney
from marketplace.shared.accounts import client_fee
from tests.simulation.laws.history import history
from tests.simulation.world import World


def fees_and_shares_are_as_agreed(world: World) -> Iterator[str]:
    """Law 3."""
    told, given = history(world), Counter[str]()
    for event, journal in told.journals:
        for contract, gross in audit_fees.given_in(event.about, journal):
            given[contract] += gross
        for contract, got in audit_fees.shared_in(event.about, journal):
            members = [(row.worker_id, row.basis_points) for row in world.head(contract).agency.members]
            yield from map(str, audit_fees.share_breaches(event.id, got, members))
    for con in world.heads("con"):
        aside = told.totals.sides(con.currency, client_fee(con.id))
        fee = ClientFee(con.id, con.client_fee_held, -aside.balance)
        yield from map(str, audit_fees.client_fee_breaches(fee))
    for pair in _pairs(world, given):
        yield from map(str, audit_fees.billing_breaches(pair))


def _pairs(world: World, given: Counter[str]) -> Iterator[PairMoney]:
    released, bonuses = Counter[str](), Counter[str]()
    for con in world.heads("con"):
        if con.worker_fee.tiers:
            released[billing_id(con)] += con.released
            bonuses[billing_id(con)] += given[con.id]
    billed = {row.id: row.billed for row in world.heads("bil")}
    for pair in released | billed:
        yield PairMoney(pair, billed.get(pair, 0), released[pair], bonuses[pair])
