"""Numbered schema steps; each runs once, in one transaction, after a backup."""
