"""What the engine would do for a query, told without reading a row.

It is decided by the code that executes queries: a metric expression is evaluated with its readings noted instead of
carried out, and every source is put to the selection that execution asks.
"""

from logql.explain.cost import Cost, SourceCounts
from logql.explain.explain import explain_entries, explain_metric
from logql.explain.plan import Aggregated, Plan, PlannedReading, Shown

__all__ = [
    "Aggregated",
    "Cost",
    "Plan",
    "PlannedReading",
    "Shown",
    "SourceCounts",
    "explain_entries",
    "explain_metric",
]
