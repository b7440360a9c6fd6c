"""Times and lines of a chunk as they take least room: merged parts keep them so.

zstd halves neither rising times nor the rising offsets of texts, a quarter of what a merged part would have; their
differences nearly vanish. In the place of ``ts`` and ``line`` the file has, each all in the first row of a chunk and
empty in the others,

ts.delta      binary, the first time (int64), a unit (uint64), then by planes for each row the difference to the time of
              the row before in units, 0 for the first: a difference d as 2 d, or as -2 d - 1 where it is negative
line.bytes    binary, by planes the UTF-8 bytes of each line
lines         utf8, all lines end to end

Numbers by planes are the lowest byte of each of them, then the next byte of each, as many as the largest one needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import string_array, string_buffers, string_text
from storage.columns import TIMESTAMPS
from storage.part.kernels import offsets_of, times_of
from storage.plane_columns import column_planes

__all__ = ["logical_names", "packed", "stored_names", "unpacked"]

_DELTA, _BYTES, _LINES = "ts.delta", "line.bytes", "lines"
_STORED = {"ts": (_DELTA,), "line": (_BYTES, _LINES)}
_LOGICAL = {_DELTA: "ts", _LINES: "line"}
_HEAD_BYTES = 16  # first time and unit


def packed(record: pa.RecordBatch) -> pa.RecordBatch:
    """A chunk (one row or more) as it is stored."""
    columns = {
        _DELTA: _in_first_row(_differences(record.column("ts")), record.num_rows, pa.binary()),
        **_packed_lines(record.column("line")),
        **{name: record.column(name) for name in record.schema.names if name not in _STORED},
    }
    schema = pa.schema([(name, column.type) for name, column in columns.items()], record.schema.metadata)
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=schema)


def unpacked(record: pa.RecordBatch) -> pa.RecordBatch:
    """The chunk, or those of its columns that were read; one that is not packed as it is. Raises ValueError."""
    names = record.schema.names
    if _DELTA not in names and _LINES not in names:
        return record
    columns = {name: record.column(name) for name in names if name not in (_DELTA, _BYTES, _LINES)}
    if _DELTA in names:
        columns["ts"] = _times(record.column(_DELTA))
    if _LINES in names:
        columns["line"] = _lines(record.column(_BYTES), record.column(_LINES))
    schema = pa.schema([(name, column.type) for name, column in columns.items()], record.schema.metadata)
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=schema)


def logical_names(stored: Iterable[str]) -> tuple[str, ...]:
    """The columns that a file with the columns ``stored`` tells."""
    return tuple(_LOGICAL.get(name, name) for name in stored if name != _BYTES)


def stored_names(logical: Iterable[str], stored: Sequence[str]) -> list[str]:
    """The columns of ``stored`` that tell those."""
    is_packed = _DELTA in stored
    return [each for name in logical for each in (_STORED.get(name, (name,)) if is_packed else (name,))]


def _differences(ts: pa.Array) -> NDArray[np.uint8]:
    times = ts.view(pa.int64()).to_numpy().view(np.uint64)
    # All of it modulo 2**64, where sums of differences are exact whatever the times are.
    steps = np.diff(times, prepend=times[:1])
    is_negative = steps.view(np.int64) < 0
    sizes = np.where(is_negative, np.uint64(0) - steps, steps)
    unit = max(np.gcd.reduce(sizes), np.uint64(1))
    doubled = (sizes // unit) * np.uint64(2) - is_negative
    return np.concatenate([np.array([times[0], unit]).view(np.uint8), _planes(doubled)])


def _times(column: pa.Array) -> pa.Array:
    content = _first_row(column)
    if len(content) < _HEAD_BYTES:
        raise ValueError("differences of times without the first of them")
    first, unit = content[:_HEAD_BYTES].view(np.int64)
    planes = _checked_planes(content[_HEAD_BYTES:], len(column), 8)
    times = times_of(planes, len(column), int(first), int(unit))
    return pa.Array.from_buffers(TIMESTAMPS, len(times), [None, pa.py_buffer(times)])


def _packed_lines(lines: pa.Array) -> dict[str, pa.Array]:
    offsets, _ = string_buffers(lines)
    sizes = np.diff(offsets).astype(np.uint64)
    text = np.ascontiguousarray(string_text(lines))
    return {
        _BYTES: _in_first_row(_planes(sizes), len(lines), pa.binary()),
        _LINES: _in_first_row(text, len(lines), pa.string()),
    }


def _lines(line_bytes: pa.Array, lines: pa.Array) -> pa.Array:
    """The bytes of ``lines`` are not copied."""
    text = _first_row(lines)
    offsets = offsets_of(_checked_planes(_first_row(line_bytes), len(line_bytes), 4), len(line_bytes), len(text))
    if offsets[-1] != len(text):
        raise ValueError("the lengths of the lines are not those of the text")
    return string_array(offsets, text)


def _planes(numbers: NDArray[np.uint64]) -> NDArray[np.uint8]:
    width = (int(numbers.max()).bit_length() + 7) // 8
    return np.frombuffer(column_planes(numbers), np.uint8)[: width * len(numbers)]


def _checked_planes(planes: NDArray[np.uint8], rows: int, most_bytes: int) -> NDArray[np.uint8]:
    width, rest = divmod(len(planes), rows)
    if rest or width > most_bytes:
        raise ValueError("the packed numbers are not as many as there are rows")
    return planes


def _in_first_row(content: NDArray[np.uint8], rows: int, kind: pa.DataType) -> pa.Array:
    offsets = np.full(rows + 1, len(content), np.int32)
    offsets[0] = 0
    return pa.Array.from_buffers(kind, rows, [None, pa.py_buffer(offsets), pa.py_buffer(content)])


def _first_row(column: pa.Array) -> NDArray[np.uint8]:
    if not len(column):
        raise ValueError("a packed column of no rows")
    offsets, data = string_buffers(column)
    if not 0 <= offsets[0] <= offsets[1] == offsets[-1] <= len(data):
        raise ValueError("a packed column is not all in its first row")
    return data[offsets[0] : offsets[1]]
