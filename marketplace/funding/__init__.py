"""Client money in: top-ups by card."""
