"""Loops over the bytes of whole chunks of lines. Each answers a row mask or flat arrays; no Python object inside."""

from logql.kernels.addresses import find_addresses
from logql.kernels.any_case import mark_containing_any_case
from logql.kernels.line_pattern import mark_pattern
from logql.kernels.substring import mark_containing

__all__ = ["find_addresses", "mark_containing", "mark_containing_any_case", "mark_pattern"]
