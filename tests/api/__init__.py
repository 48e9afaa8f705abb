"""The whole API at once: every operation in every caller's hands, and with whatever can be thought of."""
