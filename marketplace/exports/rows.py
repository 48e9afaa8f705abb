"""The rows of each file, made from journals, payouts and breaks one by one."""

from collections.abc import Iterable, Iterator

from marketplace.exports.table import Cell, Table, decimal, instant
from marketplace.payouts.payout import Payout
from marketplace.reconciliation.breaks import Break
from marketplace.shared.accounts import FEES, STRIPE_FEES
from marketplace.shared.events import Event
from marketplace.shared.journal import Journal

Posted = Iterable[tuple[Event, Journal]]

_JOURNAL = ("at", "journal_id", "event_type", "description", "line", "account", "currency")
_SIDES = ("debit", "credit", "debit_decimal", "credit_decimal", "references", "about")
_AMOUNT = ("currency", "amount", "amount_decimal")
_OF_PAYOUTS = "payout."


def journal(posted: Posted) -> Table:
    """Every posting; the debits of a journal equal its credits."""
    return Table((*_JOURNAL, *_SIDES), _postings(posted))


def fees(posted: Posted) -> Table:
    """What we earned, and what Stripe took (below zero)."""
    return Table(("at", "journal_id", "event_type", "account", *_AMOUNT, "about"), _fees(posted))


def earnings(posted: Posted) -> Table:
    """What each worker earned net of the fee, or lost again (below zero)."""
    return Table(("at", "journal_id", "event_type", "worker_id", *_AMOUNT, "about"), _earnings(posted))


def payouts(found: Iterable[Payout]) -> Table:
    """Payouts as they stand now."""
    columns = ("requested_at", "payout_id", "worker_id", "status", "reason", *_AMOUNT)
    return Table((*columns, "expected_at", "paid_at", "failure_stage", "failure_code"), map(_payout, found))


def exceptions(found: Iterable[Break]) -> Table:
    """What reconciliations could not match, as it stands now."""
    columns = ("happened_at", "exception_id", "reconciliation_id", "class", *_AMOUNT, "ledger", "stripe")
    told = ("owner", "reason", "status", "resolution", "resolved_by", "resolved_at")
    return Table((*columns, *told), map(_exception, found))


def _postings(posted: Posted) -> Iterator[tuple[Cell, ...]]:
    for event, made in posted:
        head = (instant(made.at), made.id, event.type.value, made.description)
        for line, side in enumerate(made.postings):
            yield (
                *head,
                line,
                side.account,
                made.currency,
                side.debit,
                side.credit,
                decimal(side.debit, made.currency),
                decimal(side.credit, made.currency),
                " ".join(made.references),
                " ".join(event.about),
            )


def _fees(posted: Posted) -> Iterator[tuple[Cell, ...]]:
    for event, made in posted:
        for side in made.postings:
            if side.account in (FEES, STRIPE_FEES):
                yield _change(event, made, side.account, side.credit - side.debit)


def _earnings(posted: Posted) -> Iterator[tuple[Cell, ...]]:
    """What a payout does to a worker's accounts, a deducted debt and the fee of an instant one with it, is no
    earning, and no loss when it is undone."""
    for event, made in posted:
        if event.type.startswith(_OF_PAYOUTS):
            continue
        changes: dict[str, int] = {}
        for side in made.postings:
            kind, _, rest = side.account.partition(":")
            if kind == "worker":
                worker_id = rest.partition(":")[0]
                changes[worker_id] = changes.get(worker_id, 0) + side.credit - side.debit
        yield from (_change(event, made, worker_id, net) for worker_id, net in changes.items() if net)


def _change(event: Event, made: Journal, whose: str, net: int) -> tuple[Cell, ...]:
    head = (instant(made.at), made.id, event.type.value, whose, made.currency)
    return (*head, net, decimal(net, made.currency), " ".join(event.about))


def _payout(found: Payout) -> tuple[Cell, ...]:
    amount, failure = found.amount, found.failure
    return (
        instant(found.requested_at),
        found.id,
        found.worker_id,
        found.status.value,
        found.reason.value if found.reason else None,
        amount.currency,
        amount.amount,
        decimal(amount.amount, amount.currency),
        instant(found.expected_at),
        instant(found.paid_at),
        failure.stage.value if failure else None,
        failure.code if failure else None,
    )


def _exception(found: Break) -> tuple[Cell, ...]:
    amount = found.amount
    return (
        instant(found.happened_at),
        found.id,
        found.reconciliation_id,
        found.outcome.value,
        amount.currency,
        amount.amount,
        decimal(amount.amount, amount.currency),
        found.ledger,
        found.stripe,
        found.owner,
        found.reason,
        "open" if found.resolved_at is None else "resolved",
        found.resolution,
        found.resolved_by,
        instant(found.resolved_at),
    )
