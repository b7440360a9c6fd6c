"""Numbers as series: ``vector(1)``, and a number where the answer must have series."""

from __future__ import annotations

import numpy as np

from logql.samples.grid import Grid
from logql.samples.series_set import SeriesSet
from storage.labels import Labels

__all__ = ["constant_series"]


def constant_series(value: float, grid: Grid) -> SeriesSet:
    """One series without labels that has ``value`` at every point."""
    shape = (1, grid.points)
    return SeriesSet((Labels(),), np.full(shape, value), np.ones(shape, bool))
