"""Carries payouts through Stripe."""

from marketplace.payouts.courier import Courier
from marketplace.runtime import Runtime
from marketplace.shared.events import Event


def work(event: Event, runtime: Runtime) -> None:
    """`event` names the payout first. Raises to be tried again."""
    Courier(runtime.store, runtime.stripe.rail, runtime.clock, event).carry(event.about[0])
