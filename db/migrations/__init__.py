"""Numbered schema steps; each runs once, in one transaction, after a backup."""

from db.migrations import m0001_initial

STEPS = (m0001_initial.run,)
"""In order; the schema number of a file is how many of them it has seen."""
