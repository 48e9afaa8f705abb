"""Adapters to what is outside: the identity provider and Stripe."""
