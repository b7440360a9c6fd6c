"""Merging parts."""
