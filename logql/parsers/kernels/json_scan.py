"""Where the members of JSON lines are, for lines that follow the plain rules.

A line with escapes in its keys, deep nesting or a defect inside an object is marked ODD and read by its row parser.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from logql.parsers.kernels.keys import (
    BACKSLASHED,
    DONE,
    FINE,
    FOUND,
    FULL,
    KEYS,
    MAX_DEPTH,
    NEW,
    NEW_KEY,
    NOWHERE,
    ODD,
    OUT,
    STATE,
    UNTOUCHED,
    Keys,
    State,
    at,
    begin_row,
    entry_of,
    helper,
    is_settled,
    marks_of,
    note,
    same,
    string_close,
)
from storage.kernels import BYTES, INT32S, kernel

__all__ = ["MEMBERS", "PATHS", "STRINGS", "scan_json"]

# What is taken: all scalars at any depth; values of any type at given paths; strings at the top.
MEMBERS, PATHS, STRINGS = 0, 1, 2
# Codes of rows, besides those of all formats.
NO_OBJECT, NO_ARRAY, NO_STRING, MALFORMED, UNKNOWN_TYPE, FIRST_BYTE = 3, 4, 5, 6, 7, 8
_NOTHING = 1 << 40
_QUOTE, _COLON, _COMMA, _MINUS = 34, 58, 44, 45
_BRACE_OPEN, _BRACE_CLOSE, _BRACKET_OPEN, _BRACKET_CLOSE = 123, 125, 91, 93
_BLANK = marks_of(b" \t\r\n")
_IN_TOKEN = marks_of(b' \t\r\n,}]{["')
_IN_BLOCK = marks_of(b'"{}[]')
_TRUE, _FALSE, _NULL = (np.frombuffer(word, np.uint8) for word in (b"true", b"false", b"null"))


@helper
def _after_blanks(data: Any, position: int, end: int) -> Any:
    while position < end and _BLANK[at(data, position)]:
        position += 1
    return position


@helper
def _block_end(data: Any, position: int, end: int, opener: int, closer: int, level: Any) -> Any:
    """(behind the block or -1, whether braces in it are balanced). It begins here, or did ``level`` openers ago."""
    braces: Any = 0
    is_even = True
    while position < end:
        byte = at(data, position)
        if not _IN_BLOCK[byte]:
            position += 1
            continue
        if byte == _QUOTE:
            position, _ = string_close(data, position + 1, end)
            if position < 0:
                return np.int64(-1), False
        braces += np.int64(byte == _BRACE_OPEN) - np.int64(byte == _BRACE_CLOSE)
        is_even &= braces >= 0
        level += np.int64(byte == opener) - np.int64(byte == closer)
        position += 1
        if level == 0 and byte == closer:
            return position, is_even and braces == 0
    return np.int64(-1), False


@helper
def _is_word(data: Any, start: int, size: int, word: Any) -> Any:
    return size == word.size and same(data, start, word, 0, size)


@helper
def _token_end(data: Any, start: int, end: int) -> Any:
    """(behind the number or word that begins here, code of the row, whether it is null)."""
    position = start
    while position < end and not _IN_TOKEN[at(data, position)]:
        position += 1
    if position < end and at(data, position) in (_BRACE_OPEN, _BRACKET_OPEN, _QUOTE):
        return position, ODD, False
    size, first = position - start, at(data, start)
    if first == _MINUS or 48 <= first <= 57:
        return position, FINE, False
    if _is_word(data, start, size, _TRUE) or _is_word(data, start, size, _FALSE):
        return position, FINE, False
    is_null = _is_word(data, start, size, _NULL)
    return position, FINE if is_null else UNKNOWN_TYPE, is_null


@helper
def _json_value(data: Any, position: int, end: int, opens: int, mode: int) -> Any:
    """(behind the value, code of the row, whether members follow there, start and size of what a label takes).

    A size of _NOTHING: this value sets no label. Takes no ``State``: passing its arrays on costs more than the reading.
    """
    byte, start = at(data, position), np.int64(position)
    nothing = np.int64(_NOTHING)
    if byte == _QUOTE:
        stop, holds = string_close(data, position + 1, end)
        size = stop - start - 1
        return stop + 1, FINE if stop >= 0 else NO_STRING, False, start + 1, ~size if holds else size
    if byte == _BRACE_OPEN:
        if opens and mode == MEMBERS:
            return start + 1, FINE, True, start, nothing
        stop, _ = _block_end(data, position, end, _BRACE_OPEN, _BRACE_CLOSE, 0)
        if stop < 0 or mode != PATHS:
            return stop, FINE if stop >= 0 else NO_OBJECT, False, start, nothing
        # With paths nothing is passed over: what is broken in an object may be taken for members of others.
        return start + 1, FINE, True, start, stop - start
    if byte == _BRACKET_OPEN:
        stop, is_even = _block_end(data, position, end, _BRACKET_OPEN, _BRACKET_CLOSE, 0)
        code = NO_ARRAY if stop < 0 else FINE if is_even and opens < 2 else ODD
        return stop, code, False, start, stop - start if mode == PATHS else nothing
    stop, code, is_null = _token_end(data, position, end)
    is_label = mode == PATHS or (mode == MEMBERS and not is_null)
    return stop, code, False, start, (np.int64(0) if is_null else stop - start) if is_label else nothing


@helper
def _after_value(data: Any, position: int, end: int, depth: int) -> Any:
    """(next member, its depth or -1 behind the last brace, code of the row)."""
    while True:
        position = _after_blanks(data, position, end)
        if position == end:
            return position, depth, NO_ARRAY
        byte = at(data, position)
        if byte == _COMMA:
            position = _after_blanks(data, position + 1, end)
            return position, depth, FINE if position < end else NO_ARRAY
        if byte != _BRACE_CLOSE:
            return position, depth, NO_OBJECT
        depth -= 1
        position += 1
        if depth < 0:
            return position, depth, FINE


@helper
def _guessed(
    guesses: Any, parents: Any, bounds: Any, texts: Any, data: Any, start: int, end: int, parent: int, before: int
) -> Any:
    """(entry, closing quote) of the key that begins here if it is the one that came last time, else 0."""
    guess = np.int64(guesses[before])
    if guess == 0 or parents[guess] != parent:
        return np.int64(0), np.int64(0)
    first = np.int64(bounds[guess])
    close = start + np.int64(bounds[guess + 1]) - first
    if close >= end or at(data, close) != _QUOTE or not same(data, start, texts, first, close - start):
        return np.int64(0), np.int64(0)
    return guess, close


@helper
def _looked_up(keys: Any, state: Any, data: Any, start: int, end: int, parent: int, before: int, mode: int) -> Any:
    """(entry of the key that begins here or less than 1, its closing quote, code of the row or NEW)."""
    close, holds = string_close(data, start, end)
    if close < 0 or holds & BACKSLASHED:
        return np.int64(0), close, MALFORMED if close < 0 else ODD
    entry = entry_of(keys, state, data, start, close - start, parent, before)
    # All keys of paths are known.
    return entry, close, NEW if entry == NEW and mode != PATHS else FINE


@helper
def _value_start(data: Any, position: int, end: int) -> Any:
    """Where the value of a key begins whose closing quote is before ``position``; -1 where there is none."""
    position = _after_blanks(data, position, end)
    if position == end or at(data, position) != _COLON:
        return np.int64(-1)
    position = _after_blanks(data, position + 1, end)
    return np.int64(-1) if position == end else position


@helper
def _json_object(keys: Any, state: Any, data: Any, position: int, end: int, row: int, mode: int, wanted: int) -> Any:
    """(code of the row, NEW or OUT; depth). Reads the members behind the first brace."""
    guesses, parents, bounds, texts = state.guesses, keys.parents, keys.bounds, keys.data
    depth, code = 0, FINE
    parent: Any = 0
    before: Any = 0
    while True:
        position = _after_blanks(data, position, end)
        if position == end:
            return MALFORMED, depth
        if at(data, position) == _QUOTE:
            entry, close = _guessed(guesses, parents, bounds, texts, data, position + 1, end, parent, before)
            if entry == 0:
                entry, close, code = _looked_up(keys, state, data, position + 1, end, parent, before, mode)
                if code != FINE:
                    return code, depth
            position = _value_start(data, close + 1, end)
            if position < 0:
                return MALFORMED, depth
            slot, opens = np.int64(-1), np.int64(0)
            if entry > 0:
                before, slot, opens = entry, np.int64(keys.slots[entry]), np.int64(keys.opens[entry])
            position, code, is_open, start, size = _json_value(data, position, end, opens, mode)
            if code == FINE and slot >= 0 and size != _NOTHING:
                code = note(state, row, slot, start, size, mode != STRINGS)
            if code != FINE:
                return code, depth
            if state.cursor[FOUND] == wanted:
                return _rest(data, position, end, depth + np.int64(is_open)), depth
            if is_open:
                depth += 1
                if depth == MAX_DEPTH:
                    return ODD, depth
                parent = entry if entry > 0 else np.int64(NOWHERE)
                state.opened[depth] = parent
                continue
        elif at(data, position) != _BRACE_CLOSE:
            return NO_OBJECT, depth
        position, depth, code = _after_value(data, position, end, depth)
        if code != FINE or depth < 0:
            return _end_code(data, position, end, mode, code), depth
        parent = np.int64(state.opened[depth])


@helper
def _rest(data: Any, position: int, end: int, depth: int) -> Any:
    """The code of a row on which all was found: an open object whose end is missing would not have been read."""
    if depth == 0 or _block_end(data, position, end, _BRACE_OPEN, _BRACE_CLOSE, depth)[0] >= 0:
        return FINE
    return ODD


@helper
def _end_code(data: Any, position: int, end: int, mode: int, code: int) -> Any:
    """With paths, what follows the object is searched, too."""
    return ODD if mode == PATHS and _after_blanks(data, position, end) < end else code


@helper
def _json_row(keys: Any, state: Any, data: Any, start: int, end: int, row: int, mode: int, wanted: int) -> Any:
    """The code of the row, NEW or OUT."""
    position = start
    if mode == MEMBERS:
        position = _after_blanks(data, start, end)
    elif start == end:
        return UNTOUCHED
    if position == end or at(data, position) != _BRACE_OPEN:
        is_other = mode == PATHS and (at(data, position) == _QUOTE or at(data, position) == _BRACKET_OPEN)
        return ODD if is_other else NO_OBJECT if mode == MEMBERS else FIRST_BYTE
    code, depth = _json_object(keys, state, data, position + 1, end, row, mode, wanted)
    return ODD if code > ODD and (depth > 0 or mode == PATHS) else code


def _scan_json_plain(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], keys: Keys, state: State, mode: int, wanted: int
) -> int:
    """The row parsers are the twin: they read all rows."""
    state.codes[:] = ODD
    return DONE


@kernel(types.int64(INT32S, BYTES, KEYS, STATE, types.int64, types.int64), twin=_scan_json_plain)
def scan_json(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], keys: Keys, state: State, mode: int, wanted: int
) -> int:
    """Walk on from ``state.cursor[0]``; DONE, FULL (give more room for spans) or NEW_KEY.

    ``wanted``: the number of labels after which a row is done; -1 for none.
    """
    for row in range(state.cursor[0], offsets.size - 1):
        spans = begin_row(state)
        code = _json_row(keys, state, data, np.int64(offsets[row]), np.int64(offsets[row + 1]), row, mode, wanted)
        if not is_settled(state, row, spans, code):
            return FULL if code == OUT else NEW_KEY
    return DONE
