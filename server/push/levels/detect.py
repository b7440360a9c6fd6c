"""Which source tells the level of a row: its metadata, its stream's labels, other metadata, then its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.limits import PushLimits
from server.push.levels.kernels import fill_levels
from server.push.levels.plain import level_of_line
from server.push.levels.words import CODE_OF_WORD, LEVELS, ODD, OPEN, UNKNOWN
from storage.batch import MetadataColumn, string_buffers

__all__ = ["DETECTED_LEVEL", "detected_levels"]

DETECTED_LEVEL = "detected_level"
SEVERITY_NUMBER = "severity_number"
# The highest severity number of each level of OpenTelemetry.
_SEVERITY_TOPS = ((4, "trace"), (8, "debug"), (12, "info"), (16, "warn"), (20, "error"), (24, "fatal"))


class _Codes:
    """Codes of level texts: the known levels first, then every other text in the order it was met."""

    def __init__(self) -> None:
        self.texts = list(LEVELS)
        self._code_of = {text: code for code, text in enumerate(LEVELS)}

    def of(self, text: str) -> int:
        """The code of a level that was told outright; a word that is not known stays as it is."""
        known = CODE_OF_WORD.get(text.lower() if text.isascii() else text)
        if known is not None:
            return known
        if text not in self._code_of:
            self._code_of[text] = len(self.texts)
            self.texts.append(text)
        return self._code_of[text]


def detected_levels(
    stream: NDArray[np.int32],
    stream_levels: Sequence[str | None],
    metadata: Mapping[str, MetadataColumn],
    lines: pa.Array,
    limits: PushLimits,
) -> MetadataColumn:
    """The ``detected_level`` of every row; ``stream_levels`` is what the labels of each stream tell."""
    codes = _Codes()
    rows = np.full(len(stream), OPEN, np.int32)
    if DETECTED_LEVEL in metadata:
        _fill(rows, metadata[DETECTED_LEVEL], codes)
    if any(level is not None for level in stream_levels):
        of_stream = [OPEN if level is None else codes.of(level) for level in stream_levels]
        rows = np.where(rows == OPEN, np.array(of_stream, np.int32)[stream], rows)
    for name in limits.log_level_fields:
        if name in metadata:
            _fill(rows, metadata[name], codes)
    if SEVERITY_NUMBER in metadata:
        _fill_numbers(rows, metadata[SEVERITY_NUMBER])
    _fill_from_lines(rows, lines, limits)
    return MetadataColumn(rows, _dictionary(tuple(codes.texts)))


@lru_cache(64)
def _dictionary(texts: tuple[str, ...]) -> pa.Array:
    return pa.array(texts, pa.string())


def _fill(rows: NDArray[np.int32], column: MetadataColumn, codes: _Codes) -> None:
    open_rows = (rows == OPEN) & (column.codes >= 0)
    used = column.codes[open_rows]
    of_value = np.zeros(len(column.values), np.int32)
    for value in np.unique(used).tolist():
        of_value[value] = codes.of(column.values[value].as_py())
    rows[open_rows] = of_value[used]


def _fill_numbers(rows: NDArray[np.int32], column: MetadataColumn) -> None:
    open_rows = (rows == OPEN) & (column.codes >= 0)
    of_value = np.array([_severity(text) for text in column.values.to_pylist()], np.int32)
    rows[open_rows] = of_value[column.codes[open_rows]]


def _severity(text: str) -> int:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        return LEVELS.index("info")
    number = int(text)
    if number <= 0:
        return UNKNOWN
    return next((LEVELS.index(level) for top, level in _SEVERITY_TOPS if number <= top), UNKNOWN)


def _fill_from_lines(rows: NDArray[np.int32], lines: pa.Array, limits: PushLimits) -> None:
    fields = limits.log_level_fields
    offsets, data = string_buffers(lines)
    depth = limits.log_level_from_json_max_depth
    if all(name.isascii() for name in fields):
        fill_levels(offsets, data, *_packed(fields), depth, rows)
    else:
        rows[rows == OPEN] = ODD
    encoded = [name.encode() for name in fields]
    for row in np.flatnonzero(rows == ODD).tolist():
        rows[row] = level_of_line(data[offsets[row] : offsets[row + 1]].tobytes(), encoded, depth)


@lru_cache(64)
def _packed(fields: tuple[str, ...]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Field names as one row of bytes with their offsets."""
    return (
        np.frombuffer("".join(fields).encode(), np.uint8),
        np.cumsum([0] + [len(name) for name in fields], dtype=np.int32),
    )
