"""Small messages of OTLP in plain Python: resources, scopes, and values that are maps, arrays, bytes or floats."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from server.push.errors import PushError
from server.push.metadata import valid_text
from server.push.otlp.plain import ATTRIBUTE, VALUE
from server.push.otlp.value import Value, ValueBudget
from server.push.otlp.wire import ARRAY, BOOL, BYTES, CAUSES, DOUBLE, INT, MAP, STRING
from server.push.protobuf.plain import Malformed, fields_of
from storage.text import decode_utf8

__all__ = ["malformed", "parse_resource", "parse_scope", "parse_value"]

T = TypeVar("T")

_RESOURCE = {1: 2, 2: 0}
_SCOPE = {1: 2, 2: 2, 3: 2, 4: 0}
_LIST = {1: 2}


def malformed(fault: int, position: int, part: str) -> PushError:
    """The refusal of a request that cannot be read."""
    return PushError(400, f"cannot decode the OTLP request: {CAUSES[fault]}, at byte {position} of {part}")


def parse_value(body: bytes, kind: int, budget: ValueBudget) -> Value:
    """A value from the content of its field. PushError 400 when it is malformed."""
    return _parsed("a value", lambda: _content(body, kind, 0, len(body), budget, 1))


def parse_resource(body: bytes, budget: ValueBudget) -> list[tuple[str, Value]]:
    """The attributes of a resource. PushError 400 when it is malformed."""
    return _parsed("a resource", lambda: _attributes(body, 0, len(body), _RESOURCE, 1, budget, 0))


def parse_scope(body: bytes, budget: ValueBudget) -> tuple[str, str, list[tuple[str, Value]], int]:
    """(name, version, attributes, dropped attributes) of a scope. PushError 400 when it is malformed."""

    def parse() -> tuple[str, str, list[tuple[str, Value]], int]:
        name, version, dropped = "", "", 0
        for number, start, end in _fields(body, 0, len(body), _SCOPE, budget):
            if number == 1:
                name = valid_text(body[start:end])
            elif number == 2:
                version = valid_text(body[start:end])
            elif number == 4:
                dropped = start % 2**32
        return name, version, _attributes(body, 0, len(body), _SCOPE, 3, budget, 0), dropped

    return _parsed("a scope", parse)


def _parsed(part: str, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except Malformed as error:
        raise malformed(error.fault, error.position, part) from error


def _fields(
    body: bytes, pos: int, end: int, types: Mapping[int, int], budget: ValueBudget
) -> Iterator[tuple[int, int, int]]:
    """As ``fields_of``, counted."""
    for each in fields_of(body, pos, end, types):
        budget.take_field()
        yield each


def _attributes(
    body: bytes, pos: int, end: int, types: dict[int, int], wanted: int, budget: ValueBudget, depth: int
) -> list[tuple[str, Value]]:
    found = []
    for number, start, after in _fields(body, pos, end, types, budget):
        if number == wanted:
            found.append(_attribute(body, start, after, budget, depth))
    return found


def _attribute(body: bytes, pos: int, end: int, budget: ValueBudget, depth: int) -> tuple[str, Value]:
    name, value = "", None
    for number, start, after in _fields(body, pos, end, ATTRIBUTE, budget):
        if number == 1:
            name = decode_utf8(body[start:after])
        elif number == 2:
            value = _value(body, start, after, budget, depth + 1)
    return name, value


def _value(body: bytes, pos: int, end: int, budget: ValueBudget, depth: int) -> Value:
    budget.take(depth)
    value = None
    for number, start, after in _fields(body, pos, end, VALUE, budget):
        if number in VALUE:
            value = _content(body, number, start, after, budget, depth)
    return value


def _content(body: bytes, kind: int, start: int, end: int, budget: ValueBudget, depth: int) -> Value:
    """The value whose field has this content; of a number ``start`` is the number."""
    if kind == STRING:
        return valid_text(body[start:end])
    if kind == BOOL:
        return start != 0
    if kind == INT:
        return start
    if kind == DOUBLE:
        return struct.unpack("<d", body[start:end])[0]
    if kind == BYTES:
        return body[start:end]
    if kind == MAP:
        return dict(_attributes(body, start, end, _LIST, 1, budget, depth))
    assert kind == ARRAY
    return [
        _value(body, first, last, budget, depth + 1)
        for number, first, last in _fields(body, start, end, _LIST, budget)
        if number == 1
    ]
