"""The loops of skip filters: marking the grams of all lines of a chunk, folding the marks, asking all chunks."""

from __future__ import annotations

import itertools

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from storage.filters.escapes import hides_text
from storage.filters.grams import SLOT_BITS, grams_of, slot_of
from storage.kernels import BYTES, INT64S, kernel

__all__ = ["fold_slots", "mark_grams", "set_in_all"]

_SHIFT = 64 - SLOT_BITS
_OFFSETS = types.Array(types.int32, 1, "C", readonly=True)
_MARKS = types.uint8[::1]


def _class_table() -> NDArray[np.uint8]:
    """0 for a digit, 1 for what else ids consist of, 2 for the rest."""
    table = np.full(256, 2, np.uint8)
    table[np.frombuffer(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.", np.uint8)] = 1
    table[np.frombuffer(b"0123456789", np.uint8)] = 0
    return table


_CLASSES = _class_table()


def _mark_grams_plain(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    short: NDArray[np.uint8],
    long: NDArray[np.uint8],
    ids: NDArray[np.uint8],
) -> bool:
    marks, is_hiding = (short, long, ids), False
    for a, b in itertools.pairwise(offsets.tolist()):
        text = data[a:b].tobytes()
        is_hiding = is_hiding or hides_text(text)
        for kind, gram in grams_of(text):
            slot = slot_of(gram)
            marks[kind][slot >> 3] |= 1 << (slot & 7)
    return is_hiding


@njit(nogil=True, cache=True)
def _mark(marks: NDArray[np.uint8], gram: np.uint64) -> None:
    mixed = gram * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    slot = np.int64(mixed >> np.uint64(_SHIFT))
    marks[slot >> 3] |= np.uint8(1 << (slot & 7))


@njit(nogil=True, cache=True)
def _hex(byte: int) -> int:
    if 48 <= byte <= 57:
        return byte - 48
    byte |= 32
    return byte - 87 if 97 <= byte <= 102 else -1


@njit(nogil=True, cache=True)
def _hides(data: NDArray[np.uint8], i: int, end: int) -> bool:
    """Whether the escape that begins at ``i`` stands for a character that ``escapes`` does not expect escaped."""
    if end - i < 6 or data[i + 1] != 117 or data[i + 2] != 48 or data[i + 3] != 48:
        return False
    high, low = _hex(data[i + 4]), _hex(data[i + 5])
    code = high * 16 + low
    if high < 0 or low < 0 or code <= 32 or code > 126:
        return False
    is_expected = code == 34 or code == 38 or code == 39 or code == 43 or code == 47 or code == 92
    return not (is_expected or 60 <= code <= 62)


@kernel(types.boolean(_OFFSETS, BYTES, _MARKS, _MARKS, _MARKS), twin=_mark_grams_plain)
def mark_grams(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    short: NDArray[np.uint8],
    long: NDArray[np.uint8],
    ids: NDArray[np.uint8],
) -> bool:
    """Set the bits of all grams of the texts between (texts + 1) ``offsets``; each kind has (slots / 8,) of marks.

    Answers whether an escape in some text hides a character that ``storage.filters.escapes`` does not expect escaped.
    """
    is_hiding = False
    for row in range(offsets.size - 1):
        gram, no_digit, in_id, digit_ago = np.uint64(0), 0, 0, 6
        end = offsets[row + 1]
        for i in range(offsets[row], end):
            byte = data[i]
            kind = _CLASSES[byte]
            if 65 <= byte <= 90:
                byte |= np.uint8(32)
            gram = (gram << np.uint64(8)) | np.uint64(byte)
            digit_ago = 0 if kind == 0 else digit_ago + 1
            no_digit = 0 if kind == 0 else no_digit + 1
            in_id = 0 if kind == 2 else in_id + 1
            if no_digit >= 3:
                _mark(short, gram & np.uint64(0xFFFFFF))
                if no_digit >= 5:
                    _mark(long, gram & np.uint64(0xFFFFFFFFFF))
            if in_id >= 6 and digit_ago < 6:
                _mark(ids, gram & np.uint64(0xFFFFFFFFFFFF))
            if byte == 92 and not is_hiding:
                is_hiding = _hides(data, i, end)
    return is_hiding


def _fold_slots_plain(marks: NDArray[np.uint8], slots: int) -> NDArray[np.uint8]:
    marked = np.flatnonzero(np.unpackbits(marks, bitorder="little"))
    bits = np.zeros(-(-slots // 8) * 8, np.uint8)
    bits[(marked * slots) >> SLOT_BITS] = 1
    return np.packbits(bits, bitorder="little")


@kernel(types.Array(types.uint8, 1, "C")(BYTES, types.int64), twin=_fold_slots_plain)
def fold_slots(marks: NDArray[np.uint8], slots: int) -> NDArray[np.uint8]:
    """The marks as a bitmap of ``slots`` bits, at most as many as there were: i becomes i * slots >> SLOT_BITS."""
    folded = np.zeros((slots + 7) // 8, np.uint8)
    for byte in range(marks.size):
        if marks[byte] == 0:
            continue
        for bit in range(8):
            if marks[byte] >> bit & 1:
                slot = ((byte * 8 + bit) * slots) >> SLOT_BITS
                folded[slot >> 3] |= np.uint8(1 << (slot & 7))
    return folded


def _set_in_all_plain(
    bitmaps: NDArray[np.uint8], starts: NDArray[np.int64], slots: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.bool_]:
    folded = (keys[np.newaxis] * slots[:, np.newaxis]) >> SLOT_BITS
    places = np.where(slots[:, np.newaxis] > 0, starts[:, np.newaxis] + (folded >> 3), 0)
    is_set = bitmaps[places] >> (folded & 7) & 1 if len(bitmaps) else np.zeros(folded.shape, np.uint8)
    return np.asarray((is_set != 0).all(axis=1) | (slots == 0))


@kernel(types.Array(types.boolean, 1, "C")(BYTES, INT64S, INT64S, INT64S), twin=_set_in_all_plain)
def set_in_all(
    bitmaps: NDArray[np.uint8], starts: NDArray[np.int64], slots: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """(chunks,) whether all ``keys`` are set in the chunk's bitmap of ``slots`` bits from byte ``starts`` on.

    A chunk without a bitmap (no slots) may hold anything.
    """
    answers = np.ones(slots.size, np.bool_)
    for chunk in range(slots.size):
        if slots[chunk] == 0:
            continue
        for key in keys:
            slot = (key * slots[chunk]) >> SLOT_BITS
            if bitmaps[starts[chunk] + (slot >> 3)] >> (slot & 7) & 1 == 0:
                answers[chunk] = False
                break
    return answers
