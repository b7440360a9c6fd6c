"""What a filter keeps of a text: its grams, short runs of bytes with ASCII letters in lower case, hashed to slots.

Three kinds, each with a bitmap of its own. Text in words repeats, so its grams are few and may cross words; ids hardly
repeat, so theirs are many, are kept only inside of an id, and only longer ones tell anything:

    0  3 bytes without a digit
    1  5 bytes without a digit
    2  6 bytes of digits, ASCII letters and dots with a digit among them: ids, addresses, numbers

A gram is one bit. The grams of a literal do what several hashes do elsewhere: an id of 16 digits asks 11 bits. Because
no boundary of a word is needed, a bare fragment of an id is served as well as a whole one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRAM_BYTES", "KINDS", "SLOT_BITS", "GramKeys", "grams_of", "slot_of"]

KINDS = 3
GRAM_BYTES = (3, 5, 6)
SLOT_BITS = 23  # 8 Mi slots: a chunk with a million grams still leaves 8 of 9 free
_ID_KIND = 2

_DIGITS = frozenset(b"0123456789")
_ID_BYTES = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyz.")
_WORD = (1 << 64) - 1
_MOST_KEYS = 64  # of one kind: more of them hardly make a literal rarer
_MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93


@dataclass(frozen=True, slots=True)
class GramKeys:
    """The slots that are set in a chunk with a certain text: for each kind an int64 array, perhaps empty."""

    slots: tuple[NDArray[np.int64], ...]

    @classmethod
    def of(cls, text: bytes) -> GramKeys:
        found: list[dict[int, None]] = [{} for _ in range(KINDS)]
        for kind, gram in grams_of(text):
            found[kind][slot_of(gram)] = None
        return cls(tuple(np.array(list(slots)[:_MOST_KEYS], np.int64) for slots in found))

    def __bool__(self) -> bool:
        return any(len(slots) for slots in self.slots)


def grams_of(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and gram of all grams of one text, in lower case."""
    text = text.lower()
    for kind, size in enumerate(GRAM_BYTES):
        for start in range(len(text) - size + 1):
            gram = text[start : start + size]
            if _is_kept(kind, gram):
                yield kind, gram


def slot_of(gram: bytes) -> int:
    """Where a gram is marked, below ``1 << SLOT_BITS``."""
    mixed = int.from_bytes(gram, "big") * _MIX_1 & _WORD
    mixed = (mixed ^ mixed >> 32) * _MIX_2 & _WORD
    return mixed >> (64 - SLOT_BITS)


def _is_kept(kind: int, gram: bytes) -> bool:
    has_digit = not _DIGITS.isdisjoint(gram)
    return has_digit and _ID_BYTES.issuperset(gram) if kind == _ID_KIND else not has_digit
