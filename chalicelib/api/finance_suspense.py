"""What Stripe moved and nobody can explain yet: into suspense, and out of it again."""

from chalicelib.api.finance_reconciliation import ExceptionView, exception_view
from chalicelib.http import FINANCE, Call, Reply, Routes
from chalicelib.types import Line, Model
from marketplace.reconciliation import suspense
from marketplace.reconciliation.suspense import BookToSuspense, ReverseJournal

routes = Routes()


class SuspenseReason(Model):
    """What is known of it."""

    reason: Line


@routes.add(
    "POST",
    "/v1/finance/exceptions/{exception_id}/suspend",
    who=FINANCE,
    body=SuspenseReason,
    answer=ExceptionView,
    key_required=True,
)
def book_to_suspense(call: Call[SuspenseReason]) -> Reply:
    """Books a line that only Stripe has to suspense; it stays open, and the nightly watch speaks of it."""
    command = BookToSuspense(call.id("exception_id", "brk"), call.body.reason)
    return call.commit(
        lambda tx: suspense.book_to_suspense(command, tx), lambda found: exception_view(found, call.now)
    )


@routes.add(
    "POST",
    "/v1/finance/journals/{journal_id}/reverse",
    who=FINANCE,
    body=SuspenseReason,
    answer=ExceptionView,
    key_required=True,
)
def reverse_journal(call: Call[SuspenseReason]) -> Reply:
    """Takes a line back out of suspense, once; any other journal has a reverse of its own and is refused."""
    command = ReverseJournal(call.id("journal_id", "jrn"), call.body.reason)
    return call.commit(
        lambda tx: suspense.reverse_suspense(command, tx), lambda found: exception_view(found, call.now)
    )
