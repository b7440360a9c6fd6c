"""What a range aggregation over sums is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.scan.frame import Frame
from storage.batch import string_buffers

__all__ = ["WindowFunction", "line_bytes"]


@dataclass(frozen=True, slots=True)
class WindowFunction:
    """The value in a window is the number (or the bytes) of its entries, divided by its length where ``per_second``."""

    weighs_bytes: bool
    per_second: bool

    def weights(self, frame: Frame) -> NDArray[np.int64] | None:
        """(rows,) what each entry adds; None means 1."""
        return line_bytes(frame) if self.weighs_bytes else None

    def values(self, sums: NDArray[np.int64], range_ns: int) -> NDArray[np.float64]:
        """Values from the sums in each window; an empty range divides by zero, but then no window has an entry."""
        if not self.per_second:
            return sums.astype(np.float64)
        return sums / (range_ns / 1e9) if range_ns else np.zeros(sums.shape)


def line_bytes(frame: Frame) -> NDArray[np.int64]:
    """(rows,) UTF-8 bytes of each line."""
    offsets, _ = string_buffers(frame.line())
    return np.diff(offsets).astype(np.int64)
