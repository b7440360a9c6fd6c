"""The walk over a push message in plain Python: defines what the kernels do and answers until they are compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.push.entries import NO_TIME
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

__all__ = ["Malformed", "Span", "fields_of", "walk"]

Span = tuple[int, int]

# The wire types of the fields of each message.
_REQUEST, _TWO_TEXTS, _ENTRY, _TIME = {1: 2}, {1: 2, 2: 2}, dict.fromkeys(range(1, 5), 2), {1: 0, 2: 0}


class Malformed(Exception):
    """A fault of ``wire.CAUSES`` at a position."""

    def __init__(self, fault: int, position: int) -> None:
        super().__init__(fault, position)
        self.fault, self.position = fault, position


@dataclass(slots=True)
class _Entry:
    line: Span
    ts: int = NO_TIME
    pairs: list[tuple[Span, Span]] = field(default_factory=list)


@dataclass(slots=True)
class _Stream:
    labels: Span
    entries: list[_Entry] = field(default_factory=list)


def walk(
    data: NDArray[np.uint8],
    counts: NDArray[np.int64],
    labels: NDArray[np.int32],
    stream: NDArray[np.int32],
    ts: NDArray[np.int64],
    lines: NDArray[np.int32],
    pair_row: NDArray[np.int32],
    pairs: NDArray[np.int32],
) -> int:
    """As the kernel of this name."""
    try:
        messages = list(_streams(data.tobytes()))
    except Malformed as error:
        counts[POSITION] = error.position
        return error.fault
    found = [each for each in messages if each.entries]
    entries = [(index, entry) for index, each in enumerate(found) for entry in each.entries]
    notes = [(row, *name, *value) for row, (_, entry) in enumerate(entries) for name, value in entry.pairs]
    counts[MESSAGES], counts[STREAMS] = len(messages), len(found)
    counts[ENTRIES], counts[PAIRS] = len(entries), len(notes)
    counts[LINE_BYTES] = sum(entry.line[1] - entry.line[0] for _, entry in entries)
    _note(labels, [each.labels for each in found])
    _note(stream, [index for index, _ in entries])
    _note(ts, [entry.ts for _, entry in entries])
    _note(lines, [entry.line for _, entry in entries])
    _note(pair_row, [note[0] for note in notes])
    _note(pairs, [note[1:] for note in notes])
    return 0


def _note(column: NDArray[Any], values: Sequence[Any]) -> None:
    """Put as many values as there is room for into the column, tuples into its rows."""
    room = min(column.shape[-1], len(values))
    if room:
        column[..., :room] = np.array(values[:room], column.dtype).T


def _streams(body: bytes) -> Iterator[_Stream]:
    for number, value, after in fields_of(body, 0, len(body), _REQUEST):
        if number == 1:
            yield _stream(body, value, after)


def _stream(body: bytes, pos: int, end: int) -> _Stream:
    stream = _Stream((pos, pos))
    for number, value, after in fields_of(body, pos, end, _TWO_TEXTS):
        if number == 1:
            stream.labels = value, after
        elif number == 2:
            stream.entries.append(_entry(body, value, after))
    return stream


def _entry(body: bytes, pos: int, end: int) -> _Entry:
    entry = _Entry((pos, pos))
    for number, value, after in fields_of(body, pos, end, _ENTRY):
        if number == 1:
            entry.ts = _time(body, value, after)
        elif number == 2:
            entry.line = value, after
        elif number == 3:
            entry.pairs.append(_pair(body, value, after))
    return entry


def _pair(body: bytes, pos: int, end: int) -> tuple[Span, Span]:
    name, text = (pos, pos), (pos, pos)
    for number, value, after in fields_of(body, pos, end, _TWO_TEXTS):
        if number == 1:
            name = value, after
        elif number == 2:
            text = value, after
    return name, text


def _time(body: bytes, pos: int, end: int) -> int:
    seconds, nanos = 0, 0
    for number, value, _ in fields_of(body, pos, end, _TIME):
        if number == 1:
            seconds = value
        elif number == 2:
            nanos = (value + 2**31) % 2**32 - 2**31
    if not 0 <= nanos < NANOS_PER_SECOND or not YEAR_1_S <= seconds < YEAR_10000_S:
        raise Malformed(BAD_TIME, end)
    if seconds >= SECONDS_MAX:
        return SECONDS_MAX * NANOS_PER_SECOND
    return NO_TIME if seconds <= -SECONDS_MAX else seconds * NANOS_PER_SECOND + nanos


def fields_of(body: bytes, pos: int, end: int, types: Mapping[int, int]) -> Iterator[tuple[int, int, int]]:
    """(number, start or varint value, next position) of each field; ``types``: the wire types that numbers must have.

    Raises Malformed.
    """
    while pos < end:
        try:
            number, wire, value, after = _field(body, pos, end)
        except Malformed as error:
            raise Malformed(error.fault, pos) from error
        if types.get(number, wire) != wire:
            raise Malformed(WRONG_TYPE, pos)
        yield number, value, after
        pos = after


def _field(body: bytes, pos: int, end: int) -> tuple[int, int, int, int]:
    tag, pos = _varint(body, pos, end)
    number, wire = tag >> 3, tag & 7
    if not 1 <= number < 2**29:
        raise Malformed(BAD_FIELD, pos)
    if wire == 0:
        return number, wire, *_varint(body, pos, end)
    if wire == 2:
        size, pos = _varint(body, pos, end)
    elif wire in (1, 5):
        size = 8 if wire == 1 else 4
    else:
        raise Malformed(BAD_WIRE_TYPE, pos)
    if not 0 <= size <= end - pos:
        raise Malformed(TRUNCATED, pos)
    return number, wire, pos, pos + size


def _varint(body: bytes, pos: int, end: int) -> tuple[int, int]:
    """(signed 64-bit value, next position)."""
    value = 0
    for index in range(10):
        if pos >= end:
            raise Malformed(TRUNCATED, pos)
        byte = body[pos]
        pos += 1
        if index == 9 and byte > 1:
            break
        value |= (byte & 127) << 7 * index
        if byte < 128:
            return (value + 2**63) % 2**64 - 2**63, pos
    raise Malformed(BAD_VARINT, pos)
