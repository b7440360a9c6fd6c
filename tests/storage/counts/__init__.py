"""Counts of rows, kept in the index of a part."""
