"""Loops of dense columns."""
