"""The level of every line of a batch, in one pass over its bytes.

A line that needs more than ASCII rules (escapes in names, letters that fold into ASCII) is marked ODD, never guessed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from server.push.levels import plain
from server.push.levels.words import CODE_OF_WORD, ODD, OPEN, SCANNED_WORDS, UNKNOWN
from storage.kernels import BYTES, INT32S, kernel

__all__ = ["fill_levels"]

_NO_WORD, _STOP = -1, -3
# The helpers only look at arrays that the kernel holds: counting references to them costs more than the looking.
_helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]
_QUOTE, _BACKSLASH, _EQUALS, _COLON, _COMMA = 34, 92, 61, 58, 44
_BRACE_OPEN, _BRACE_CLOSE, _BRACKET_OPEN, _BRACKET_CLOSE = 123, 125, 91, 93


def _marks(characters: bytes) -> Any:
    table = np.zeros(256, np.uint8)
    table[list(characters)] = 1
    return table


def _packed(words: list[str]) -> Any:
    """(words, longest + 1) bytes: the length, then the letters."""
    table = np.zeros((len(words), max(map(len, words)) + 1), np.uint8)
    for row, word in enumerate(words):
        table[row, : len(word) + 1] = [len(word), *word.encode()]
    return table


_BLANK = _marks(b" \t\n\v\f\r")
_RIGHT = _marks(b' \t\n[](){}:,!"=')
_LEFT = _marks(b' \t\n[({"=')
_LOWER = np.arange(256, dtype=np.uint8)
_LOWER[65:91] += 32
_WORDS = _packed(list(CODE_OF_WORD))
_WORD_CODES = np.array(list(CODE_OF_WORD.values()), np.int32)
_SCANNED = _packed(list(SCANNED_WORDS))
_SCANNED_CODES = np.array([CODE_OF_WORD[word] for word in SCANNED_WORDS], np.int32)
# The second letter of the words that begin with a byte: there is but one for each. Other bytes have none (0xFF).
_SECOND = np.full(256, 0xFF, np.uint8)
for _word in SCANNED_WORDS:
    _SECOND[[ord(_word[0]), ord(_word[0].upper())]] = ord(_word[1])


@_helper
def _at(data: Any, pos: int) -> Any:
    """The byte at a position that is known to be inside: a signed index would be tested for being negative."""
    return data[np.uint64(pos)]


@_helper
def _word_code(data: Any, start: int, end: int) -> Any:
    """The code of a whole value that is a known word in any case, else -1."""
    size = end - start
    for word in range(_WORDS.shape[0]):
        if _WORDS[word, 0] != size:
            continue
        at = 0
        while at < size and _LOWER[_at(data, start + at)] == _WORDS[word, at + 1]:
            at += 1
        if at == size:
            return _WORD_CODES[word]
    return _NO_WORD


@_helper
def _scanned_word(data: Any, start: int, end: int) -> Any:
    """The code of the level word that starts here and has a right boundary, else -1."""
    first = _LOWER[_at(data, start)]
    for word in range(_SCANNED.shape[0]):
        size = np.int64(_SCANNED[word, 0])
        if _SCANNED[word, 1] != first or size > end - start:
            continue
        at = 1
        while at < size and _LOWER[_at(data, start + at)] == _SCANNED[word, at + 1]:
            at += 1
        if at == size and (start + size == end or _RIGHT[_at(data, start + size)]):
            return _SCANNED_CODES[word]
    return _NO_WORD


@_helper
def _scan(data: Any, start: int, end: int) -> Any:
    """The earliest level word of the line."""
    left, is_odd = np.uint8(1), False
    for pos in range(start, end - 1):
        byte, following = _at(data, pos), _at(data, pos + 1)
        # One test for boundary, first and second letter: it is nearly always false, so the branch costs nothing.
        if left & np.uint8(_LOWER[following] == _SECOND[byte]):
            code = _scanned_word(data, pos, end)
            if code != _NO_WORD:
                return ODD if is_odd else code
        # The dotted capital I is an i when lower-cased.
        is_odd |= (byte == 0xC4) & (following == 0xB0)
        left = _LEFT[byte]
    return ODD if is_odd else UNKNOWN


@_helper
def _string_end(data: Any, pos: int, end: int) -> Any:
    """(position of the closing quote of the string at ``pos`` or -1, whether it holds escapes)."""
    pos += 1
    escaped = False
    while pos < end and _at(data, pos) != _QUOTE:
        if _at(data, pos) == _BACKSLASH:
            escaped = True
            pos += 1
        pos += 1
    return (pos if pos < end else -1), escaped


@_helper
def _skip_value(data: Any, pos: int, end: int) -> Any:
    """Where a JSON value ends, or -1."""
    first = _at(data, pos)
    if first == _QUOTE:
        close, _ = _string_end(data, pos, end)
        return close + 1 if close >= 0 else -1
    if first != _BRACE_OPEN and first != _BRACKET_OPEN:
        start = pos
        while pos < end and not _BLANK[_at(data, pos)] and _at(data, pos) not in (_COMMA, _BRACE_CLOSE, _BRACKET_CLOSE):
            pos += 1
        return pos if pos > start else -1
    depth = 0
    while pos < end:
        byte = _at(data, pos)
        if byte == _QUOTE:
            pos, _ = _string_end(data, pos, end)
            if pos < 0:
                return -1
        elif byte in (_BRACE_OPEN, _BRACKET_OPEN):
            depth += 1
        elif byte in (_BRACE_CLOSE, _BRACKET_CLOSE):
            depth -= 1
        pos += 1
        if depth == 0:
            return pos
    return -1


@_helper
def _is_name(data: Any, start: int, end: int, names: Any, name_offsets: Any) -> bool:
    """Whether the bytes are one of the names, exactly."""
    size = end - start
    for index in range(name_offsets.size - 1):
        first = name_offsets[index]
        if name_offsets[index + 1] - first != size:
            continue
        at = 0
        while at < size and _at(data, start + at) == _at(names, first + at):
            at += 1
        if at == size:
            return True
    return False


@_helper
def _after_blanks(data: Any, pos: int, end: int) -> Any:
    while pos < end and _BLANK[_at(data, pos)]:
        pos += 1
    return pos


@_helper
def _json_level(data: Any, pos: int, end: int, names: Any, name_offsets: Any, max_depth: int) -> Any:
    """A level code, -1 when no name has a known word, or ODD. ``pos`` is behind the opening brace."""
    depth = 1
    while depth > 0:
        pos = _after_blanks(data, pos, end)
        if pos >= end:
            return _NO_WORD
        if _at(data, pos) == _BRACE_CLOSE or _at(data, pos) == _COMMA:
            depth -= _at(data, pos) == _BRACE_CLOSE
            pos += 1
            continue
        if _at(data, pos) != _QUOTE:
            return _NO_WORD
        key = pos + 1
        key_end, is_escaped = _string_end(data, pos, end)
        if key_end < 0:
            return _NO_WORD
        if is_escaped:
            return ODD
        pos = _after_blanks(data, key_end + 1, end)
        if pos >= end or _at(data, pos) != _COLON:
            return _NO_WORD
        pos = _after_blanks(data, pos + 1, end)
        if pos >= end:
            return _NO_WORD
        if _at(data, pos) == _BRACE_OPEN and (max_depth <= 0 or depth < max_depth):
            depth += 1
            pos += 1
            continue
        if _at(data, pos) == _QUOTE and _is_name(data, key, key_end, names, name_offsets):
            close, _ = _string_end(data, pos, end)
            return _word_code(data, pos + 1, close) if close >= 0 else _NO_WORD
        pos = _skip_value(data, pos, end)
        if pos < 0:
            return _NO_WORD
    return _NO_WORD


@_helper
def _rank(data: Any, start: int, end: int, names: Any, name_offsets: Any) -> Any:
    """The index of the name that a logfmt key is in any case, their number when none, or ODD."""
    size = end - start
    for at in range(start, end):
        if _at(data, at) == 0xC5 and at + 1 < end and _at(data, at + 1) == 0xBF:
            return ODD
        if _at(data, at) == 0xE2 and at + 2 < end and _at(data, at + 1) == 0x84 and _at(data, at + 2) == 0xAA:
            return ODD
    for index in range(name_offsets.size - 1):
        first = name_offsets[index]
        if name_offsets[index + 1] - first != size:
            continue
        at = 0
        while at < size and _LOWER[_at(data, start + at)] == _LOWER[_at(names, first + at)]:
            at += 1
        if at == size:
            return index
    return name_offsets.size - 1


@_helper
def _has_odd_escape(data: Any, start: int, end: int) -> bool:
    """Whether a quoted logfmt value has more than the plain escapes, so that reading it may fail."""
    pos = start
    while pos < end:
        if _at(data, pos) < 0x20:
            return True
        if _at(data, pos) == _BACKSLASH:
            pos += 1
            if _at(data, pos) not in (_QUOTE, _BACKSLASH, 47, 98, 102, 110, 114, 116):
                return True
        pos += 1
    return False


@_helper
def _value_end(data: Any, pos: int, end: int) -> Any:
    """(start, end, next) of a logfmt value; next is -3 where the line is broken and -2 where it is odd."""
    if pos < end and _at(data, pos) == _QUOTE:
        close, is_escaped = _string_end(data, pos, end)
        if close < 0:
            return pos, pos, _STOP
        if is_escaped and _has_odd_escape(data, pos + 1, close):
            return pos, pos, ODD
        return pos + 1, close, close + 1
    start = pos
    while pos < end and _at(data, pos) > 0x20 and _at(data, pos) != _EQUALS and _at(data, pos) != _QUOTE:
        pos += 1
    if pos < end and _at(data, pos) > 0x20:
        return start, pos, _STOP
    return start, pos, pos


@_helper
def _logfmt_level(data: Any, pos: int, end: int, names: Any, name_offsets: Any) -> Any:
    """A level code, -1 when no name has a known word, or ODD."""
    best, code = np.int64(name_offsets.size - 1), np.int64(_NO_WORD)
    while pos < end and best > 0:
        if _at(data, pos) <= 0x20:
            pos += 1
            continue
        key = pos
        while pos < end and _at(data, pos) > 0x20 and _at(data, pos) != _EQUALS and _at(data, pos) != _QUOTE:
            pos += 1
        key_end, value, value_end = pos, pos, pos
        if pos < end and _at(data, pos) > 0x20:
            if _at(data, pos) == _QUOTE or key_end == key:
                return code
            value, value_end, pos = _value_end(data, pos + 1, end)
            if pos == _STOP:
                return code
            if pos == ODD:
                return ODD
        rank = _rank(data, key, key_end, names, name_offsets)
        if rank == ODD:
            return ODD
        if rank < best:
            best, code = rank, np.int64(_word_code(data, value, value_end))
    return code


@_helper
def _has(data: Any, start: int, end: int, byte: int) -> Any:
    """Whether the byte occurs. Without an early exit the loop compares 32 bytes at once."""
    found = np.uint8(0)
    for pos in range(np.uint64(start), np.uint64(end)):
        found |= np.uint8(data[pos] == byte)
    return found != 0


@_helper
def _line_level(data: Any, start: int, end: int, names: Any, name_offsets: Any, max_depth: int) -> Any:
    last = end - 1
    while last >= start and _BLANK[_at(data, last)]:
        last -= 1
    first = _after_blanks(data, start, end)
    code = np.int64(_NO_WORD)
    ends_json = last >= start and _at(data, last) == _BRACE_CLOSE
    if ends_json and _at(data, first) >= 0x80:
        # Blanks beyond ASCII may come before the brace.
        return ODD
    if ends_json and _at(data, first) == _BRACE_OPEN:
        code = _json_level(data, first + 1, end, names, name_offsets, max_depth)
    elif _has(data, first, end, _EQUALS):
        code = _logfmt_level(data, first, end, names, name_offsets)
    return _scan(data, start, end) if code == _NO_WORD else code


@kernel(types.void(INT32S, BYTES, BYTES, INT32S, types.int64, types.int32[::1]), twin=plain.fill_levels)
def fill_levels(offsets: Any, data: Any, names: Any, name_offsets: Any, max_depth: int, codes: Any) -> None:
    """Give every OPEN row of ``codes`` (rows,) the level code of its line, or ODD.

    Lines are data[offsets[row]:offsets[row + 1]]; ``names`` and ``name_offsets`` are the ASCII field names, by rank.
    """
    for row in range(codes.size):
        if codes[row] == OPEN:
            codes[row] = _line_level(data, offsets[row], offsets[row + 1], names, name_offsets, max_depth)
