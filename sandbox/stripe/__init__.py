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

from sandbox.stripe.errors import NotPossible, UnknownObject
from sandbox.stripe.inspection import Inspector
from sandbox.stripe.server import StripeServer, application, serve
from sandbox.stripe.simulator import Clock, StripeSimulator
from sandbox.stripe.step import API_VERSION

__all__ = [
    "API_VERSION",
    "Clock",
    "Inspector",
    "NotPossible",
    "StripeServer",
    "StripeSimulator",
    "UnknownObject",
    "application",
    "serve",
]
