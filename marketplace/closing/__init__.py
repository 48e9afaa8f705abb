"""Closing the books month by month: what was posted into a closed month stays as it was."""
