"""One walk over a request of OTLP logs: checks it, notes where everything stands, writes numbers and ids as texts.

Values that are no plain text, number or truth are left open, and what resources and scopes hold is not looked at: both
are few, or rare. Every read is guarded by the end of the enclosing message.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from server.push.otlp import plain
from server.push.otlp.wire import (
    BAD_ID,
    BOOL,
    CONSTANTS,
    DOUBLE,
    DROPPED,
    FALSE,
    FLAGS,
    INT,
    NOTHING,
    NUMBER,
    OBSERVED,
    OPEN_VALUES,
    PAIRS,
    POSITION,
    RECORD_WIRE_TYPES,
    RECORDS,
    RENDERED,
    RESOURCES,
    SCOPES,
    SPAN,
    SPAN_ID_BYTES,
    TEXT,
    TRACE,
    TRACE_ID_BYTES,
    TRUE,
    VALUE_WIRE_TYPES,
    WRONG_TYPE,
    spans_of_constants,
)
from server.push.protobuf.kernels import field
from storage.kernels import BYTES, kernel

__all__ = ["walk"]

_INTS = types.int32[::1]
_LONGS = types.int64[::1]
_SPANS = types.int32[:, ::1]

_helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]

_CONSTANT = np.array(spans_of_constants(), np.int64)
_CONSTANT_BYTES = len(CONSTANTS)
_VALUE_WIRES = np.array(VALUE_WIRE_TYPES, np.int64)
_RECORD_WIRES = np.array(RECORD_WIRE_TYPES, np.int64)
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8).copy()


@_helper
def _little_endian(data: Any, start: int, end: int) -> Any:
    value = np.uint64(0)
    for at in range(end - 1, start - 1, -1):
        value = (value << np.uint64(8)) | np.uint64(data[np.uint64(at)])
    return value


@_helper
def _is_zero(data: Any, start: int, end: int) -> Any:
    while start < end and data[np.uint64(start)] == 0:
        start += 1
    return start >= end


@_helper
def _room(size: int, counts: Any, rendered: Any) -> Any:
    """Where a text of so many bytes is to be written, or -1 when there is no room; either way it is counted."""
    at = counts[RENDERED]
    counts[RENDERED] = at + size
    return at if at + size <= rendered.size else np.int64(-1)


@_helper
def _decimal(value: Any, is_negative: bool, base: int, counts: Any, rendered: Any) -> Any:
    """The span of a number (its magnitude and sign) as text."""
    digits, rest = np.int64(1), value // np.uint64(10)
    while rest > np.uint64(0):
        digits += 1
        rest = rest // np.uint64(10)
    start = base + counts[RENDERED]
    at = _room(digits + is_negative, counts, rendered)
    if at >= 0:
        place = at + digits + is_negative - 1
        for _ in range(digits):
            rendered[np.uint64(place)] = np.uint8(np.uint64(48) + value % np.uint64(10))
            value = value // np.uint64(10)
            place -= 1
        if is_negative:
            rendered[np.uint64(at)] = np.uint8(45)
    return start, base + counts[RENDERED]


@_helper
def _signed_decimal(value: int, base: int, counts: Any, rendered: Any) -> Any:
    magnitude = np.uint64(value)
    if value < 0:
        magnitude = ~magnitude + np.uint64(1)
    return _decimal(magnitude, value < 0, base, counts, rendered)


@_helper
def _hex(data: Any, start: int, end: int, base: int, counts: Any, rendered: Any) -> Any:
    """The span of an id as text."""
    first = base + counts[RENDERED]
    at = _room(2 * (end - start), counts, rendered)
    if at >= 0:
        for place in range(start, end):
            byte = data[np.uint64(place)]
            rendered[np.uint64(at)] = _HEX[np.uint64(byte >> 4)]
            rendered[np.uint64(at + 1)] = _HEX[np.uint64(byte & 15)]
            at += 2
    return first, base + counts[RENDERED]


@_helper
def _any_value(data: Any, pos: int, end: int) -> Any:
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
def _text_of(kind: int, first: int, last: int, size: int, counts: Any, rendered: Any) -> Any:
    """The span of a value's text; of one that is left open the span of its bytes."""
    base = size + _CONSTANT_BYTES
    if kind == INT:
        return _signed_decimal(first, base, counts, rendered)
    if kind == BOOL:
        constant = TRUE if first != 0 else FALSE
        return size + _CONSTANT[constant, 0], size + _CONSTANT[constant, 1]
    return first, last


@_helper
def _note_open(kind: int, target: int, counts: Any, open_values: Any) -> None:
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
def _note_constant(
    constant: int, row: int, value: int, value_end: int, size: int, counts: Any, pair_row: Any, pairs: Any
) -> None:
    """A pair whose name is one of ``CONSTANTS``."""
    name, name_end = size + _CONSTANT[constant, 0], size + _CONSTANT[constant, 1]
    _note_pair(row, name, name_end, value, value_end, counts, pair_row, pairs)


@_helper
def _note_attribute(
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
            kind, first, last, fault, where = _any_value(data, start, after)
            if fault != 0:
                return fault, where
        pos = after
    if kind >= DOUBLE:
        _note_open(kind, counts[PAIRS], counts, open_values)
    value, value_end = _text_of(kind, first, last, np.int64(data.size), counts, rendered)
    _note_pair(row, name, name_end, value, value_end, counts, pair_row, pairs)
    return np.int64(0), pos


@_helper
def _note_number(
    constant: int, row: int, value: int, size: int, counts: Any, pair_row: Any, pairs: Any, rendered: Any
) -> None:
    """A pair of a number that is not 0."""
    if value != 0:
        start, end = _signed_decimal(value, size + _CONSTANT_BYTES, counts, rendered)
        _note_constant(constant, row, start, end, size, counts, pair_row, pairs)


@_helper
def _note_id(
    constant: int, row: int, data: Any, start: int, end: int, counts: Any, pair_row: Any, pairs: Any, rendered: Any
) -> None:
    """A pair of an id that is there and not all zeros."""
    if not _is_zero(data, start, end):
        size = np.int64(data.size)
        first, last = _hex(data, start, end, size + _CONSTANT_BYTES, counts, rendered)
        _note_constant(constant, row, first, last, size, counts, pair_row, pairs)


@_helper
def _walk_record(
    data: Any,
    pos: int,
    end: int,
    counts: Any,
    scope_of_row: Any,
    ts: Any,
    lines: Any,
    pair_row: Any,
    pairs: Any,
    open_values: Any,
    rendered: Any,
) -> Any:
    """(fault or 0, where)."""
    row, size, zero = counts[RECORDS], np.int64(data.size), np.int64(0)
    time_ns, observed_ns = np.uint64(0), np.uint64(0)
    severity, dropped, flags = zero, zero, zero
    text, text_end, trace, trace_end, span, span_end = pos, pos, pos, pos, pos, pos
    kind, first, last, fault = zero, zero, zero, zero
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        where = pos
        if after < 0:
            return np.int64(-after), pos
        if number < _RECORD_WIRES.size and _RECORD_WIRES[number] >= 0 and wire != _RECORD_WIRES[number]:
            return np.int64(WRONG_TYPE), pos
        if number == 1:
            time_ns = _little_endian(data, start, after)
        elif number == 2:
            severity = np.int64(np.int32(start))
        elif number == 3:
            text, text_end = start, after
        elif number == 5:
            kind, first, last, fault, where = _any_value(data, start, after)
        elif number == 6:
            fault, where = _note_attribute(data, start, after, row, counts, pair_row, pairs, open_values, rendered)
        elif number == 7:
            dropped = np.int64(np.uint32(start))
        elif number == 8:
            flags = np.int64(_little_endian(data, start, after))
        elif number == 9:
            trace, trace_end = start, after
            fault = np.int64(0 if after - start in (0, TRACE_ID_BYTES) else BAD_ID)
        elif number == 10:
            span, span_end = start, after
            fault = np.int64(0 if after - start in (0, SPAN_ID_BYTES) else BAD_ID)
        elif number == 11:
            observed_ns = _little_endian(data, start, after)
        if fault != 0:
            return fault, where
        pos = after
    if time_ns != 0 and observed_ns != 0:
        start, after = _decimal(observed_ns, False, size + _CONSTANT_BYTES, counts, rendered)
        _note_constant(OBSERVED, row, start, after, size, counts, pair_row, pairs)
    _note_number(NUMBER, row, severity, size, counts, pair_row, pairs, rendered)
    if text_end > text:
        _note_constant(TEXT, row, text, text_end, size, counts, pair_row, pairs)
    _note_number(DROPPED, row, dropped, size, counts, pair_row, pairs, rendered)
    _note_number(FLAGS, row, flags, size, counts, pair_row, pairs, rendered)
    _note_id(TRACE, row, data, trace, trace_end, counts, pair_row, pairs, rendered)
    _note_id(SPAN, row, data, span, span_end, counts, pair_row, pairs, rendered)
    if kind >= DOUBLE:
        _note_open(kind, -1 - row, counts, open_values)
    line, line_end = _text_of(kind, first, last, size, counts, rendered)
    if row < ts.size:
        scope_of_row[row] = counts[SCOPES]
        ts[row] = np.int64(time_ns if time_ns != 0 else observed_ns)
        lines[0, row], lines[1, row] = line, line_end
    counts[RECORDS] = row + 1
    return np.int64(0), pos


@_helper
def _walk_scope(
    data: Any,
    pos: int,
    end: int,
    counts: Any,
    scopes: Any,
    scope_of_row: Any,
    ts: Any,
    lines: Any,
    pair_row: Any,
    pairs: Any,
    open_values: Any,
    rendered: Any,
) -> Any:
    """(fault or 0, where); the scope is noted if it has records."""
    before, scope, scope_end = counts[RECORDS], pos, pos
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        if after < 0:
            return np.int64(-after), pos
        if number <= 3 and wire != 2:
            return np.int64(WRONG_TYPE), pos
        if number == 1:
            scope, scope_end = start, after
        elif number == 2:
            fault, where = _walk_record(
                data, start, after, counts, scope_of_row, ts, lines, pair_row, pairs, open_values, rendered
            )
            if fault != 0:
                return fault, where
        pos = after
    if counts[RECORDS] > before:
        at = counts[SCOPES]
        if at < scopes.shape[1]:
            scopes[0, at], scopes[1, at], scopes[2, at] = counts[RESOURCES], scope, scope_end
        counts[SCOPES] = at + 1
    return np.int64(0), pos


@_helper
def _walk_resource(
    data: Any,
    pos: int,
    end: int,
    counts: Any,
    resources: Any,
    scopes: Any,
    scope_of_row: Any,
    ts: Any,
    lines: Any,
    pair_row: Any,
    pairs: Any,
    open_values: Any,
    rendered: Any,
) -> Any:
    """(fault or 0, where); the resource is noted if it has records."""
    before, resource, resource_end = counts[RECORDS], pos, pos
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        if after < 0:
            return np.int64(-after), pos
        if number <= 3 and wire != 2:
            return np.int64(WRONG_TYPE), pos
        if number == 1:
            resource, resource_end = start, after
        elif number == 2:
            fault, where = _walk_scope(
                data, start, after, counts, scopes, scope_of_row, ts, lines, pair_row, pairs, open_values, rendered
            )
            if fault != 0:
                return fault, where
        pos = after
    if counts[RECORDS] > before:
        at = counts[RESOURCES]
        if at < resources.shape[1]:
            resources[0, at], resources[1, at] = resource, resource_end
        counts[RESOURCES] = at + 1
    return np.int64(0), pos


@kernel(
    types.int64(BYTES, _LONGS, _SPANS, _SPANS, _INTS, _LONGS, _SPANS, _INTS, _SPANS, _SPANS, types.uint8[::1]),
    twin=plain.walk,
)
def walk(
    data: Any,
    counts: Any,
    resources: Any,
    scopes: Any,
    scope_of_row: Any,
    ts: Any,
    lines: Any,
    pair_row: Any,
    pairs: Any,
    open_values: Any,
    rendered: Any,
) -> Any:
    """Note where an ExportLogsServiceRequest keeps its parts; answers 0 or the fault, its position then in ``counts``.

    Spans are (start, end) in ``data``, followed by ``CONSTANTS``, followed by ``rendered``.

    counts       as in ``wire``, zeroed by the caller; they go on where the arrays are full, so one too small shows
    resources    (2, resources) spans of the resource messages that have records
    scopes       (3, scopes) index of the resource, span of the scope message
    scope_of_row (records,) index of the scope; ts (records,) ns, 0 where none was sent; lines (2, records) spans
    pair_row     (pairs,) index of the record; pairs (4, pairs) span of the name, span of the value
    open_values  (2, values) kind, and the pair, or -1 - record for its body, whose span has the value's bytes
    rendered     texts of numbers and ids
    """
    pos, end = np.int64(0), np.int64(data.size)
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        fault, where = np.int64(0), pos
        if after < 0:
            fault = np.int64(-after)
        elif number == 1 and wire != 2:
            fault = np.int64(WRONG_TYPE)
        elif number == 1:
            fault, where = _walk_resource(
                data,
                start,
                after,
                counts,
                resources,
                scopes,
                scope_of_row,
                ts,
                lines,
                pair_row,
                pairs,
                open_values,
                rendered,
            )
        if fault != 0:
            counts[POSITION] = where
            return fault
        pos = after
    return 0
