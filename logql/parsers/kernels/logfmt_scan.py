"""Where the pairs of logfmt lines are. Only keys for which there is no room are left to the row parser."""

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
    NEW,
    NEW_KEY,
    ODD,
    OUT,
    STATE,
    Keys,
    State,
    at,
    begin_row,
    entry_of,
    helper,
    is_replacement,
    is_settled,
    marks_of,
    note,
    string_close,
)
from storage.kernels import BYTES, INT32S, kernel

__all__ = ["LAST", "scan_logfmt"]

LAST = -2  # instead of the number of wanted labels: the last pair of a key wins
# Codes of rows, besides those of all formats.
BAD_EQUALS, BAD_QUOTE, UNTERMINATED, BAD_VALUE, BAD_KEY = 3, 4, 5, 6, 7
_QUOTE, _BACKSLASH, _EQUALS = 34, 92, 61
_IN_PAIR = marks_of(bytes(range(33)) + b'="\xef')
_HEX = marks_of(b"0123456789abcdefABCDEF")
_SHORT_ESCAPE = marks_of(b"\"\\/'bfnrt")


@helper
def _word_end(data: Any, position: int, end: int) -> Any:
    """(the separator, ``=`` or quote that ends what begins here, whether it holds U+FFFD)."""
    is_replaced = np.int64(0)
    while position < end:
        byte = at(data, position)
        if _IN_PAIR[byte]:
            if byte != 0xEF:
                break
            is_replaced |= is_replacement(data, position, end)
        position += 1
    return position, is_replaced


@helper
def _next_separator(data: Any, position: int, end: int) -> Any:
    while position < end and at(data, position) > 32:
        position += 1
    return position


@helper
def _has_good_escapes(data: Any, position: int, end: int) -> Any:
    """Whether a quoted value that holds escapes can be unescaped."""
    while position < end:
        byte = at(data, position)
        if byte < 32:
            return False
        position += 1
        if byte != _BACKSLASH:
            continue
        letter = at(data, position)  # there is one: the quote that follows would not be the closing one
        position += 1
        if letter == 117:
            for _ in range(4):
                if position >= end or not _HEX[at(data, position)]:
                    return False
                position += 1
        elif not _SHORT_ESCAPE[letter]:
            return False
    return True


@helper
def _has_backslash(data: Any, position: int, end: int) -> Any:
    while position < end and at(data, position) != _BACKSLASH:
        position += 1
    return position < end


@helper
def _logfmt_value(data: Any, position: int, end: int) -> Any:
    """(behind the value or where it breaks, its start, its size, code of the pair), from behind the ``=``."""
    if position < end and at(data, position) == _QUOTE:
        start = position + 1
        close, holds = string_close(data, start, end)
        if close < 0:
            return end, start, np.int64(0), UNTERMINATED
        if holds & BACKSLASHED and not _has_good_escapes(data, start, close):
            return close + 1, start, np.int64(0), BAD_VALUE
        return close + 1, start, ~(close - start) if holds else close - start, FINE
    stop, is_replaced = _word_end(data, position, end)
    code = FINE
    if stop < end and at(data, stop) > 32:
        code = BAD_EQUALS if at(data, stop) == _EQUALS else BAD_QUOTE
    elif is_replaced and _has_backslash(data, position, stop):
        code = ODD  # a backslash is plain here, but would not be once the text is marked for decoding
    return stop, position, ~(stop - position) if is_replaced else stop - position, code


@helper
def _logfmt_key(data: Any, position: int, end: int, is_replaced: int, start: int) -> Any:
    """The code of a pair whose key ends at ``position``."""
    if position < end and at(data, position) == _QUOTE:
        return BAD_QUOTE
    if position == start:
        return BAD_EQUALS
    return BAD_KEY if is_replaced else FINE


@helper
def _logfmt_row(
    keys: Any, state: Any, data: Any, begin: int, end: int, row: int, strict: bool, keep_empty: bool, wanted: int
) -> Any:
    """The code of the row, NEW or OUT."""
    position, before = begin, np.int64(0)
    while True:
        while position < end and at(data, position) <= 32:
            position += 1
        if position == end:
            return FINE
        start = position
        position, is_replaced = _word_end(data, position, end)
        stop = position
        code = _logfmt_key(data, position, end, is_replaced, start)
        value, size = position, np.int64(0)
        if code == FINE and position < end and at(data, position) == _EQUALS:
            position, value, size, code = _logfmt_value(data, position + 1, end)
        if code == ODD:
            return code
        if code != FINE:
            if strict:
                state.places[row] = position - begin + 1
                return code
            position = _next_separator(data, position, end)
            continue
        if size == 0 and not keep_empty:
            continue
        entry = entry_of(keys, state, data, start, stop - start, 0, before)
        if entry == NEW:
            return NEW
        if entry > 0:
            before = entry
            if note(state, row, np.int64(keys.slots[entry]), value, size, wanted != LAST) == OUT:
                return OUT
            if state.cursor[FOUND] == wanted:
                return FINE


def _scan_logfmt_plain(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    keys: Keys,
    state: State,
    strict: bool,
    empty: bool,
    wanted: int,
) -> int:
    state.codes[:] = ODD
    return DONE


@kernel(types.int64(INT32S, BYTES, KEYS, STATE, types.boolean, types.boolean, types.int64), twin=_scan_logfmt_plain)
def scan_logfmt(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    keys: Keys,
    state: State,
    strict: bool,
    empty: bool,
    wanted: int,
) -> int:
    """As ``scan_json``. ``strict``: a row ends at its first defect; ``empty``: empty values count.

    ``wanted`` may be LAST: then the last pair of a key wins.
    """
    for row in range(state.cursor[0], offsets.size - 1):
        spans = begin_row(state)
        start, end = np.int64(offsets[row]), np.int64(offsets[row + 1])
        code = _logfmt_row(keys, state, data, start, end, row, strict, empty, wanted)
        if not is_settled(state, row, spans, code):
            return FULL if code == OUT else NEW_KEY
    return DONE
