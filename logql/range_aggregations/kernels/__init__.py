"""Compiled loops over windows of samples.

All take ``values`` (samples,) sorted by time within each series, and ``low`` and ``high`` (windows,): a window holds
the samples [low, high). They answer (windows,) float64; what they say of an empty window means nothing.
"""

from logql.range_aggregations.kernels.counters import window_counter_rates
from logql.range_aggregations.kernels.extremes import window_maxima, window_minima
from logql.range_aggregations.kernels.means import window_means
from logql.range_aggregations.kernels.quantiles import window_quantiles
from logql.range_aggregations.kernels.sums import window_sums
from logql.range_aggregations.kernels.variances import window_variances

__all__ = [
    "window_counter_rates",
    "window_maxima",
    "window_means",
    "window_minima",
    "window_quantiles",
    "window_sums",
    "window_variances",
]
