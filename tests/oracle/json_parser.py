"""Sections 6.1, 6.2 and 6.7: json, json with expressions, unpack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logql.ast import Extraction
from logql.syntax.json_expression import parse_json_expression
from tests.oracle.errors import Unspecified
from tests.oracle.json_text import JsonDefect, Value, members, read_value, string_end, token, unescaped
from tests.oracle.names import clean, sanitised
from tests.oracle.reading import Reading
from tests.oracle.row import Row

__all__ = ["parse_json", "parse_json_expressions", "unpack"]

_ERROR = "JSONParserErr"
_OPEN = Unspecified("stray text in JSON that is searched by expressions")
Path = tuple[str | int, ...]


class _Stop(Exception):
    """The document ends too early: what was not found is not there."""


def parse_json(row: Row) -> None:
    reading = Reading(row)
    try:
        _flatten(row, reading, row.line, "")
    except JsonDefect as defect:
        reading.fail(_ERROR, defect.text)


def _flatten(row: Row, reading: Reading, text: str, prefix: str) -> None:
    for key, value in members(text):
        part = sanitised(key, is_start=not prefix)
        name = "_".join(filter(None, (prefix, part)))
        if value.kind == "object":
            if row.needed.wants_inside(name):
                _flatten(row, reading, value.raw, name)
        elif name and value.kind not in ("null", "array"):
            reading.take(name, _label_value(value))
        if reading.is_over:
            return


def _label_value(value: Value) -> str:
    return clean(unescaped(value.raw) or "") if value.kind == "string" else value.raw


def parse_json_expressions(row: Row, extractions: Sequence[Extraction]) -> None:
    if not row.line:
        return
    if row.line[0] not in '"{[':
        row.error_details = ""
        row.fail(_ERROR, "", is_parser=True)
        return
    paths = {item.name: parse_json_expression(item.expression) for item in extractions}
    search = _Search(row.line, paths)
    wanted = {name: paths[name] for name in paths if row.needed.wants(name)} or paths
    if search.error != _Search(row.line, wanted).error:
        raise Unspecified("a defect in a value that nothing needs")
    if search.error.startswith("Value is array"):
        raise Unspecified("how far an array that never ends is searched by expressions")
    for name, value in search.found.items():
        row.put(row.target(name), "" if value.kind == "null" else _label_value(value))
    if search.error:
        row.fail(_ERROR, search.error, is_parser=True)
    if len(search.found) < len(search.paths):
        for name in search.paths:
            if row.get(name) is None:
                row.put(name, "")


class _Search:
    """Looks for paths from left to right and serves what it finds, also in documents that are broken further on."""

    def __init__(self, text: str, paths: Mapping[str, Path]) -> None:
        self.text, self.paths = text, paths
        self.found: dict[str, Value] = {}
        self.faulty: set[str] = set()
        self.error = ""
        try:
            end = self._visit(0, dict(paths))
        except _Stop:
            return
        if '"' in text[end:]:
            raise _OPEN

    def _visit(self, start: int, wanted: Mapping[str, Path]) -> int:
        """Behind the value at ``start``, whose parts ``wanted`` names."""
        if self.text[start] == "{":
            return self._visit_object(start, wanted)
        if self.text[start] == "[":
            return self._visit_array(start, wanted)
        return self._skip(start)

    def _visit_object(self, position: int, wanted: Mapping[str, Path]) -> int:
        position = self._token(position + 1)
        while self.text[position] != "}":
            if self.text[position] != '"':
                raise _OPEN
            end = string_end(self.text, position + 1)
            key = unescaped(self.text[position + 1 : end - 1]) if end >= 0 else None
            if key is None:
                raise _Stop
            position = self._token(end)
            if self.text[position] != ":":
                raise _OPEN
            position = self._next(self._member(position + 1, _inside(wanted, key)), "}")
        return position + 1

    def _visit_array(self, position: int, wanted: Mapping[str, Path]) -> int:
        position, index = self._token(position + 1), 0
        while self.text[position] != "]":
            self._refuse_unknown(position)
            position = self._next(self._member(position, _inside(wanted, index)), "]")
            index += 1
        return position + 1

    def _refuse_unknown(self, position: int) -> None:
        try:
            read_value(self.text, position)
        except JsonDefect as defect:
            if defect.end >= 0:
                raise _OPEN from defect

    def _member(self, position: int, wanted: Mapping[str, Path]) -> int:
        """Behind the value that begins at or behind ``position``."""
        wanted = {name: path for name, path in wanted.items() if name not in self.found and name not in self.faulty}
        for name, path in wanted.items():
            if not path:
                self._serve(name, position)
        start = self._token(position)
        deeper = {name: path for name, path in wanted.items() if path}
        return self._visit(start, deeper) if deeper else self._skip(start)

    def _serve(self, name: str, position: int) -> None:
        try:
            self.found[name] = read_value(self.text, position)
        except JsonDefect as defect:
            self.faulty.add(name)
            self.error = defect.text

    def _skip(self, start: int) -> int:
        try:
            return read_value(self.text, start).end
        except JsonDefect as defect:
            if defect.end < 0:
                raise _Stop from defect
            if defect.end == start:
                raise _OPEN from defect
            return defect.end

    def _next(self, position: int, closing: str) -> int:
        """The next member, or the end of the block."""
        position = self._token(position)
        if self.text[position] == ",":
            return self._token(position + 1)
        if self.text[position] != closing:
            raise _OPEN
        return position

    def _token(self, position: int) -> int:
        place = token(self.text, position)
        if place < 0:
            raise _Stop
        return place


def _inside(wanted: Mapping[str, Path], key: str | int) -> dict[str, Path]:
    return {name: path[1:] for name, path in wanted.items() if path and path[0] == key}


def unpack(row: Row) -> None:
    if not row.line:
        return
    if row.line[0] != "{":
        row.fail(_ERROR, "expecting json object(6), but it is not", is_parser=True)
        return
    try:
        pairs = {key: _label_value(value) for key, value in members(row.line) if value.kind == "string"}
    except JsonDefect as defect:
        row.fail(_ERROR, defect.text, is_parser=True)
        return
    if "_entry" not in pairs:
        return
    row.line = pairs.pop("_entry")
    for key, value in pairs.items():
        if name := sanitised(key):
            row.put(row.target(name), value)
