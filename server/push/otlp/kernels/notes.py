"""Values and pairs, noted where they stand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from server.push.otlp.kernels.texts import hex_text, is_zero, signed_decimal
from server.push.otlp.wire import (
    BOOL,
    CONSTANTS,
    DOUBLE,
    FALSE,
    INT,
    NOTHING,
    OPEN_VALUES,
    PAIRS,
    TRUE,
    VALUE_WIRE_TYPES,
    WRONG_TYPE,
    spans_of_constants,
)
from server.push.protobuf.kernels import field

__all__ = [
    "CONSTANT_BYTES",
    "any_value",
    "note_attribute",
    "note_constant",
    "note_id",
    "note_number",
    "note_open",
    "text_of",
]

_helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]

_CONSTANT = np.array(spans_of_constants(), np.int64)
CONSTANT_BYTES = len(CONSTANTS)
_VALUE_WIRES = np.array(VALUE_WIRE_TYPES, np.int64)


@_helper
def any_value(data: Any, pos: int, end: int) -> Any:
    """(kind, start or number, end, fault or 0, where)."""
    kind, first, last = np.int64(NOTHING), np.int64(0), np.int64(0)
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        if after < 0:
            return kind, first, last, np.int64(-after), pos
        if number < _VALUE_WIRES.size:
            if wire != _VALUE_WIRES[number]:
                return kind, first, last, np.int64(WRONG_TYPE), pos
            kind, first, last = number, start, after
        pos = after
    return kind, first, last, np.int64(0), pos


@_helper
def text_of(kind: int, first: int, last: int, size: int, counts: Any, rendered: Any) -> Any:
    """The span of a value's text; of one that is left open the span of its bytes."""
    base = size + CONSTANT_BYTES
    if kind == INT:
        return signed_decimal(first, base, counts, rendered)
    if kind == BOOL:
        constant = TRUE if first != 0 else FALSE
        return size + _CONSTANT[constant, 0], size + _CONSTANT[constant, 1]
    return first, last


@_helper
def note_open(kind: int, target: int, counts: Any, open_values: Any) -> None:
    at = counts[OPEN_VALUES]
    if at < open_values.shape[1]:
        open_values[0, at], open_values[1, at] = kind, target
    counts[OPEN_VALUES] = at + 1


@_helper
def _note_pair(
    row: int, name: int, name_end: int, value: int, value_end: int, counts: Any, pair_row: Any, pairs: Any
) -> None:
    at = counts[PAIRS]
    if at < pair_row.size:
        pair_row[at] = row
        pairs[0, at], pairs[1, at] = name, name_end
        pairs[2, at], pairs[3, at] = value, value_end
    counts[PAIRS] = at + 1


@_helper
def note_constant(
    constant: int, row: int, value: int, value_end: int, size: int, counts: Any, pair_row: Any, pairs: Any
) -> None:
    """A pair whose name is one of ``CONSTANTS``."""
    name, name_end = size + _CONSTANT[constant, 0], size + _CONSTANT[constant, 1]
    _note_pair(row, name, name_end, value, value_end, counts, pair_row, pairs)


@_helper
def note_attribute(
    data: Any, pos: int, end: int, row: int, counts: Any, pair_row: Any, pairs: Any, open_values: Any, rendered: Any
) -> Any:
    """(fault or 0, where)."""
    name, name_end = pos, pos
    kind, first, last = np.int64(NOTHING), np.int64(0), np.int64(0)
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        if after < 0:
            return np.int64(-after), pos
        if number <= 2 and wire != 2:
            return np.int64(WRONG_TYPE), pos
        if number == 1:
            name, name_end = start, after
        elif number == 2:
            kind, first, last, fault, where = any_value(data, start, after)
            if fault != 0:
                return fault, where
        pos = after
    if kind >= DOUBLE:
        note_open(kind, counts[PAIRS], counts, open_values)
    value, value_end = text_of(kind, first, last, np.int64(data.size), counts, rendered)
    _note_pair(row, name, name_end, value, value_end, counts, pair_row, pairs)
    return np.int64(0), pos


@_helper
def note_number(
    constant: int, row: int, value: int, size: int, counts: Any, pair_row: Any, pairs: Any, rendered: Any
) -> None:
    """A pair of a number that is not 0."""
    if value != 0:
        start, end = signed_decimal(value, size + CONSTANT_BYTES, counts, rendered)
        note_constant(constant, row, start, end, size, counts, pair_row, pairs)


@_helper
def note_id(
    constant: int, row: int, data: Any, start: int, end: int, counts: Any, pair_row: Any, pairs: Any, rendered: Any
) -> None:
    """A pair of an id that is there and not all zeros."""
    if not is_zero(data, start, end):
        size = np.int64(data.size)
        first, last = hex_text(data, start, end, size + CONSTANT_BYTES, counts, rendered)
        note_constant(constant, row, first, last, size, counts, pair_row, pairs)
