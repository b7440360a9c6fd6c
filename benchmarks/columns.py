"""Columns of text made a whole column at a time: the vocabulary that the line formats are written in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["choice", "concat", "decimals", "hexadecimal", "integers", "interleave", "picks"]

_HEX_DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)


def concat(*pieces: Any) -> pa.Array:
    """Arrays and plain texts joined row by row."""
    return pc.binary_join_element_wise(*pieces, "")


def picks(random: np.random.Generator, weights: Sequence[float], rows: int) -> NDArray[np.int64]:
    """(rows,) indexes drawn with the given weights (any positive scale)."""
    edges = np.cumsum(np.asarray(weights, np.float64))
    chosen: NDArray[np.int64] = np.searchsorted(edges, random.random(rows) * edges[-1], side="right")
    return chosen


def choice(random: np.random.Generator, texts: Sequence[str], rows: int, weights: Sequence[float] | None = None) -> Any:
    """One of ``texts`` in each row."""
    return pa.array(texts).take(pa.array(picks(random, weights or [1.0] * len(texts), rows)))


def integers(random: np.random.Generator, low: int, high: int, rows: int) -> Any:
    """Whole numbers in [low, high) as text."""
    return pa.array(random.integers(low, high, rows)).cast(pa.string())


def decimals(random: np.random.Generator, median: float, spread: float, rows: int) -> Any:
    """Log-normal numbers as text with three decimals, as latencies are written."""
    thousandths = np.maximum(1, (random.lognormal(np.log(median), spread, rows) * 1000).astype(np.int64))
    fraction = pc.utf8_lpad(pa.array(thousandths % 1000).cast(pa.string()), 3, "0")
    return concat(pa.array(thousandths // 1000).cast(pa.string()), ".", fraction)


def hexadecimal(random: np.random.Generator, digits: int, rows: int) -> Any:
    """Random hexadecimal texts of ``digits`` digits."""
    data = _HEX_DIGITS[random.integers(0, 16, rows * digits, np.uint8)]
    offsets = np.arange(rows + 1, dtype=np.int32) * digits
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))


def interleave(kind: NDArray[np.int64], columns: Sequence[Any]) -> Any:
    """Rows put back in order: row i is the next unused row of ``columns[kind[i]]``."""
    order = np.argsort(kind, kind="stable")
    position = np.empty(len(kind), np.int64)
    position[order] = np.arange(len(kind))
    return pa.concat_arrays(list(columns)).take(pa.array(position))
