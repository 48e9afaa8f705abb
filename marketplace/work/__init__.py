"""Tasks: what a client posts, and who may bid on it."""
