"""One walk over a push message: checks it and notes where everything stands; nothing is copied.

Every read is guarded by the end of the enclosing message.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from server.push.entries import NO_TIME
from server.push.protobuf import plain
from server.push.protobuf.wire import (
    BAD_FIELD,
    BAD_TIME,
    BAD_VARINT,
    BAD_WIRE_TYPE,
    ENTRIES,
    LINE_BYTES,
    MESSAGES,
    NANOS_PER_SECOND,
    PAIRS,
    POSITION,
    SECONDS_MAX,
    STREAMS,
    TRUNCATED,
    WRONG_TYPE,
    YEAR_1_S,
    YEAR_10000_S,
)
from storage.kernels import BYTES, kernel

__all__ = ["field", "walk"]

_INTS = types.int32[::1]
_LONGS = types.int64[::1]
_SPANS = types.int32[:, ::1]

# The helpers only look at arrays that the kernel holds: counting references to them took a third of the time.
_helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]


@_helper
def _at(data: Any, pos: int) -> Any:
    """The byte at a position inside: a signed index would be tested for being negative."""
    return data[np.uint64(pos)]


@_helper
def _varint(data: Any, pos: int, end: int) -> Any:
    """(value, next position); the position is a negated fault when there is no number."""
    value, shift = np.uint64(0), np.uint64(0)
    while pos < end:
        byte = np.uint64(_at(data, pos))
        pos += 1
        if shift == np.uint64(63) and byte > np.uint64(1):
            return np.int64(0), -BAD_VARINT
        value |= (byte & np.uint64(127)) << shift
        if byte < np.uint64(128):
            return np.int64(value), pos
        shift += np.uint64(7)
    return np.int64(0), -TRUNCATED


@_helper
def _any_field(data: Any, pos: int, end: int) -> Any:
    """As ``field``, for fields of every kind and length."""
    tag, pos = _varint(data, pos, end)
    if pos < 0:
        return np.int64(0), np.int64(0), np.int64(0), pos
    number, wire = tag >> 3, tag & 7
    if number < 1 or number > 536_870_911:
        return np.int64(0), np.int64(0), np.int64(0), -BAD_FIELD
    size = np.int64(0)
    if wire == 0:
        value, after = _varint(data, pos, end)
        return number, wire, value, after
    if wire == 2:
        size, pos = _varint(data, pos, end)
        if pos < 0:
            return np.int64(0), np.int64(0), np.int64(0), pos
    elif wire == 1 or wire == 5:
        size = np.int64(8 if wire == 1 else 4)
    else:
        return np.int64(0), np.int64(0), np.int64(0), -BAD_WIRE_TYPE
    if size < 0 or size > end - pos:
        return np.int64(0), np.int64(0), np.int64(0), -TRUNCATED
    return number, wire, pos, pos + size


@_helper
def field(data: Any, pos: int, end: int) -> Any:
    """(number, wire type, start, next): content is data[start:next]; a varint's value stands in place of start."""
    if pos + 2 >= end:
        return _any_field(data, pos, end)
    # Fast paths: a number, and bytes of a length below 16384, under a field number below 16.
    tag, size, more = np.int64(_at(data, pos)), np.int64(_at(data, pos + 1)), np.int64(_at(data, pos + 2))
    kind, start = tag & 0x87, pos + 2
    if kind == 0 and tag > 7:
        value, after = _varint(data, pos + 1, end)
        return tag >> 3, np.int64(0), value, after
    if size > 127:
        size, start = (size & 127) | (more << 7), pos + 3
        kind |= more & 0x80
    if kind == 2 and tag > 7 and size <= end - start:
        return tag >> 3, np.int64(2), start, start + size
    return _any_field(data, pos, end)


@_helper
def _time(data: Any, pos: int, end: int) -> Any:
    """(ns since the epoch, held inside int64; fault or 0; where)."""
    seconds, nanos = np.int64(0), np.int64(0)
    while pos < end:
        number, wire, value, after = field(data, pos, end)
        if after < 0:
            return np.int64(0), -after, pos
        if number <= 2 and wire != 0:
            return np.int64(0), WRONG_TYPE, pos
        if number == 1:
            seconds = value
        elif number == 2:
            nanos = np.int64(np.int32(value))
        pos = after
    if nanos < 0 or nanos >= NANOS_PER_SECOND or seconds < YEAR_1_S or seconds >= YEAR_10000_S:
        return np.int64(0), BAD_TIME, pos
    if seconds >= SECONDS_MAX:
        return np.int64(SECONDS_MAX * NANOS_PER_SECOND), 0, pos
    if seconds <= -SECONDS_MAX:
        return np.int64(NO_TIME), 0, pos
    return seconds * NANOS_PER_SECOND + nanos, 0, pos


@_helper
def _pair(data: Any, pos: int, end: int) -> Any:
    """(name start, name end, value start, value end, fault or 0, where)."""
    name_start, name_end, value_start, value_end = pos, pos, pos, pos
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        if after < 0:
            return 0, 0, 0, 0, -after, pos
        if number <= 2 and wire != 2:
            return 0, 0, 0, 0, WRONG_TYPE, pos
        if number == 1:
            name_start, name_end = start, after
        elif number == 2:
            value_start, value_end = start, after
        pos = after
    return name_start, name_end, value_start, value_end, 0, pos


@_helper
def _entry(data: Any, pos: int, end: int) -> Any:
    """(line start, line end, ts, pairs, fault or 0, where)."""
    line_start, line_end, ts, pairs = pos, pos, np.int64(NO_TIME), 0
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        if after < 0:
            return 0, 0, ts, 0, -after, pos
        if number <= 4 and wire != 2:
            return 0, 0, ts, 0, WRONG_TYPE, pos
        fault, where = 0, pos
        if number == 1:
            ts, fault, where = _time(data, start, after)
        elif number == 2:
            line_start, line_end = start, after
        elif number == 3:
            _, _, _, _, fault, where = _pair(data, start, after)
            pairs += 1
        if fault != 0:
            return 0, 0, ts, 0, fault, where
        pos = after
    return line_start, line_end, ts, pairs, 0, pos


@_helper
def _note_pairs(data: Any, pos: int, end: int, row: int, at: int, pair_row: Any, pairs: Any) -> Any:
    """Note the metadata of a checked entry from pair ``at`` on, as far as there is room; answers the next pair."""
    while pos < end:
        number, _, start, after = field(data, pos, end)
        if number == 3:
            if at < pair_row.size:
                name_start, name_end, value_start, value_end, _, _ = _pair(data, start, after)
                pair_row[at] = row
                pairs[0, at], pairs[1, at] = name_start, name_end
                pairs[2, at], pairs[3, at] = value_start, value_end
            at += 1
        pos = after
    return at


@_helper
def _walk_stream(
    data: Any, pos: int, end: int, counts: Any, labels: Any, stream: Any, ts: Any, lines: Any, pair_row: Any, pairs: Any
) -> Any:
    """(fault or 0, where); notes and counts the entries of one stream message."""
    row, label_start, label_end = counts[ENTRIES], pos, pos
    index = counts[STREAMS]
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        if after < 0:
            return -after, pos
        if number <= 2 and wire != 2:
            return np.int64(WRONG_TYPE), pos
        if number == 1:
            label_start, label_end = start, after
        elif number == 2:
            line_start, line_end, row_ts, pair_count, fault, where = _entry(data, start, after)
            if fault != 0:
                return fault, where
            if row < ts.size:
                stream[row], ts[row] = index, row_ts
                lines[0, row], lines[1, row] = line_start, line_end
            if pair_count > 0:
                counts[PAIRS] = _note_pairs(data, start, after, row, counts[PAIRS], pair_row, pairs)
            counts[LINE_BYTES] += line_end - line_start
            row += 1
        pos = after
    counts[MESSAGES] += 1
    if row > counts[ENTRIES]:
        counts[ENTRIES] = row
        counts[STREAMS] += 1
        if index < labels.shape[1]:
            labels[0, index], labels[1, index] = label_start, label_end
    return np.int64(0), pos


@kernel(types.int64(BYTES, _LONGS, _SPANS, _INTS, _LONGS, _SPANS, _INTS, _SPANS), twin=plain.walk)
def walk(data: Any, counts: Any, labels: Any, stream: Any, ts: Any, lines: Any, pair_row: Any, pairs: Any) -> Any:
    """Note where a PushRequest keeps its parts; answers 0 or the fault, whose position is then in ``counts``.

    counts   as in ``wire``, zeroed by the caller; they go on where the arrays are full, so one too small shows
    labels   (2, streams) start and end in ``data`` of the label string of each stream that has entries
    stream   (entries,) index of the stream; ts (entries,) ns; lines (2, entries) start and end
    pair_row (pairs,) index of the entry; pairs (4, pairs) start and end of the name, start and end of the value
    """
    pos, end = np.int64(0), np.int64(data.size)
    while pos < end:
        number, wire, start, after = field(data, pos, end)
        fault, where = np.int64(0), pos
        if after < 0:
            fault = -after
        elif number == 1 and wire != 2:
            fault = np.int64(WRONG_TYPE)
        elif number == 1:
            fault, where = _walk_stream(data, start, after, counts, labels, stream, ts, lines, pair_row, pairs)
        if fault != 0:
            counts[POSITION] = where
            return fault
        pos = after
    return 0
