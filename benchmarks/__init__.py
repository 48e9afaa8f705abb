"""Figures that are measured, and the documents made from them."""
