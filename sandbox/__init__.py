"""The whole system on one machine: local cloud, local Stripe, HTTP, pollers, timers. Never packaged."""
