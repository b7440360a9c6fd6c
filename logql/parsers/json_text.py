"""JSON as the reference reads it: just enough to find where values end, and never strict about what is in them.

Positions are byte offsets into the line. These functions define the answers; kernels only repeat them for plain lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from logql.parsers.escapes import JSON_ESCAPES, LONE_SURROGATE, with_escapes_replaced

__all__ = ["Blocks", "JsonDefect", "Kind", "Value", "members", "value_text"]

NO_OBJECT_END = "Value looks like object, but can't find closing '}' symbol"
NO_ARRAY_END = "Value is array, but can't find closing ']' symbol"
NO_STRING_END = "Value is string, but can't find closing '\"' symbol"
MALFORMED = "Malformed JSON error"
UNKNOWN_TYPE = "Unknown value type"
BAD_KEY_ESCAPE = "Encountered an invalid escape sequence in a string"

_NOT_BLANK = re.compile(rb"[^ \t\r\n]")
_CLOSE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*"', re.DOTALL)
_TOKEN = re.compile(rb"[^ \t\r\n,}\]]*")
_BRACES = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*"|["{}]', re.DOTALL)
_BRACKETS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*"|["\[\]]', re.DOTALL)


class JsonDefect(Exception):
    """Why a line cannot be read further; its text is what ``__error_details__`` says."""


class Kind(Enum):
    """The type of a value, as its first byte tells."""

    STRING = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    NULL = auto()
    OBJECT = auto()
    ARRAY = auto()


@dataclass(frozen=True, slots=True)
class Value:
    """The value at ``start``; ``stop`` is behind it. Strings include their quotes."""

    kind: Kind
    start: int
    stop: int


class Blocks:
    """Where the objects of a line end. One pass finds all ends, or deep nesting would be walked again at each level."""

    def __init__(self, line: bytes) -> None:
        self._line = line
        self._ends: dict[int, int] = {}

    def end(self, start: int) -> int:
        """Behind the ``}`` of the object at ``start``, by counting braces outside strings; -1 if there is none."""
        if start not in self._ends:
            self._ends |= {start: -1} | _block_ends(_BRACES, self._line, start, b"{")
        return self._ends[start]


def _block_ends(symbols: re.Pattern[bytes], line: bytes, start: int, opener: bytes) -> dict[int, int]:
    """The ends of the block at ``start`` and of those inside."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for found in symbols.finditer(line, start):
        symbol = found[0]
        if symbol == b'"':  # a string that does not end
            break
        if symbol == opener:
            opened.append(found.start())
        elif len(symbol) == 1:
            ends[opened.pop()] = found.end()
            if not opened:
                break
    return ends


def members(line: bytes, start: int, limit: int, blocks: Blocks) -> Iterator[tuple[str, Value]]:
    """Keys and values of the object at ``start``, which is read up to ``limit``. Raises JsonDefect where it breaks."""
    position = after_blanks(line, start, limit, NO_OBJECT_END)
    _expect(line, position, b"{", NO_OBJECT_END)
    position = after_blanks(line, position + 1, limit, MALFORMED)
    while line[position : position + 1] != b"}":
        _expect(line, position, b'"', NO_OBJECT_END)
        close = string_close(line, position + 1, limit)
        key = key_text(line[position + 1 : _found(close, MALFORMED)])
        position = after_blanks(line, close + 1, limit, MALFORMED)
        _expect(line, position, b":", MALFORMED)
        value = value_at(line, after_blanks(line, position + 1, limit, MALFORMED), limit, blocks)
        yield key, value
        position = after_blanks(line, value.stop, limit, NO_ARRAY_END)
        if line[position : position + 1] != b"}":
            _expect(line, position, b",", NO_OBJECT_END)
            position = after_blanks(line, position + 1, limit, NO_ARRAY_END)


def elements(line: bytes, array: Value, blocks: Blocks) -> Iterator[Value]:
    """The elements of an array. Raises JsonDefect where it breaks."""
    limit = array.stop
    position = after_blanks(line, array.start + 1, limit, NO_ARRAY_END)
    while line[position : position + 1] != b"]":
        value = value_at(line, position, limit, blocks)
        yield value
        position = after_blanks(line, value.stop, limit, NO_ARRAY_END)
        if line[position : position + 1] != b"]":
            _expect(line, position, b",", NO_ARRAY_END)
            position = after_blanks(line, position + 1, limit, NO_ARRAY_END)


def _expect(line: bytes, position: int, symbol: bytes, defect: str) -> None:
    if line[position : position + 1] != symbol:
        raise JsonDefect(defect)


def after_blanks(line: bytes, position: int, limit: int, defect: str) -> int:
    """The first byte that is no blank. Raises JsonDefect(defect) where there is none before ``limit``."""
    found = _NOT_BLANK.search(line, position, limit)
    if found is None:
        raise JsonDefect(defect)
    return found.start()


def string_close(line: bytes, start: int, limit: int) -> int:
    """The closing quote of the string whose text begins at ``start``, or -1."""
    found = _CLOSE.match(line, start, limit)
    return found.end() - 1 if found else -1


def array_end(line: bytes, start: int, limit: int) -> int:
    """Behind the ``]`` of the array at ``start``, or -1."""
    end = _block_ends(_BRACKETS, line, start, b"[").get(start, -1)
    return end if end <= limit else -1


def value_at(line: bytes, start: int, limit: int, blocks: Blocks) -> Value:
    """The value that begins at ``start``. Raises JsonDefect."""
    first = line[start : start + 1]
    if first == b'"':
        close = string_close(line, start + 1, limit)
        return Value(Kind.STRING, start, _found(close, NO_STRING_END) + 1)
    if first == b"{":
        end = blocks.end(start)
        return Value(Kind.OBJECT, start, _found(end if end <= limit else -1, NO_OBJECT_END))
    if first == b"[":
        return Value(Kind.ARRAY, start, _found(array_end(line, start, limit), NO_ARRAY_END))
    return _token_at(line, start, limit)


def _found(position: int, defect: str) -> int:
    if position < 0:
        raise JsonDefect(defect)
    return position


def _token_at(line: bytes, start: int, limit: int) -> Value:
    found = _TOKEN.match(line, start, limit)
    assert found is not None
    token = found[0]
    if token in (b"true", b"false"):
        return Value(Kind.BOOLEAN, start, found.end())
    if token == b"null":
        return Value(Kind.NULL, start, found.end())
    if token[:1] in b"0123456789-" and token:
        return Value(Kind.NUMBER, start, found.end())
    raise JsonDefect(UNKNOWN_TYPE)


def value_text(line: bytes, value: Value) -> str | None:
    """The label value of a scalar; None for null, arrays and objects, which give no label."""
    raw = line[value.start : value.stop]
    if value.kind is Kind.STRING:
        return string_text(raw[1:-1])
    return raw.decode() if value.kind in (Kind.NUMBER, Kind.BOOLEAN) else None


def string_text(raw: bytes) -> str:
    """What is between the quotes of a value, unescaped; "" where an escape is bad. U+FFFD becomes a blank."""
    text = unescaped(raw)
    return "" if text is None else text.replace("\ufffd", " ")


def key_text(raw: bytes) -> str:
    """What is between the quotes of a key. Raises JsonDefect."""
    text = unescaped(raw)
    if text is None:
        raise JsonDefect(BAD_KEY_ESCAPE)
    return text


def unescaped(raw: bytes) -> str | None:
    """None where an escape is unknown or a surrogate lacks its other half."""
    text = raw.decode()
    if "\\" not in text:
        return text
    whole = with_escapes_replaced(text, JSON_ESCAPES)
    return None if whole is None or LONE_SURROGATE.search(whole) else whole
