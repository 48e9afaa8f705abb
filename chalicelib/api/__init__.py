"""One file for each resource; `OPERATIONS` is the whole route table."""

from chalicelib.api import (
    bids,
    clients,
    contracts,
    disputes,
    earnings,
    finance_accounts,
    finance_ledger,
    finance_payouts,
    finance_reconciliation,
    finance_suspense,
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
        workers,
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
        finance_accounts,
        finance_payouts,
        finance_reconciliation,
        finance_suspense,
        service,
    )
    for operation in module.routes.operations
)
