"""The doors: authenticate, parse, run one use case, render. No rule lives here."""
