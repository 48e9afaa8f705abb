"""A local Stripe: stateful, strict, with Connect; spoken to over HTTP by the unmodified `stripe` library.

    simulator = StripeSimulator(clock=clock)
    simulator.register_webhook("http://127.0.0.1:8000/hook", "whsec_...", connect=False)
    server = serve(simulator)
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": server.base_url})
    ...
    simulator.run_due()     # deliver what is due; time moves only with the clock
    server.close()

Amounts are minor units, instants epoch seconds. The API version is `API_VERSION`.
"""

from sandbox.stripe.control_fields import InvalidControl
from sandbox.stripe.controls import StripeControls, UnknownControl
from sandbox.stripe.errors import NotPossible, UnknownObject
from sandbox.stripe.faults import Fault, FaultKind
from sandbox.stripe.inspection import Inspector
from sandbox.stripe.misdelivery import Misdelivery
from sandbox.stripe.server import StripeServer, serve
from sandbox.stripe.simulator import Clock, StripeSimulator
from sandbox.stripe.step import API_VERSION

__all__ = [
    "API_VERSION",
    "Clock",
    "Fault",
    "FaultKind",
    "Inspector",
    "InvalidControl",
    "Misdelivery",
    "NotPossible",
    "StripeControls",
    "StripeServer",
    "StripeSimulator",
    "UnknownControl",
    "UnknownObject",
    "serve",
]
