"""The double-entry ledger: what each moment posts, what the accounts add up to, and the proof of it."""
