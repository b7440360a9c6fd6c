"""Puts lines under templates, which it learns from lines that are of none yet; in bounded memory, and always the same.

A kernel looks at every line. Python looks at a few dozen of those that no template takes, until all lines are of one or
nothing is learned any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.patterns.kernels import assign_templates, find_pieces, shape_hash
from logql.patterns.pieces import Kind
from logql.patterns.template import Template, Templates, shape_and_words
from storage.batch import string_buffers

__all__ = ["PatternMiner"]

_LOOKED_AT = 64  # lines, of those that no template takes, at a time
_LOOKS = 8  # for each call of ``add``
_LEAST_GAIN = 1 / 16  # of the lines that a look was about, or lines are too different to go on looking
_MOST_TEMPLATES, _MOST_WORDS = 512, 16_384  # of more, the rarest are forgotten


class PatternMiner:
    """``add`` lines; ``patterns`` are the templates so far. A template's number stays its own while it grows wider."""

    def __init__(self) -> None:
        self._templates = Templates()
        self._table = _Table.of(())
        self._lines, self._words = np.zeros(0, np.int64), 0

    def add(self, lines: pa.Array) -> NDArray[np.int32]:
        """(rows,) the number of the template that each of ``lines`` (pa.string()) is of; -1 for none."""
        offsets, data = string_buffers(lines)
        numbers, left = np.full(len(lines), -1, np.int32), np.arange(len(lines))
        for look in range(_LOOKS + 1):
            before = len(left)
            numbers[left] = self._table.numbers_of(offsets, data, left)
            left = left[numbers[left] < 0]
            is_vain = look > 0 and before - len(left) < _LEAST_GAIN * before
            if is_vain or not len(left) or look == _LOOKS or self._words > _MOST_WORDS:
                break
            if not self._learn(offsets, data, _spread(left, _LOOKED_AT)):
                break
        self._count(numbers)
        return numbers

    def patterns(self) -> dict[int, str]:
        """By number the templates that say something, written down."""
        return {template.number: template.written for template in self._templates if template.says_something}

    def _learn(self, offsets: NDArray[np.int32], data: NDArray[np.uint8], rows: NDArray[np.int64]) -> bool:
        """Answers whether anything is new."""
        is_new = False
        for kind, start, stop in find_pieces(offsets, data, rows).tolist():
            _, changed = self._templates.learn(*shape_and_words(Kind(kind), data[start:stop].tobytes()))
            is_new |= changed
        if is_new:
            self._renew()
        return is_new

    def _renew(self) -> None:
        templates = list(self._templates)
        self._table, self._words = _Table.of(templates), sum(len(template.words) for template in templates)

    def _count(self, numbers: NDArray[np.int32]) -> None:
        counts = np.bincount(numbers[numbers >= 0], minlength=len(self._lines))
        counts[: len(self._lines)] += self._lines
        self._lines = counts
        if len(self._templates) > _MOST_TEMPLATES or self._words > _MOST_WORDS:
            self._forget_rare()
            self._renew()

    def _forget_rare(self) -> None:
        """Down to half of what may be; templates of the most lines stay."""
        lines = np.append(self._lines, np.zeros(self._templates.made, np.int64))
        ordered = sorted(self._templates, key=lambda template: (-lines[template.number], template.number))
        words = np.cumsum([len(template.words) for template in ordered])
        stay = min(int(np.searchsorted(words, _MOST_WORDS // 2, "right")), _MOST_TEMPLATES // 2)
        self._templates.forget([template.number for template in ordered[stay:]])


@dataclass(frozen=True, slots=True)
class _Table:
    """Templates as ``assign_templates`` wants them, and their numbers."""

    arrays: tuple[NDArray[np.generic], ...]
    numbers: NDArray[np.int32]

    @classmethod
    def of(cls, templates: Sequence[Template]) -> _Table:
        hashed = sorted((shape_hash(*each.shape), each.number, each) for each in templates)
        hashes = np.array([shape for shape, _, _ in hashed], np.uint64)
        pieces = [list(each.pieces()) for _, _, each in hashed]
        flat = [piece for own in pieces for piece in own]
        sizes = np.array([-1 if piece is None else len(piece) for piece in flat], np.int32)
        ends = np.cumsum(np.maximum(sizes, 0))
        arrays = (
            _slots(hashes),
            hashes,
            np.array([each.kind for _, _, each in hashed], np.int32),
            np.cumsum([0, *map(len, pieces)]).astype(np.int32),
            (ends - np.maximum(sizes, 0)).astype(np.int32),
            sizes,
            np.frombuffer(b"".join(piece or b"" for piece in flat), np.uint8),
        )
        return cls(arrays, np.array([*(number for _, number, _ in hashed), -1], np.int32))

    def numbers_of(
        self, offsets: NDArray[np.int32], data: NDArray[np.uint8], rows: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        return self.numbers[assign_templates(offsets, data, rows, *self.arrays)]  # type: ignore[arg-type]


def _slots(hashes: NDArray[np.uint64]) -> NDArray[np.int32]:
    """A table at least half empty: the place in ``hashes`` of the first of each."""
    size = 2 << len(hashes).bit_length()
    slots = np.full(size, -1, np.int32)
    distinct, firsts = np.unique(hashes, return_index=True)
    for shape, first in zip(distinct.tolist(), firsts.tolist(), strict=True):
        slot = shape & (size - 1)
        while slots[slot] >= 0:
            slot = (slot + 1) & (size - 1)
        slots[slot] = first
    return slots


def _spread(rows: NDArray[np.int64], picked: int) -> NDArray[np.int64]:
    """At most so many of ``rows``, evenly spaced."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(picked, len(rows))).astype(np.int64))]
