"""logfmt as the reference reads it: pairs, and what is wrong with those that are lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from logql.parsers.escapes import JSON_ESCAPES, LONE_SURROGATE, with_escapes_replaced

__all__ = ["Cause", "LogfmtDefect", "Pair", "defect_text", "pairs", "plain_value", "whole_value"]

_SEPARATORS = re.compile(rb"[\x00-\x20]*")
_WORD = re.compile(rb'[^\x00-\x20="]*')
_QUOTED = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*)"', re.DOTALL)
_REST_OF_WORD = re.compile(rb"[^\x00-\x20]*")
_ESCAPES = {**JSON_ESCAPES, "'": "'"}
_CONTROL = re.compile("[\x00-\x1f]")
_REPLACEMENT = "\ufffd"


class Cause(Enum):
    """Why a pair is lost; the value is what error details call it."""

    EQUALS = "unexpected '='"
    QUOTE = "unexpected '\"'"
    UNTERMINATED = "unterminated quoted value"
    VALUE = "invalid quoted value"
    KEY = "invalid key"


class LogfmtDefect(Exception):
    """``cause`` at the byte ``position``, counted from 0."""

    def __init__(self, cause: Cause, position: int) -> None:
        super().__init__(defect_text(cause, position + 1))
        self.position = position


def defect_text(cause: Cause, place: int) -> str:
    """``place`` counts from 1."""
    return f"logfmt syntax error at pos {place} : {cause.value}"


@dataclass(frozen=True, slots=True)
class Pair:
    """A key as it stands in the line, and its value, without quotes and unescaped."""

    key: str
    value: str


def pairs(line: bytes) -> Iterator[Pair | LogfmtDefect]:
    """What a line holds, from left to right; a faulty pair is lost up to the next separator."""
    position = 0
    while (position := _end(_SEPARATORS, line, position)) < len(line):
        try:
            pair, position = _pair_at(line, position)
            yield pair
        except LogfmtDefect as defect:
            position = _end(_REST_OF_WORD, line, defect.position)
            yield defect


def _pair_at(line: bytes, start: int) -> tuple[Pair, int]:
    stop = _end(_WORD, line, start)
    raw, symbol = line[start:stop], line[stop : stop + 1]
    if symbol == b'"':
        raise LogfmtDefect(Cause.QUOTE, stop)
    if symbol == b"=" and not raw:
        raise LogfmtDefect(Cause.EQUALS, stop)
    key = raw.decode()
    if _REPLACEMENT in key:
        raise LogfmtDefect(Cause.KEY, stop)
    if symbol != b"=":
        return Pair(key, ""), stop
    value, stop = _value_at(line, stop + 1)
    return Pair(key, value), stop


def _value_at(line: bytes, start: int) -> tuple[str, int]:
    if line[start : start + 1] != b'"':
        stop = _end(_WORD, line, start)
        if line[stop : stop + 1] in (b"=", b'"'):
            raise LogfmtDefect(Cause.EQUALS if line[stop : stop + 1] == b"=" else Cause.QUOTE, stop)
        return line[start:stop].decode(), stop
    quoted = _QUOTED.match(line, start)
    if quoted is None:
        raise LogfmtDefect(Cause.UNTERMINATED, len(line))
    value = _unescaped(quoted[1].decode())
    if value is None:
        raise LogfmtDefect(Cause.VALUE, quoted.end())
    return value, quoted.end()


def _end(pattern: re.Pattern[bytes], line: bytes, start: int) -> int:
    found = pattern.match(line, start)
    assert found is not None
    return found.end()


def _unescaped(text: str) -> str | None:
    """None where an escape is unknown, or where a text with escapes holds control characters. Half a pair is U+FFFD."""
    if "\\" not in text:
        return text
    if _CONTROL.search(text):
        return None
    whole = with_escapes_replaced(text, _ESCAPES)
    return None if whole is None else LONE_SURROGATE.sub(_REPLACEMENT, whole)


def plain_value(raw: bytes) -> str:
    """What is between the quotes, unescaped; U+FFFD becomes a blank."""
    return (_unescaped(raw.decode()) or "").replace(_REPLACEMENT, " ")


def whole_value(raw: bytes) -> str:
    """What is between the quotes, unescaped; "" if it holds U+FFFD."""
    text = _unescaped(raw.decode()) or ""
    return "" if _REPLACEMENT in text else text
