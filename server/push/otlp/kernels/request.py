"""One walk over a request of OTLP logs: checks it, notes where everything stands, writes numbers and ids as texts.

Values that are no plain text, number or truth are left open, and what resources and scopes hold is not looked at: both
are few, or rare. Every read is guarded by the end of the enclosing message.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from server.push.otlp import plain
from server.push.otlp.kernels.notes import (
    CONSTANT_BYTES,
    any_value,
    note_attribute,
    note_constant,
    note_id,
    note_number,
    note_open,
    text_of,
)
from server.push.otlp.kernels.texts import decimal, little_endian
from server.push.otlp.wire import (
    BAD_ID,
    DOUBLE,
    DROPPED,
    FLAGS,
    NUMBER,
    OBSERVED,
    POSITION,
    RECORD_WIRE_TYPES,
    RECORDS,
    RESOURCES,
    SCOPES,
    SPAN,
    SPAN_ID_BYTES,
    TEXT,
    TRACE,
    TRACE_ID_BYTES,
    WRONG_TYPE,
)
from server.push.protobuf.kernels import field
from storage.kernels import BYTES, kernel

__all__ = ["walk"]

_INTS = types.int32[::1]
_LONGS = types.int64[::1]
_SPANS = types.int32[:, ::1]

_helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]

_RECORD_WIRES = np.array(RECORD_WIRE_TYPES, np.int64)


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
            time_ns = little_endian(data, start, after)
        elif number == 2:
            severity = np.int64(np.int32(start))
        elif number == 3:
            text, text_end = start, after
        elif number == 5:
            kind, first, last, fault, where = any_value(data, start, after)
        elif number == 6:
            fault, where = note_attribute(data, start, after, row, counts, pair_row, pairs, open_values, rendered)
        elif number == 7:
            dropped = np.int64(np.uint32(start))
        elif number == 8:
            flags = np.int64(little_endian(data, start, after))
        elif number == 9:
            trace, trace_end = start, after
            fault = np.int64(0 if after - start in (0, TRACE_ID_BYTES) else BAD_ID)
        elif number == 10:
            span, span_end = start, after
            fault = np.int64(0 if after - start in (0, SPAN_ID_BYTES) else BAD_ID)
        elif number == 11:
            observed_ns = little_endian(data, start, after)
        if fault != 0:
            return fault, where
        pos = after
    if time_ns != 0 and observed_ns != 0:
        start, after = decimal(observed_ns, False, size + CONSTANT_BYTES, counts, rendered)
        note_constant(OBSERVED, row, start, after, size, counts, pair_row, pairs)
    note_number(NUMBER, row, severity, size, counts, pair_row, pairs, rendered)
    if text_end > text:
        note_constant(TEXT, row, text, text_end, size, counts, pair_row, pairs)
    note_number(DROPPED, row, dropped, size, counts, pair_row, pairs, rendered)
    note_number(FLAGS, row, flags, size, counts, pair_row, pairs, rendered)
    note_id(TRACE, row, data, trace, trace_end, counts, pair_row, pairs, rendered)
    note_id(SPAN, row, data, span, span_end, counts, pair_row, pairs, rendered)
    if kind >= DOUBLE:
        note_open(kind, -1 - row, counts, open_values)
    line, line_end = text_of(kind, first, last, size, counts, rendered)
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
