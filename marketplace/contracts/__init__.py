"""Contracts: one engine for work paid by the milestone, the result and the minute."""
