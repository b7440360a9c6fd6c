"""Loops over the slices of a request."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from storage.kernels import BYTES, INT32S, INT64S, kernel

__all__ = ["LINE_SIZE_BOUNDS", "count_line_sizes", "gather", "measure_json", "spread_times"]

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*(?:"|\\?\Z)', re.DOTALL)
_SYMBOL = re.compile(rb"[\[\]{}]")
LINE_SIZE_BOUNDS = tuple(8**power for power in range(8))
_BOUNDS = np.array([*LINE_SIZE_BOUNDS, 2**31 - 1])


def _count_line_sizes_plain(offsets: NDArray[np.int32], counts: NDArray[np.int64]) -> None:
    np.add.at(counts, np.searchsorted(_BOUNDS[:-1], np.diff(offsets)), 1)


@kernel(types.void(INT32S, types.int64[::1]), twin=_count_line_sizes_plain)
def count_line_sizes(offsets: Any, counts: Any) -> None:
    """Add to ``counts`` (bounds + 1) how many lines are no longer than each bound and longer than the one before."""
    for row in range(offsets.size - 1):
        size, bound = offsets[row + 1] - offsets[row], 0
        while size > _BOUNDS[bound]:
            bound += 1
        counts[bound] += 1


def _gather_plain(
    data: NDArray[np.uint8],
    start: NDArray[np.int32],
    end: NDArray[np.int32],
    offsets: NDArray[np.int32],
    out: NDArray[np.uint8],
) -> None:
    view = data.data
    spans = zip(start.tolist(), end.tolist(), strict=True)
    out[:] = np.frombuffer(b"".join(view[first:last] for first, last in spans), np.uint8)


@kernel(types.void(BYTES, INT32S, INT32S, INT32S, types.uint8[::1]), twin=_gather_plain)
def gather(data: Any, start: Any, end: Any, offsets: Any, out: Any) -> None:
    """Copy the slices one after the other to the places that ``offsets`` (slices + 1) gives them in ``out``."""
    for index in range(start.size):
        # Unsigned, or each byte is tested for a negative index: 16 times slower.
        first, target = np.uint64(start[index]), np.uint64(offsets[index])
        for at in range(np.uint64(end[index]) - first):
            out[target + at] = data[first + at]


def _spread_times_plain(
    stream: NDArray[np.int32],
    ts: NDArray[np.int64],
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    out: NDArray[np.int64],
) -> None:
    lines = [data[offsets[row] : offsets[row + 1]].tobytes() for row in range(len(ts))]
    out[:] = ts
    for row in range(1, len(ts)):
        if stream[row] != stream[row - 1] or lines[row] == lines[row - 1]:
            continue
        if ts[row] in (ts[row - 1], out[row - 1]):
            out[row] = out[row - 1] + 1


@kernel(types.void(INT32S, INT64S, INT32S, BYTES, types.int64[::1]), twin=_spread_times_plain)
def spread_times(stream: Any, ts: Any, offsets: Any, data: Any, out: Any) -> None:
    """``out`` is ``ts`` but one ns after the row before where stream and time are its and the line is not."""
    for row in range(ts.size):
        out[row] = ts[row]
        if row == 0 or stream[row] != stream[row - 1]:
            continue
        if ts[row] != ts[row - 1] and ts[row] != out[row - 1]:
            continue
        size = offsets[row + 1] - offsets[row]
        differs = size != offsets[row] - offsets[row - 1]
        at = 0
        while at < size and not differs:
            differs = data[offsets[row] + at] != data[offsets[row - 1] + at]
            at += 1
        if differs:
            out[row] = out[row - 1] + 1


def _measure_json_plain(data: NDArray[np.uint8], measures: NDArray[np.int64]) -> None:
    text = _STRING.sub(lambda found: b'"' * len(found[0]), data.tobytes())
    values = 1 + sum(map(text.count, (b",", b":", b"[", b"{")))
    depth, measures[:] = 0, (values, len(text))
    for found in _SYMBOL.finditer(text):
        depth += 1 if found[0] in b"[{" else -1
        if depth <= 0:
            measures[1] = found.end()
            return


@kernel(types.void(BYTES, types.int64[::1]), twin=_measure_json_plain)
def measure_json(data: Any, measures: Any) -> None:
    """``measures``: how many values JSON text has at most, and where the array or object at its start ends."""
    values, depth, end = np.int64(1), np.int64(0), np.int64(-1)
    in_string, is_escaped = False, False
    for at in range(data.size):
        byte = data[np.uint64(at)]
        if in_string:
            if is_escaped:
                is_escaped = False
            elif byte == 92:  # \\
                is_escaped = True
            elif byte == 34:
                in_string = False
        elif byte == 34:  # "
            in_string = True
        elif byte == 44 or byte == 58:  # , :
            values += 1
        elif byte == 91 or byte == 123:  # [ {
            values += 1
            depth += 1
        elif byte == 93 or byte == 125:  # ] }
            depth -= 1
            if depth <= 0 and end < 0:
                end = np.int64(at + 1)
    measures[0], measures[1] = values, end if end >= 0 else np.int64(data.size)
