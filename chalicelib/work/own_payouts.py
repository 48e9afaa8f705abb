"""Books what goes between our balance at Stripe and our own bank: told by a webhook, or found at night."""

from functools import partial

from marketplace.runtime import Runtime
from marketplace.shared.events import Cause, Event
from marketplace.shared.ids import derived_id, new_id
from marketplace.shared.outcomes import known
from marketplace.shared.running import run
from marketplace.treasury.own_payouts import OwnLine, book_fee_of_own_line, book_own_line

OF_OWN_PAYOUTS = ("payout.created", "payout.updated", "payout.paid", "payout.failed", "payout.canceled")
ACTOR = "stripe"
LIST_SECONDS = 14 * 86_400
"""The nightly look lists what was made in the last two weeks: it arrives within days, and what a bank will
not have comes back within days of that."""


def learn_own_payout(event: Event, runtime: Runtime) -> None:
    """Something happened to a payout of ours."""
    for line in known(runtime.stripe.own_payouts.lines_of(event.details["object_id"])):
        _book(line, runtime, event.request_id, event.id)


def find_own_payouts(runtime: Runtime) -> int:
    """Books all that were made lately, should their webhooks never come; how many lines those have."""
    request_id, since = new_id("req"), runtime.clock.now() - LIST_SECONDS
    lines = known(runtime.stripe.own_payouts.lines_since(since))
    for line in lines:
        _book(line, runtime, request_id)
    return len(lines)


def _book(line: OwnLine, runtime: Runtime, request_id: str, caused_by: str = "") -> None:
    """Whoever arrives at one of Stripe's lines means the same commit."""
    steps = {"bank": (line.change, book_own_line), "fee": (line.fee, book_fee_of_own_line)}
    for name, (amount, work) in steps.items():
        if amount:
            event_id = derived_id("evt", f"{line.id}:{name}")
            cause = Cause(event_id, ACTOR, request_id, runtime.clock.now(), caused_by=caused_by)
            run(runtime.store, cause, partial(work, line))
