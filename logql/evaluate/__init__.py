"""Metric expressions to values: one function for each kind of node, in a file of its own."""

from logql.evaluate.context import Context
from logql.evaluate.evaluate import evaluate

__all__ = ["Context", "evaluate"]
