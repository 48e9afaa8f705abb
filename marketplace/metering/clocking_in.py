"""Clocking in: from what the contract keeps of its running session to the session itself."""

from marketplace.contracts.contract import Contract
from marketplace.metering.session import Session


def started(contract: Contract, *, phone_at: int | None, arrival: int) -> Session:
    """The session that the contract has just been clocked in to. `phone_at` is the phone's clock as the
    call was sent, None when the phone keeps our time; the offset to it stays fixed.

    Raises ValueError when the contract is not clocked in to.
    """
    running = contract.running
    if running is None:
        raise ValueError(f"{contract.id} has no running session")
    return Session(
        id=running.session_id,
        contract_id=contract.id,
        client_id=contract.client_id,
        worker_id=contract.worker_id,
        terms=running.terms,
        seconds_max=running.seconds_max,
        grants=running.grants,
        review_seconds=contract.review_seconds,
        started_at=running.started_at,
        clock_offset=0 if phone_at is None else arrival - phone_at,
        last_proven_at=running.started_at,
        timer_at=running.started_at,
        agency_id=contract.agency.agency_id if contract.agency else None,
    ).rearmed()
