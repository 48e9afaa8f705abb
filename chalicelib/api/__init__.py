"""One file for each resource; `OPERATIONS` is the whole route table."""

from chalicelib.api import (
    agencies,
    bids,
    clients,
    contracts,
    disputes,
    earnings,
    fee_schedules,
    finance_ledger,
    finance_payouts,
    finance_reconciliation,
    milestones,
    outcomes,
    payout_accounts,
    payout_schedules,
    payouts,
    ratings,
    result_reviews,
    results,
    service,
    session_reviews,
    sessions,
    statements,
    stripe_events,
    tasks,
    wallet,
    workers,
)
from chalicelib.http import Operation

OPERATIONS: tuple[Operation, ...] = tuple(
    operation
    for module in (
        clients,
        fee_schedules,
        workers,
        agencies,
        tasks,
        bids,
        contracts,
        milestones,
        sessions,
        session_reviews,
        results,
        result_reviews,
        disputes,
        outcomes,
        ratings,
        wallet,
        statements,
        payout_accounts,
        payouts,
        payout_schedules,
        earnings,
        stripe_events,
        finance_ledger,
        finance_payouts,
        finance_reconciliation,
        service,
    )
    for operation in module.routes.operations
)
