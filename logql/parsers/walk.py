"""A batch of lines walked by a kernel: where the values of labels are, and which lines it left to their row parser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.parsers.kernels import keys
from logql.parsers.kernels.keys import Keys, State
from logql.parsers.key_table import MAX_ENTRIES, KeyTable
from storage.batch import string_buffers

__all__ = ["Scan", "Walked", "walk"]

Scan: TypeAlias = Callable[[NDArray[np.int32], NDArray[np.uint8], Keys, State], int]

_SPANS_A_ROW = 4
_MIN_SPANS = 1024


@dataclass(frozen=True, slots=True)
class Walked:
    """What the kernel found: see ``State`` for ``codes``, ``places`` and ``spans``; ``names`` of labels by slot."""

    codes: NDArray[np.uint8]
    places: NDArray[np.int32]
    spans: NDArray[np.int32]
    names: Sequence[str]


def walk(lines: pa.Array, table: KeyTable, scan: Scan) -> Walked:
    """Run ``scan`` over all lines; keys that it does not know are put into ``table``, or their rows are odd."""
    offsets, data = string_buffers(lines)
    rows = len(lines)
    state = _fresh_state(rows)
    state.cursor[keys.LEARNS] = table.learns
    while (status := scan(offsets, data, table.snapshot(), state)) != keys.DONE:
        if status == keys.FULL:
            room = np.empty((len(state.spans) * 2, 4), np.int32)
            room[: state.cursor[keys.SPANS]] = state.spans[: state.cursor[keys.SPANS]]
            state = state._replace(spans=room)
            continue
        start, size, parent = state.cursor[[keys.START, keys.SIZE, keys.PARENT]].tolist()
        if table.entry(parent, data[start : start + size].tobytes()) is None:
            state.codes[state.cursor[keys.ROW]] = keys.ODD
            state.cursor[keys.ROW] += 1
        state.cursor[keys.LEARNS] = table.learns
    return Walked(state.codes, state.places, state.spans[: state.cursor[keys.SPANS]], table.names)


def _fresh_state(rows: int) -> State:
    return State(
        cursor=np.zeros(8, np.int64),
        codes=np.zeros(rows, np.uint8),
        places=np.zeros(rows, np.int32),
        spans=np.empty((max(_MIN_SPANS, rows * _SPANS_A_ROW), 4), np.int32),
        marks=np.zeros(MAX_ENTRIES, np.int64),
        guesses=np.zeros(MAX_ENTRIES, np.int32),
        opened=np.zeros(keys.MAX_DEPTH, np.int32),
    )
