"""Law 3, of what a contract has set aside: each minor unit of it is for something that can be named."""

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.ledger.audit import Breach


@dataclass(frozen=True)
class Claims:
    """What a contract's `reserved` is for, minor units: the unpaid rest of ended `sessions`, the price of
    `results` that wait or are disputed, `milestones` that are disputed, and what `outcomes` withhold."""

    contract_id: str
    reserved: int
    sessions: int = 0
    results: int = 0
    milestones: int = 0
    outcomes: int = 0


def claim_breaches(claims: Claims) -> Iterator[Breach]:
    """What is set aside for nothing, or not set aside."""
    named = claims.sessions + claims.results + claims.milestones + claims.outcomes
    if claims.reserved != named:
        yield Breach(3, claims.contract_id, f"{claims.reserved} is reserved, {named} is claimed")
