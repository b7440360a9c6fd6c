"""Metric expressions to values: one function for each kind of node, in a file of its own."""

from logql.evaluate.context import Context
from logql.evaluate.evaluate import evaluate, final_aggregation

__all__ = ["Context", "evaluate", "final_aggregation"]
