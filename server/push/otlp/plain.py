"""The walk over OTLP logs in plain Python: defines what the kernel does and answers until that is compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    spans_of_constants,
)
from server.push.protobuf.plain import Malformed, Span, fields_of

__all__ = ["ATTRIBUTE", "VALUE", "walk"]

_REQUEST, _LOGS = {1: 2}, {1: 2, 2: 2, 3: 2}
ATTRIBUTE = {1: 2, 2: 2}
VALUE = {number: wire for number, wire in enumerate(VALUE_WIRE_TYPES) if wire >= 0}
_RECORD = {number: wire for number, wire in enumerate(RECORD_WIRE_TYPES) if wire >= 0}
_CONSTANT = spans_of_constants()


class _Walk:
    """What is found in one request, in the order in which the kernel notes it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._base = len(body) + len(CONSTANTS)
        self.resources: list[Span] = []
        self.scopes: list[tuple[int, int, int]] = []
        self.records: list[tuple[int, int, int, int]] = []  # scope, time, line
        self.pairs: list[tuple[int, int, int, int, int]] = []  # record, name, value
        self.open_values: list[tuple[int, int]] = []
        self.texts: list[bytes] = []
        self._text_bytes = 0

    def request(self) -> None:
        for number, start, end in fields_of(self._body, 0, len(self._body), _REQUEST):
            if number == 1:
                self._resource(start, end)

    def _resource(self, pos: int, end: int) -> None:
        before, resource = len(self.records), (pos, pos)
        for number, start, after in fields_of(self._body, pos, end, _LOGS):
            if number == 1:
                resource = start, after
            elif number == 2:
                self._scope(start, after)
        if len(self.records) > before:
            self.resources.append(resource)

    def _scope(self, pos: int, end: int) -> None:
        before, scope = len(self.records), (pos, pos)
        for number, start, after in fields_of(self._body, pos, end, _LOGS):
            if number == 1:
                scope = start, after
            elif number == 2:
                self._record(start, after)
        if len(self.records) > before:
            self.scopes.append((len(self.resources), *scope))

    def _record(self, pos: int, end: int) -> None:
        found: dict[int, int] = {}
        texts: dict[int, Span] = {}
        kind, body = NOTHING, (0, 0)
        for number, start, after in self._record_fields(pos, end):
            if number == 5:
                kind, body = self._value(start, after)
            elif number == 6:
                self._attribute(start, after)
            elif number in (1, 8, 11):
                found[number] = int.from_bytes(self._body[start:after], "little")
            elif number == 2:
                found[number] = (start + 2**31) % 2**32 - 2**31
            elif number == 7:
                found[number] = start % 2**32
            else:
                texts[number] = start, after
        self._fixed_pairs(found, texts)
        if kind >= DOUBLE:
            self.open_values.append((kind, -1 - len(self.records)))
        line = self._text_of(kind, body)
        ts = found.get(1) or found.get(11, 0)
        self.records.append((len(self.scopes), (ts + 2**63) % 2**64 - 2**63, *line))

    def _record_fields(self, pos: int, end: int) -> Any:
        for number, start, after in fields_of(self._body, pos, end, _RECORD):
            size = {9: TRACE_ID_BYTES, 10: SPAN_ID_BYTES}.get(number)
            if size is not None and after - start not in (0, size):
                raise Malformed(BAD_ID, pos)
            yield number, start, after
            pos = after

    def _fixed_pairs(self, found: Mapping[int, int], texts: Mapping[int, Span]) -> None:
        if found.get(1) and found.get(11):
            self._pair(_CONSTANT[OBSERVED], self._rendered(str(found[11])))
        self._number(NUMBER, found.get(2, 0))
        text = texts.get(3, (0, 0))
        if text[1] > text[0]:
            self._pair(_CONSTANT[TEXT], text)
        self._number(DROPPED, found.get(7, 0))
        self._number(FLAGS, found.get(8, 0))
        for number, constant in ((9, TRACE), (10, SPAN)):
            raw = self._body[slice(*texts.get(number, (0, 0)))]
            if any(raw):
                self._pair(_CONSTANT[constant], self._rendered(raw.hex()))

    def _number(self, constant: int, value: int) -> None:
        if value:
            self._pair(_CONSTANT[constant], self._rendered(str(value)))

    def _pair(self, constant: Span, value: Span) -> None:
        size = len(self._body)
        self.pairs.append((len(self.records), size + constant[0], size + constant[1], *value))

    def _attribute(self, pos: int, end: int) -> None:
        name, kind, value = (pos, pos), NOTHING, (0, 0)
        for number, start, after in fields_of(self._body, pos, end, ATTRIBUTE):
            if number == 1:
                name = start, after
            elif number == 2:
                kind, value = self._value(start, after)
        if kind >= DOUBLE:
            self.open_values.append((kind, len(self.pairs)))
        self.pairs.append((len(self.records), *name, *self._text_of(kind, value)))

    def _value(self, pos: int, end: int) -> tuple[int, Span]:
        """The kind, and the span of the value, which starts with the number if it is one."""
        kind, value = NOTHING, (0, 0)
        for number, start, after in fields_of(self._body, pos, end, VALUE):
            if number in VALUE:
                kind, value = number, (start, after)
        return kind, value

    def _text_of(self, kind: int, value: Span) -> Span:
        if kind == INT:
            return self._rendered(str(value[0]))
        if kind == BOOL:
            start, end = _CONSTANT[TRUE if value[0] else FALSE]
            return len(self._body) + start, len(self._body) + end
        return value

    def _rendered(self, text: str) -> Span:
        start = self._base + self._text_bytes
        self.texts.append(text.encode())
        self._text_bytes += len(text)
        return start, start + len(text)


def walk(
    data: NDArray[np.uint8],
    counts: NDArray[np.int64],
    resources: NDArray[np.int32],
    scopes: NDArray[np.int32],
    scope_of_row: NDArray[np.int32],
    ts: NDArray[np.int64],
    lines: NDArray[np.int32],
    pair_row: NDArray[np.int32],
    pairs: NDArray[np.int32],
    open_values: NDArray[np.int32],
    rendered: NDArray[np.uint8],
) -> int:
    """As the kernel of this name."""
    found = _Walk(data.tobytes())
    try:
        found.request()
    except Malformed as error:
        counts[POSITION] = error.position
        return error.fault
    counts[RECORDS], counts[RESOURCES], counts[SCOPES] = len(found.records), len(found.resources), len(found.scopes)
    counts[PAIRS], counts[OPEN_VALUES] = len(found.pairs), len(found.open_values)
    _note(resources, found.resources)
    _note(scopes, found.scopes)
    _note(scope_of_row, [record[0] for record in found.records])
    _note(ts, [record[1] for record in found.records])
    _note(lines, [record[2:] for record in found.records])
    _note(pair_row, [pair[0] for pair in found.pairs])
    _note(pairs, [pair[1:] for pair in found.pairs])
    _note(open_values, found.open_values)
    for text in found.texts:
        at = int(counts[RENDERED])
        counts[RENDERED] = at + len(text)
        if at + len(text) <= len(rendered):
            rendered[at : at + len(text)] = np.frombuffer(text, np.uint8)
    return 0


def _note(column: NDArray[Any], values: Sequence[Any]) -> None:
    """Put as many values as there is room for into the column, tuples into its rows."""
    room = min(column.shape[-1], len(values))
    if room:
        column[..., :room] = np.array(values[:room], column.dtype).T
