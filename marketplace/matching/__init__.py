"""Matching: which tasks are found by what, and how well a worker and a task fit."""
