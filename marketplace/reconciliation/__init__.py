"""Reconciliation: the ledger's account at Stripe against Stripe's own list, line by line."""
