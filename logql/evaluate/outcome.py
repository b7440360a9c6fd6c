"""What samples an operator leaves: results, or with a comparison without ``bool`` the operands for which it holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.ast import BinaryOperation

__all__ = ["outcome"]


def outcome(
    expr: BinaryOperation, result: NDArray[np.float64], kept: NDArray[np.float64], present: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values and presence; ``kept`` is what a filtering comparison answers. All arrays have one shape."""
    if expr.op.is_comparison and not expr.return_bool:
        return kept, present & (result != 0)
    return result, present
