"""Bids: what a worker asks for a task."""
