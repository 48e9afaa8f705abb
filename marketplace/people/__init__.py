"""The workers: profiles, and the account that their pay goes to."""
