"""Outcomes: work held against the scorecard of its contract, for a bonus or a capped deduction."""
