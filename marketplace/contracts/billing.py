"""What a client has been billed for one payee's work, ever: what tiers go by.

A head of its own, so that two contracts of the pair that are approved at once wait for each other. Only
contracts whose fee has tiers touch it, and only what they release counts.
"""

from marketplace.contracts.contract import Contract
from marketplace.shared.ids import derived_within
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class Billing:
    """`billed` is gross, minor units: releases and bonuses, less what was reversed. The payee is a worker, or
    an agency as a whole."""

    id: str
    client_id: str
    payee_id: str
    currency: str
    billed: int = 0

    def with_billed(self, gross: int) -> "Billing":
        """So much more, or, negative, less."""
        return replace(self, billed=self.billed + gross)


def billing_of(contract: Contract, tx: Transaction) -> Billing:
    """What was billed between the contract's two sides."""
    identifier = billing_id(contract)
    return tx.find(Billing, identifier) or Billing(
        identifier, contract.client_id, contract.payee_id, contract.currency
    )


def billing_id(contract: Contract) -> str:
    """One for each client, payee and currency."""
    return derived_within("bil", contract.client_id, contract.payee_id, contract.currency)
