"""Metric queries: from rows to series of values on the grid of evaluation points."""
