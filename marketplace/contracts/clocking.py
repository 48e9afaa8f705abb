"""Clocking in and out on a contract, and what its running session may still use when money comes or goes."""

from marketplace.contracts.contract import Contract
from marketplace.shared.errors import InsufficientFunds
from marketplace.shared.records import replace


def clocked_in(contract: Contract, session_id: str, *, at: int) -> Contract:
    """A session starts with all that is left. Raises IllegalTransition, InsufficientFunds."""
    contract.require_open_to_work()
    return contract.with_clock(contract.clock.started(session_id, at=at))


def clocked_out(contract: Contract, *, gross: int, billable_seconds: int, ended_at: int) -> Contract:
    """The session has ended: its gross stays reserved until it is paid."""
    stopped = contract.clock.stopped(billable_seconds=billable_seconds, ended_at=ended_at)
    return replace(contract.with_clock(stopped), reserved=contract.reserved + gross)


def with_correction_paid(contract: Contract, gross: int, *, billable_seconds: int, at: int) -> Contract:
    """Pay for minutes that no session had reserved; what runs may run shorter, never less than it has.

    Raises InsufficientFunds.
    """
    billed = replace(contract, billed_seconds=contract.billed_seconds + billable_seconds)
    paid = rearmed(billed.with_released(gross), at)
    if paid.headroom < 0:
        raise InsufficientFunds(contract.hold)
    return paid


def rearmed(contract: Contract, at: int) -> Contract:
    """The running session's limit, from what is left now; one that has passed by `at` stays.

    Raises InsufficientFunds when too little is left for what it may have worked by `at`.
    """
    return contract.with_clock(contract.clock.rearmed(at)) if contract.running else contract


def lengthened(contract: Contract, at: int) -> Contract:
    """Money is free that was not: a session that still runs at `at` may run longer. Not while a chargeback
    contests the contract's money."""
    return contract if contract.chargebacks.frozen_by else rearmed(contract, at)
