"""Law 3, of what a contract has set aside and what it has paid: each minor unit is for something that has a
name."""

from collections.abc import Iterator

from marketplace.ledger.audit import Breach
from marketplace.shared.records import dataclass


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


@dataclass(frozen=True)
class Earned:
    """What a contract's `released` is made of, minor units: what its pieces of `work` say they were paid, and
    what the ledger says went to workers and fees (`posted`); None where not all of it was looked at."""

    contract_id: str
    released: int
    work: int | None = None
    posted: int | None = None


@dataclass(frozen=True)
class ClientHolds:
    """What a client's contracts hold in one currency, and its fees on that, minor units: as `told` to the
    client, and as the contracts have it."""

    client_id: str
    currency: str
    told: tuple[int, int]
    there: tuple[int, int]


def claim_breaches(claims: Claims) -> Iterator[Breach]:
    """What is set aside for nothing, or not set aside."""
    named = claims.sessions + claims.results + claims.milestones + claims.outcomes
    if claims.reserved != named:
        yield Breach(3, claims.contract_id, f"{claims.reserved} is reserved, {named} is claimed")


def earned_breaches(earned: Earned) -> Iterator[Breach]:
    """Work that is paid and says nothing of it, or says so and is not."""
    for what, amount in (
        ("its work was paid", earned.work),
        ("was posted to workers and fees", earned.posted),
    ):
        if amount is not None and amount != earned.released:
            yield Breach(3, earned.contract_id, f"{earned.released} is released, {amount} {what}")


def holds_breaches(holds: ClientHolds) -> Iterator[Breach]:
    """Law 10, of the figure that follows the ledger."""
    if holds.told != holds.there:
        told = f"is told of {holds.told} {holds.currency} held and fees on that, contracts have {holds.there}"
        yield Breach(10, holds.client_id, told)
