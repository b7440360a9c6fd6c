"""Detected labels and fields."""
