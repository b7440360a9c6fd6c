"""What the walks over lines share: keys and what they mean, what a walk writes, and where strings end.

Keys are looked up as they stand in the line. One that nobody has seen yet stops the walk (NEW_KEY), is resolved in
Python, where names are made, and the walk goes on at its row.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

# How a walk ends.
DONE, FULL, NEW_KEY = 0, 1, 2
# What became of a row: read; left to its row parser; not to be read. Further codes are the defects of its format.
FINE, ODD, UNTOUCHED = 0, 1, 2
# What a row answers instead of its code when the walk has to stop.
NEW, OUT = -2, -3
MAX_DEPTH = 16
BACKSLASHED, _REPLACED = 1, 2  # what a string holds: escapes, U+FFFD
ROW, SPANS, ATTEMPT, FOUND, START, SIZE, PARENT, LEARNS = range(8)  # of ``State.cursor``
_UNWANTED = -1
NOWHERE = -1  # the parent of keys that are of no interest
_QUOTE, _BACKSLASH = 34, 92


class Keys(NamedTuple):
    """Keys seen so far. Entry 0 stands for the line itself; a key below another one has that as its parent.

    buckets   hash index of entries, open addressing, a power of two long, 0 where empty
    data, bounds       the bytes of each entry's key
    parents   entry below which the key stands
    slots     number of the label that a value of the entry sets; -1 none, -2 the key itself is a defect
    opens     1: objects at the entry are read, 0: they are passed over; 2: arrays are, too
    needed, needed_bounds   names of needed labels; no name at all means that every key is of interest
    fits, prefixes     for each entry, as bits, which needed names may continue it, and from where on
    """

    buckets: NDArray[np.int32]
    data: NDArray[np.uint8]
    bounds: NDArray[np.int32]
    parents: NDArray[np.int32]
    slots: NDArray[np.int32]
    opens: NDArray[np.uint8]
    needed: NDArray[np.uint8]
    needed_bounds: NDArray[np.int32]
    fits: NDArray[np.uint64]
    prefixes: NDArray[np.int32]


class State(NamedTuple):
    """What a walk writes.

    cursor  by the indexes ROW (to go on with), SPANS (so far), ATTEMPT (rows begun), FOUND (labels of this row),
            START, SIZE, PARENT of a new key;
            LEARNS: whether keys that lead to no needed label are made known, too
    codes   (rows,) what became of each row
    places  (rows,) the 1-based byte of the line where its defect is; logfmt only
    spans   (room, 4): row, slot, start, size; a size below 0 is ~size of a text that must be decoded
    marks   by slot: the last attempt that has set it
    guesses by entry: the entry that came after it last time
    opened  by depth: the entry of the object that is being read
    """

    cursor: NDArray[np.int64]
    codes: NDArray[np.uint8]
    places: NDArray[np.int32]
    spans: NDArray[np.int32]
    marks: NDArray[np.int64]
    guesses: NDArray[np.int32]
    opened: NDArray[np.int32]


_tuple_of: Any = types.NamedTuple
_INDEXES, _BYTES = types.int32[::1], types.uint8[::1]
KEYS = _tuple_of(
    (_INDEXES, _BYTES, _INDEXES, _INDEXES, _INDEXES, _BYTES, _BYTES, _INDEXES, types.uint64[::1], _INDEXES), Keys
)
STATE = _tuple_of(
    (types.int64[::1], _BYTES, _INDEXES, types.int32[:, ::1], types.int64[::1], _INDEXES, _INDEXES), State
)

helper: Any = njit(nogil=True, cache=True, inline="never", _nrt=False)  # type: ignore[call-overload]


def marks_of(characters: bytes) -> Any:
    """(256,) 1 where a byte is among ``characters``."""
    table = np.zeros(256, np.uint8)
    table[list(characters)] = 1
    return table


_IN_STRING = marks_of(b'"\\\xef')
_WORD = marks_of(b"_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@helper
def at(data: Any, position: int) -> Any:
    """The byte at a position that is known to be inside: a signed index would be tested for being negative."""
    return data[np.uint64(position)]


@helper
def same(data: Any, position: int, keys: Any, start: int, size: int) -> Any:
    offset = 0
    while offset < size and at(data, position + offset) == at(keys, start + offset):
        offset += 1
    return offset == size


@helper
def _lookup(keys: Any, data: Any, start: int, size: int, parent: int) -> Any:
    code = np.int64(parent)
    for position in range(start, start + size):
        code = ((code ^ at(data, position)) * 16777619) & 0xFFFFFFFF
    code ^= code >> 15
    mask = keys.buckets.size - 1
    entry = keys.buckets[code & mask]
    while entry:
        first = keys.bounds[entry]
        is_near = keys.bounds[entry + 1] - first == size and keys.parents[entry] == parent
        if is_near and same(data, start, keys.data, first, size):
            return np.int64(entry)
        code += 1
        entry = keys.buckets[code & mask]
    return np.int64(NEW)


@helper
def _is_foreign(keys: Any, data: Any, start: int, size: int, parent: int) -> Any:
    """Whether a key certainly leads to no needed label, so that there is no need to remember it."""
    if keys.needed_bounds.size == 1 or size == 0:
        return False
    first, last, prefix = at(data, start), at(data, start + size - 1), keys.prefixes[parent]
    if (prefix == 0 and 48 <= first <= 57) or first <= 32 or last <= 32:
        return False
    for name in range(keys.needed_bounds.size - 1):
        if (keys.fits[parent] >> np.uint64(name)) & np.uint64(1):
            begin = keys.needed_bounds[name] + prefix
            if _may_become(keys.needed, begin, keys.needed_bounds[name + 1], data, start, size):
                return False
    return True


@helper
def _may_become(needed: Any, begin: int, end: int, data: Any, start: int, size: int) -> Any:
    """Whether a key, once sanitised, may be what the needed name goes on with."""
    for offset in range(size):
        byte = at(data, start + offset)
        if byte >= 0x80:
            return True
        if begin + offset >= end:
            return False
        wanted = at(needed, begin + offset)
        if wanted != byte and (_WORD[byte] or wanted != 95):
            return False
    return True


@helper
def entry_of(keys: Any, state: Any, data: Any, start: int, size: int, parent: int, before: int) -> Any:
    """The entry of a key, _UNWANTED or NEW. What came after the entry ``before`` last time is tried first."""
    if parent == NOWHERE:
        return np.int64(_UNWANTED)
    guess = np.int64(state.guesses[before])
    if guess and keys.parents[guess] == parent:
        first = keys.bounds[guess]
        if keys.bounds[guess + 1] - first == size and same(data, start, keys.data, first, size):
            return guess
    entry = _lookup(keys, data, start, size, parent)
    if entry > 0:
        state.guesses[before] = entry
        return entry
    if not state.cursor[LEARNS] and _is_foreign(keys, data, start, size, parent):
        return np.int64(_UNWANTED)
    if entry == NEW:
        state.cursor[START], state.cursor[SIZE], state.cursor[PARENT] = start, size, parent
    return entry


@helper
def string_close(data: Any, position: int, end: int) -> Any:
    """(closing quote of the string whose text begins at ``position`` or -1, what it holds)."""
    holds = 0
    while position < end:
        byte = at(data, position)
        if not _IN_STRING[byte]:
            position += 1
        elif byte == _QUOTE:
            return position, holds
        elif byte == _BACKSLASH:
            holds |= BACKSLASHED
            position += 2
        else:
            holds |= _REPLACED * is_replacement(data, position, end)
            position += 1
    return np.int64(-1), holds


@helper
def is_replacement(data: Any, position: int, end: int) -> Any:
    """Whether U+FFFD stands here, where its first byte does."""
    return np.int64(position + 2 < end and at(data, position + 1) == 0xBF and at(data, position + 2) == 0xBD)


@helper
def note(state: Any, row: int, slot: int, start: int, size: int, is_first_best: bool) -> Any:
    """Note where the value of a label is, unless the row has one already. OUT when there is no room."""
    cursor = state.cursor
    if slot < 0 or (is_first_best and state.marks[slot] == cursor[ATTEMPT]):
        return FINE
    place = cursor[SPANS]
    if place == state.spans.shape[0]:
        return OUT
    state.marks[slot] = cursor[ATTEMPT]
    span = state.spans[place]
    span[0], span[1], span[2], span[3] = row, slot, start, size
    cursor[SPANS] = place + 1
    cursor[FOUND] += 1
    return FINE


@helper
def begin_row(state: Any) -> Any:
    """The number of spans noted before the row."""
    state.cursor[ATTEMPT] += 1
    state.cursor[FOUND] = 0
    return state.cursor[SPANS]


@helper
def is_settled(state: Any, row: int, spans: int, code: int) -> Any:
    """Whether the walk goes on; otherwise, or where the row is odd, what was noted of the row is forgotten."""
    if code < 0 or code == ODD:
        state.cursor[SPANS] = spans
    if code < 0:
        state.cursor[ROW] = row
        return False
    state.codes[row] = code
    return True
