"""Metrics: the text form, and what they count."""
