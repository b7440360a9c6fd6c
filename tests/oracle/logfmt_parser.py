"""Sections 6.3 and 6.4: logfmt, with and without expressions."""

from __future__ import annotations

from collections.abc import Iterator

from logql.ast import LogfmtParser
from logql.syntax.logfmt_expression import parse_logfmt_expression
from tests.oracle.json_text import unescaped
from tests.oracle.names import clean, sanitised
from tests.oracle.reading import Reading
from tests.oracle.row import Row

__all__ = ["parse_logfmt", "parse_logfmt_expressions"]


class _Fault(Exception):
    def __init__(self, position: int, text: str) -> None:
        super().__init__(f"logfmt syntax error at pos {position + 1} : {text}")
        self.position = position


def parse_logfmt(row: Row, stage: LogfmtParser) -> None:
    reading = Reading(row)
    try:
        for key, value in _pairs(row.line.encode(), stage.strict):
            name = sanitised(key)
            if name and (value or stage.keep_empty):
                reading.take(name, clean(value))
            if reading.is_over:
                return
    except _Fault as fault:
        reading.fail("LogfmtParserErr", str(fault))


def parse_logfmt_expressions(row: Row, stage: LogfmtParser) -> None:
    wanted = {item.name: parse_logfmt_expression(item.expression) for item in stage.extractions}
    for name in wanted:
        if row.target(name) == name:
            row.put(name, "")
    try:
        for key, value in _pairs(row.line.encode(), stage.strict):
            name = sanitised(key)
            takers = [taker for taker, source in wanted.items() if source == name] or [name] * (name in wanted)
            for taker in takers:
                row.put(row.target(taker), "" if "\ufffd" in value else value)
    except _Fault as fault:
        Reading(row).fail("LogfmtParserErr", str(fault))


def _pairs(line: bytes, is_strict: bool) -> Iterator[tuple[str, str]]:
    """Keys and values; a pair that is faulty is left out, or raises _Fault when strict."""
    position = 0
    while position < len(line):
        if line[position] <= 0x20:
            position += 1
            continue
        try:
            key, value, position = _pair(line, position)
        except _Fault as fault:
            if is_strict:
                raise
            position = _next(line, fault.position, b"")
            continue
        yield key, value


def _pair(line: bytes, start: int) -> tuple[str, str, int]:
    end = _next(line, start, b'="')
    if line[end : end + 1] == b'"' or (end == start and line[end : end + 1] == b"="):
        raise _Fault(end, f"unexpected {_shown(line[end])}")
    key = line[start:end].decode()
    if "\ufffd" in key:
        raise _Fault(end, "invalid key")
    if line[end : end + 1] != b"=":
        return key, "", end
    start = end + 1
    if line[start : start + 1] == b'"':
        value, end = _quoted(line, start)
        return key, value, end
    end = _next(line, start, b'="')
    if end < len(line) and line[end] > 0x20:
        raise _Fault(end, f"unexpected {_shown(line[end])}")
    return key, line[start:end].decode(), end


def _shown(byte: int) -> str:
    return f"'{chr(byte)}'"


def _next(line: bytes, position: int, also: bytes) -> int:
    """The next separator, or byte of ``also``, or the end."""
    while position < len(line) and line[position] > 0x20 and line[position] not in also:
        position += 1
    return position


def _quoted(line: bytes, start: int) -> tuple[str, int]:
    position = start + 1
    while position < len(line) and line[position] != ord('"'):
        position += 2 if line[position] == ord("\\") else 1
    if position >= len(line):
        raise _Fault(len(line), "unterminated quoted value")
    value = unescaped(line[start + 1 : position].decode(), extra="'")
    if value is None:
        raise _Fault(position + 1, "invalid quoted value")
    return value, position + 1
