"""The level of one line, readably: the definition that the kernel is held to, and the exact path for odd lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from server.push.levels.words import CODE_OF_WORD, OPEN, SCANNED_WORDS, UNKNOWN

__all__ = ["fill_levels", "level_of_line"]

_SPACE = b" \t\n\v\f\r"
_WORD = re.compile(
    rb'(?<![^ \t\n\[({"=])(' + "|".join(SCANNED_WORDS).encode() + rb')(?![^ \t\n\[\](){}:,! "=])', re.DOTALL
)
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]"]', re.DOTALL)
_SCALAR = re.compile(rb"[^ \t\n\v\f\r,}\]]+")
_BLANKS = re.compile(rb"[ \t\n\v\f\r]*")
_KEY = re.compile(rb'[^\x00-\x20="]+')
_BARE = re.compile(rb'[^\x00-\x20="]*')


def level_of_line(line: bytes, fields: Sequence[bytes], max_depth: int) -> int:
    """The level code of a line from its JSON or logfmt fields, else from its words."""
    word = None
    if _is_json(line):
        word = _json_value(line, frozenset(fields), max_depth)
    elif b"=" in line:
        word = _logfmt_value(line, [_folded(name) for name in fields])
    code = None if word is None else CODE_OF_WORD.get(word.lower().decode("utf-8", "replace"))
    return _scan(line) if code is None else code


def fill_levels(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    names: NDArray[np.uint8],
    name_offsets: NDArray[np.int32],
    max_depth: int,
    codes: NDArray[np.int32],
) -> None:
    """As the kernel of this name, but no row is left odd."""
    packed = names.tobytes()
    bounds = zip(name_offsets[:-1].tolist(), name_offsets[1:].tolist(), strict=True)
    fields = [packed[start:end] for start, end in bounds]
    for row in np.flatnonzero(codes == OPEN).tolist():
        codes[row] = level_of_line(data[offsets[row] : offsets[row + 1]].tobytes(), fields, max_depth)


def _scan(line: bytes) -> int:
    """The earliest level word with a boundary on both sides."""
    found = _WORD.search(line.replace("İ".encode(), b"i").lower())
    return CODE_OF_WORD[found[1].decode()] if found else UNKNOWN


def _is_json(line: bytes) -> bool:
    inner = line.rstrip(_SPACE)
    return inner.endswith(b"}") and inner.decode("utf-8", "replace").lstrip().startswith("{")


def _json_value(line: bytes, fields: frozenset[bytes], max_depth: int) -> bytes | None:
    """The first string under one of the names, in the order of the document; ends where the document is broken."""
    pos, depth = line.index(b"{") + 1, 1
    while depth > 0:
        pos = _after_blanks(line, pos)
        mark = line[pos : pos + 1]
        if mark == b"}":
            pos, depth = pos + 1, depth - 1
            continue
        if mark == b",":
            pos += 1
            continue
        key = _STRING.match(line, pos)
        if key is None:
            return None
        pos = _after_blanks(line, key.end())
        if line[pos : pos + 1] != b":":
            return None
        pos = _after_blanks(line, pos + 1)
        mark = line[pos : pos + 1]
        if mark == b"{" and (max_depth <= 0 or depth < max_depth):
            pos, depth = pos + 1, depth + 1
            continue
        if mark == b'"' and (text := _STRING.match(line, pos)) and _unescaped(key) in fields:
            return text[1]
        after = _after_value(line, pos)
        if after is None:
            return None
        pos = after
    return None


def _after_value(line: bytes, pos: int) -> int | None:
    """Where a JSON value ends that is not entered; None when it never ends."""
    mark = line[pos : pos + 1]
    if mark == b'"':
        text = _STRING.match(line, pos)
        return text.end() if text else None
    if mark not in (b"{", b"["):
        scalar = _SCALAR.match(line, pos)
        return scalar.end() if scalar else None
    depth = 0
    for found in _BRACKET.finditer(line, pos):
        if found[0] == b'"':
            return None
        depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return None


def _after_blanks(line: bytes, pos: int) -> int:
    found = _BLANKS.match(line, pos)
    assert found is not None
    return found.end()


def _unescaped(key: re.Match[bytes]) -> bytes | None:
    if b"\\" not in key[1]:
        return key[1]
    try:
        text: str = json.loads(key[0].decode("utf-8", "replace"), strict=False)
    except ValueError:
        return None
    return text.encode("utf-8", "replace")


def _logfmt_value(line: bytes, fields: Sequence[bytes]) -> bytes | None:
    """The value of the name that stands first among ``fields``; pairs behind a broken one do not count."""
    best, word = len(fields), None
    for key, value in _logfmt_pairs(line):
        folded = _folded(key)
        rank = fields.index(folded) if folded in fields else best
        if rank < best:
            best, word = rank, value
    return word


def _logfmt_pairs(line: bytes) -> Iterator[tuple[bytes, bytes]]:
    pos = 0
    while pos < len(line):
        if line[pos] <= 0x20:
            pos += 1
            continue
        key = _KEY.match(line, pos)
        if key is None:
            return
        pos = key.end()
        if line[pos : pos + 1] != b"=":
            if line[pos : pos + 1] == b'"':
                return
            yield key[0], b""
            continue
        pos += 1
        if line[pos : pos + 1] == b'"':
            quoted = _STRING.match(line, pos)
            value = _unquoted(quoted) if quoted else None
            if quoted is None or value is None:
                return
            pos = quoted.end()
        else:
            bare = _BARE.match(line, pos)
            assert bare is not None
            value, pos = bare[0], bare.end()
            if line[pos : pos + 1] in (b"=", b'"'):
                return
        yield key[0], value


def _unquoted(quoted: re.Match[bytes]) -> bytes | None:
    """The value as logfmt reads it: escapes are JSON's; None when one is wrong."""
    if b"\\" not in quoted[1]:
        return quoted[1]
    try:
        text: str = json.loads(quoted[0].decode("utf-8", "replace"))
    except ValueError:
        return None
    return text.encode("utf-8", "replace")


def _folded(name: bytes) -> bytes:
    """Case folded as far as level names need it: ASCII, and the two letters outside it that fold into it."""
    return name.lower().replace("ſ".encode(), b"s").replace("\N{KELVIN SIGN}".encode(), b"k")
