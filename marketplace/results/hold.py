"""What a contract does with its hold and its quantity for its results.

reserved = price * (submitted + contested)      released = price * accepted
submitted + contested + accepted <= quantity      a contest may pay less than the price
"""

from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.contracts.result_counts import ResultCounts
from marketplace.results.result import REVERSAL_SECONDS
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.money import Money
from marketplace.shared.records import replace


def unit_price(contract: Contract) -> Money:
    """What one accepted result costs, gross. Raises IllegalTransition unless paid by the result."""
    if contract.pay.unit is None:
        raise IllegalTransition("the contract is not paid by the result")
    return contract.pay.unit


def counts(contract: Contract) -> ResultCounts:
    """How many results the contract has."""
    return contract.results or ResultCounts()


def places_left(contract: Contract) -> int:
    """How many more results may be handed in."""
    return (contract.pay.quantity or 0) - counts(contract).taken


def reserved(contract: Contract) -> Contract:
    """One more waits, its price set aside. Raises IllegalTransition, InsufficientFunds."""
    price = unit_price(contract)
    contract.require_open_to_work()
    if places_left(contract) < 1:
        raise IllegalTransition("the contract's quantity is used up")
    return _counted(contract.with_reserved(price.amount), submitted=1)


def given_back(contract: Contract) -> Contract:
    """One that waited is not paid: its price is free again."""
    return _counted(contract.with_reserved(-unit_price(contract).amount), submitted=-1)


def paid(contract: Contract, at: int) -> Contract:
    """One that waited is paid. Raises IllegalTransition when the worker has given up what waits."""
    if contract.status == ContractStatus.CANCELLED:
        raise IllegalTransition("the contract is cancelled")
    after = _counted(contract.with_reserved_paid(unit_price(contract).amount), submitted=-1, accepted=1)
    latest = max(at, counts(contract).paid_at or 0)
    return replace(after, results=replace(counts(after), paid_at=latest))


def reversible_until(contract: Contract) -> int:
    """The first instant at which nothing of it can be taken back any more, epoch seconds. Of a contract that
    has not kept when its last result was paid: that was before silence would have, had it come last."""
    before = counts(contract)
    if not before.accepted:
        return 0
    return (before.paid_at or (contract.ended_at or 0) + contract.review_seconds) + REVERSAL_SECONDS


def taken_back(contract: Contract) -> Contract:
    """One that was paid is so no more: its price is held again."""
    return _counted(contract.with_reversed(unit_price(contract).amount), accepted=-1)


def contested(contract: Contract, *, waiting: bool) -> Contract:
    """Something decides about one that is `waiting`, or about a rejected one, for which place and price are
    taken anew. Raises IllegalTransition, InsufficientFunds."""
    if waiting:
        return _counted(contract, submitted=-1, contested=1)
    if contract.ended_at is not None or places_left(contract) < 1:
        raise IllegalTransition("the contract has no place for it any more")
    return _counted(contract.with_reserved(unit_price(contract).amount), contested=1)


def uncontested(contract: Contract, *, waiting: bool) -> Contract:
    """Nothing decides about it any more: all is as before."""
    if waiting:
        return _counted(contract, submitted=1, contested=-1)
    return _counted(contract.with_reserved(-unit_price(contract).amount), contested=-1)


def decided(contract: Contract, to_worker: int) -> Contract:
    """The worker gets so much of the price, gross; the rest stays set aside."""
    return _counted(contract.with_reserved_paid(to_worker), contested=-1, accepted=int(to_worker > 0))


def graded(contract: Contract, *, correct: bool) -> Contract:
    """One was held against a known answer."""
    return _counted(contract, graded=1, correct=int(correct))


def _counted(contract: Contract, **more: int) -> Contract:
    before = counts(contract)
    after = {name: (getattr(before, name) or 0) + change for name, change in more.items()}
    counted = replace(before, **after)
    return replace(contract, results=replace(counted, contested=counted.contested or None))
