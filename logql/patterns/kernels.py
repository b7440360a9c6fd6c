"""Which template each of many lines is of, in one pass over their bytes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from logql.patterns.pieces import LONGEST_JSON, MESSAGES, PIECE_BYTES, mined_piece, split_words
from storage.kernels import BYTES, INT32S, INT64S, kernel

__all__ = ["assign_templates", "find_pieces", "shape_hash"]

_BREAKS = np.isin(np.arange(256), np.frombuffer(b" \t\n\r\f\v=:,;\"'[](){}<>|", np.uint8))
_NAMES = np.frombuffer(b"".join(MESSAGES), np.uint8)
_NAME_BOUNDS = np.cumsum([0, *map(len, MESSAGES)])
_RANKS = len(MESSAGES)
_PIECE_BYTES, _LONGEST_JSON = PIECE_BYTES, LONGEST_JSON
_SEED, _PRIME, _WORD = 14_695_981_039_346_656_037, 1_099_511_628_211, 256
_QUOTE, _BACKSLASH, _COLON, _COMMA, _LESS, _MORE, _UNDERSCORE = (ord(each) for each in '"\\:,<>_')
_OPEN_OBJECT, _CLOSE_OBJECT, _OPEN_ARRAY, _CLOSE_ARRAY = (ord(each) for each in "{}[]")

_HASHES: Any = types.Array(types.uint64, 1, "C", readonly=True)
_FOUND: Any = types.Array(types.int32, 1, "C")
_PIECES: Any = types.Array(types.int32, 2, "C")


def shape_hash(kind: int, shape: tuple[bytes, ...]) -> int:
    """The number under which templates of this shape are looked for."""
    found = _SEED ^ kind
    for place, between in enumerate(shape):
        for byte in (_WORD, *between) if place else between:
            found = ((found ^ byte) * _PRIME) & 0xFFFF_FFFF_FFFF_FFFF
    return found


def _find_pieces_plain(
    offsets: NDArray[np.int32], data: NDArray[np.uint8], rows: NDArray[np.int64]
) -> NDArray[np.int32]:
    found = np.empty((len(rows), 3), np.int32)
    for place, row in enumerate(rows.tolist()):
        kind, start, stop = mined_piece(data[offsets[row] : offsets[row + 1]].tobytes())
        found[place] = kind, offsets[row] + start, offsets[row] + stop
    return found


def _assign_templates_plain(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    rows: NDArray[np.int64],
    slots: NDArray[np.int32],
    hashes: NDArray[np.uint64],
    kinds: NDArray[np.int32],
    firsts: NDArray[np.int32],
    starts: NDArray[np.int32],
    sizes: NDArray[np.int32],
    texts: NDArray[np.uint8],
) -> NDArray[np.int32]:
    bounds = firsts.tolist()
    templates = [
        [None if sizes[piece] < 0 else texts[starts[piece] :][: sizes[piece]].tobytes() for piece in range(first, stop)]
        for first, stop in pairwise(bounds)
    ]
    found = np.full(len(rows), -1, np.int32)
    for place, row in enumerate(rows.tolist()):
        line = data[offsets[row] : offsets[row + 1]].tobytes()
        kind, start, stop = mined_piece(line)
        shape, words = split_words(line[start:stop])
        pieces = [piece for pair in zip(shape, [*words, b""], strict=True) for piece in pair][:-1]
        for number in np.flatnonzero(hashes == np.uint64(shape_hash(kind, shape))).tolist():
            if kinds[number] == kind and _is_of(pieces, templates[number]):
                found[place] = number
                break
    return found


def _is_of(pieces: list[bytes], template: list[bytes | None]) -> bool:
    if len(pieces) != len(template):
        return False
    return all(own is None or own == piece for own, piece in zip(template, pieces, strict=True))


@njit(nogil=True, cache=True)
def _string_end(data: Any, position: int, stop: int) -> int:
    """Where the quote is that ends a string whose text begins at ``position``; ``stop`` where there is none."""
    while position < stop and data[position] != _QUOTE:
        position += 2 if data[position] == _BACKSLASH else 1
    return min(position, stop)


@njit(nogil=True, cache=True)
def _after_blanks(data: Any, position: int, stop: int) -> int:
    while position < stop and (data[position] == 32 or data[position] == 9 or 10 <= data[position] <= 13):
        if data[position] == 11 or data[position] == 12:
            break
        position += 1
    return position


@njit(nogil=True, cache=True)
def _rank_of(data: Any, start: int, stop: int) -> int:
    """Which name of a message this is; as many as there are where it is none."""
    for rank in range(_RANKS):
        size = _NAME_BOUNDS[rank + 1] - _NAME_BOUNDS[rank]
        if stop - start != size:
            continue
        same = 0
        while same < size and data[start + same] == _NAMES[_NAME_BOUNDS[rank] + same]:
            same += 1
        if same == size:
            return rank
    return _RANKS


@njit(nogil=True, cache=True)
def _value_of(data: Any, position: int, stop: int) -> int:
    """Where the text of the string begins that is the value of a key that ends at ``position``.

    Where the value is no string: -1 - the place to go on from.
    """
    place = _after_blanks(data, position, stop)
    if place == stop or data[place] != _COLON:
        return -1 - position
    place = _after_blanks(data, place + 1, stop)
    if place < stop and data[place] == _QUOTE:
        return place + 1
    return -1 - place


@njit(nogil=True, cache=True)
def _message_of(data: Any, start: int, stop: int) -> tuple[int, int]:
    """Where the message lies; twice ``start`` where there is none."""
    depth, is_key, position = 0, False, start
    best, first, last = _RANKS, start, start
    while position < stop:
        byte = data[position]
        position += 1
        if byte == _QUOTE:
            end = _string_end(data, position, stop)
            if end == stop:
                break
            key, position = position, end + 1
            if depth != 1 or not is_key:
                continue
            is_key = False
            value = _value_of(data, position, stop)
            if value < 0:
                position = -1 - value
                continue
            value_end = _string_end(data, value, stop)
            if value_end == stop:
                break
            position = value_end + 1
            rank = _rank_of(data, key, end)
            if rank < best and value_end > value:
                best, first, last = rank, value, value_end
        elif byte in (_OPEN_OBJECT, _OPEN_ARRAY):
            depth, is_key = depth + 1, byte == _OPEN_OBJECT
        elif byte in (_CLOSE_OBJECT, _CLOSE_ARRAY):
            depth, is_key = depth - 1, False
        elif byte == _COMMA:
            is_key = True
    return first, last


@njit(nogil=True, cache=True)
def _piece_of(data: Any, start: Any, stop: Any) -> tuple[int, int, int]:
    kind = 0
    if start < stop <= start + _LONGEST_JSON and data[start] == _OPEN_OBJECT:
        first, last = _message_of(data, start, stop)
        if last > first:
            kind, start, stop = 2, first, last
    if stop - start <= _PIECE_BYTES:
        return kind, start, stop
    stop = start + _PIECE_BYTES
    while stop > start and data[stop] & 0xC0 == 0x80:
        stop -= 1
    return max(kind, 1), start, stop


@njit(nogil=True, cache=True)
def _capture_end(data: Any, position: int, stop: int) -> int:
    """Where a capture that begins at ``position`` ends; ``position`` where there is none."""
    end = position + 1
    while end < stop:
        byte = data[end]
        is_letter = 65 <= byte <= 90 or 97 <= byte <= 122 or byte == _UNDERSCORE
        if not (is_letter or (48 <= byte <= 57 and end > position + 1)):
            break
        end += 1
    if end < stop and end > position + 1 and data[end] == _MORE:
        return end + 1
    return position


@njit(nogil=True, cache=True)
def _word_end(data: Any, position: int, stop: int) -> int:
    """Where a word that begins at ``position`` ends; ``position`` where none does."""
    while position < stop:
        if not _BREAKS[data[position]]:
            position += 1
            continue
        if data[position] != _LESS:
            break
        end = _capture_end(data, position, stop)
        if end == position:
            break
        position = end
    return position


@njit(nogil=True, cache=True)
def _cut(data: Any, start: int, stop: int, kind: int, cuts: Any) -> tuple[int, Any]:
    """Write where what is between words, and words, begin by turns; answers how many, and the shape's hash."""
    found, count, position = np.uint64(_SEED) ^ np.uint64(kind), 1, start
    cuts[0] = start
    while position < stop:
        end = _word_end(data, position, stop)
        if end == position:
            found = (found ^ np.uint64(data[position])) * np.uint64(_PRIME)
            position += 1
            continue
        found = (found ^ np.uint64(_WORD)) * np.uint64(_PRIME)
        cuts[count], cuts[count + 1] = position, end
        count, position = count + 2, end
    cuts[count] = stop
    return count, found


@njit(nogil=True, cache=True)
def _is_template(data: Any, cuts: Any, count: int, first: int, starts: Any, sizes: Any, texts: Any) -> bool:
    for piece in range(count):
        size = sizes[first + piece]
        if size < 0:
            continue
        if cuts[piece + 1] - cuts[piece] != size:
            return False
        for byte in range(size):
            if data[cuts[piece] + byte] != texts[starts[first + piece] + byte]:
                return False
    return True


@kernel(_PIECES(INT32S, BYTES, INT64S), twin=_find_pieces_plain)
def find_pieces(offsets: NDArray[np.int32], data: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """(rows, 3) kind of what is mined of each line, and where it lies in ``data``."""
    found = np.empty((rows.size, 3), np.int32)
    for place in range(rows.size):
        row = rows[place]
        kind, start, stop = _piece_of(data, np.int64(offsets[row]), np.int64(offsets[row + 1]))
        found[place, 0], found[place, 1], found[place, 2] = kind, start, stop
    return found


@kernel(
    _FOUND(INT32S, BYTES, INT64S, INT32S, _HASHES, INT32S, INT32S, INT32S, INT32S, BYTES),
    twin=_assign_templates_plain,
)
def assign_templates(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    rows: NDArray[np.int64],
    slots: NDArray[np.int32],
    hashes: NDArray[np.uint64],
    kinds: NDArray[np.int32],
    firsts: NDArray[np.int32],
    starts: NDArray[np.int32],
    sizes: NDArray[np.int32],
    texts: NDArray[np.uint8],
) -> NDArray[np.int32]:
    """(rows,) the first template that each of the ``rows`` is of; -1 for none.

    slots    a power of two of them, open addressing by ``hashes``: the first template of each hash, -1 where none is
    hashes   (templates,) of their shapes, equal ones side by side
    kinds    (templates,) see ``Kind``
    firsts   (templates + 1,) where the pieces of each begin: what is between words, and words, by turns
    starts   (pieces,) where the bytes of each lie in ``texts``; ``sizes``: how many, -1 for a gap
    """
    found = np.full(rows.size, -1, np.int32)
    cuts = np.empty(_PIECE_BYTES + 3, np.int64)
    mask = np.uint64(slots.size - 1)
    for place in range(rows.size):
        row = rows[place]
        kind, start, stop = _piece_of(data, np.int64(offsets[row]), np.int64(offsets[row + 1]))
        count, shape = _cut(data, start, stop, kind, cuts)
        slot = shape & mask
        while slots[slot] >= 0 and hashes[slots[slot]] != shape:
            slot = (slot + np.uint64(1)) & mask
        number = slots[slot]
        while 0 <= number < hashes.size and hashes[number] == shape:
            first = firsts[number]
            is_shape = kinds[number] == kind and firsts[number + 1] - first == count
            if is_shape and _is_template(data, cuts, count, first, starts, sizes, texts):
                found[place] = number
                break
            number += 1
    return found
