"""Disputes between the sides of a contract: claim, offers, and an operator's decision, each with its
clock."""
