"""Patterns that parts keep."""
