"""Books what goes between our balance at Stripe and our own bank: told by a webhook, or found at night.

What finance has put into suspense meanwhile, not knowing what it was, is taken out of it first.
"""

from collections.abc import Callable
from functools import partial

from marketplace.reconciliation.suspense import ReverseJournal, SuspenseEntry, reverse_suspense, suspense_id
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause, Event
from marketplace.shared.ids import derived_id, new_id
from marketplace.shared.outcomes import known
from marketplace.shared.records import dataclass
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.treasury.own_payouts import OwnLine, book_fee_of_own_line, book_own_line

OF_OWN_PAYOUTS = ("payout.created", "payout.updated", "payout.paid", "payout.failed", "payout.canceled")
ACTOR = "stripe"
LIST_SECONDS = 14 * 86_400
"""The nightly look lists what was made in the last two weeks: it arrives within days, and what a bank will
not have comes back within days of that."""
EXPLAINED = "it is a payout to our own bank, or what came back of one"


def learn_own_payout(event: Event, runtime: Runtime) -> None:
    """Something happened to a payout of ours."""
    desk = _Desk(runtime, event.request_id, event.id)
    for line in known(runtime.stripe.own_payouts.lines_of(event.details["object_id"])):
        desk.book(line)


def find_own_payouts(runtime: Runtime) -> int:
    """Books all that were made lately, should their webhooks never come; how many lines those have."""
    desk, since = _Desk(runtime, new_id("req")), runtime.clock.now() - LIST_SECONDS
    lines = known(runtime.stripe.own_payouts.lines_since(since))
    for line in lines:
        desk.book(line)
    return len(lines)


@dataclass(frozen=True)
class _Desk:
    """`request_id` and `caused_by` say what made us look."""

    runtime: Runtime
    request_id: str
    caused_by: str = ""

    def book(self, line: OwnLine) -> None:
        """Whoever arrives at one of Stripe's lines means the same commit."""
        if line.change:
            self._out_of_suspense(suspense_id(line.id, line.change))
            self._commit(partial(book_own_line, line), line.id, "bank")
        if line.fee:
            self._out_of_suspense(suspense_id(line.id, -line.fee, is_fee=True))
            self._commit(partial(book_fee_of_own_line, line), line.id, "fee")

    def _out_of_suspense(self, entry_id: str) -> None:
        """The exception that it stood for is open again until it is compared once more, and closes then."""
        found = self.runtime.store.read(SuspenseEntry, entry_id)
        journal = found[0].journal if found else None
        if journal is not None:
            command = ReverseJournal(journal, EXPLAINED)
            self._commit(partial(reverse_suspense, command), journal, "explained")

    def _commit(self, work: Callable[[Transaction], object], subject: str, step: str) -> None:
        event_id = derived_id("evt", f"{subject}:{step}")
        cause = Cause(event_id, ACTOR, self.request_id, self.runtime.clock.now(), caused_by=self.caused_by)
        run(self.runtime.store, cause, work)
