"""Asking a named human to look again at what was decided about somebody."""
