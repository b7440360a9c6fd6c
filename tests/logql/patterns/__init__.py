"""Patterns of lines."""
