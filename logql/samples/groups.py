"""The series that each row of a frame belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logql.errors import PipelineError
from logql.labels import LabelState
from logql.labels.start import ERROR
from logql.samples.label_key import LabelKey
from logql.scan.frame import Frame
from storage.labels import Labels

__all__ = ["RowGrouper", "RowGroups"]

_DENSE = 4  # codes up to this many times the rows are counted in a table instead of being sorted
_MAX_CODE = 1 << 40
_PARSER_ERRORS = frozenset({"JSONParserErr", "LogfmtParserErr"})


@dataclass(frozen=True, slots=True)
class RowGroups:
    """``group`` (rows,) indexes ``labels``; two groups may have the same labels, and some may have no rows."""

    group: NDArray[np.int64]
    labels: Sequence[Labels]


@dataclass(frozen=True, slots=True)
class _StreamTable:
    """What the key sees of a table of streams: ``codes`` (streams,) index ``labels``, which are distinct."""

    streams: Sequence[Labels]
    codes: NDArray[np.int64]
    labels: Sequence[Labels]


class RowGrouper:
    """Groups rows by ``key``. Calls raise PipelineError when a row carries an error label, unless a parser set it and
    ``keeps_parser_errors``.

    The streams of a part are looked at once for all of its chunks. Shared by the threads of a query: in a race one of
    them looks in vain.
    """

    def __init__(self, key: LabelKey, keeps_parser_errors: bool = False) -> None:
        self._key = key
        self._kept_errors = _PARSER_ERRORS if keeps_parser_errors else frozenset[str]()
        self._tables: dict[int, _StreamTable] = {}

    def __call__(self, frame: Frame) -> RowGroups:
        state = frame.labels(self._key.names)
        table = self._table(state.streams)
        columns = list(state.code_columns(self._key.names, self._key.without))
        code = table.codes[state.stream]
        if not columns and len(table.labels) <= _DENSE * len(code) + 1024:
            return RowGroups(code, table.labels)
        group, first_rows = _distinct(_combined(code, len(table.labels), columns), len(frame))
        return RowGroups(group, [self._key.project(self._labels(state, row)) for row in first_rows.tolist()])

    def _table(self, streams: Sequence[Labels]) -> _StreamTable:
        # The table is kept beside its id, so that the id is not given to another table meanwhile.
        known = self._tables.get(id(streams))
        if known is None:
            numbers: dict[Labels, int] = {}
            codes = [numbers.setdefault(self._key.project(labels), len(numbers)) for labels in streams]
            known = self._tables[id(streams)] = _StreamTable(streams, np.array(codes, np.int64), list(numbers))
        return known

    def _labels(self, state: LabelState, row: int) -> Labels:
        labels = state.labels(row)
        if ERROR in labels and labels[ERROR] not in self._kept_errors:
            raise PipelineError(labels)
        return labels


def _combined(code: NDArray[np.int64], size: int, columns: Sequence[tuple[NDArray[Any], int]]) -> NDArray[np.int64]:
    """One number a row; equal numbers mean equal ``code`` (below ``size``) and equal values in all columns."""
    for codes, count in columns:
        choices = count + 1
        if size * choices > _MAX_CODE:
            code, firsts = _distinct(code, len(code))
            size = len(firsts)
        code = code * choices + (codes + 1)
        size *= choices
    return code


def _distinct(codes: NDArray[np.int64], rows: int) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The codes numbered from 0, and a row of each number."""
    highest = int(codes.max()) if rows else 0
    if highest > _DENSE * rows + 1024:
        _, firsts, numbers = np.unique(codes, return_index=True, return_inverse=True)
        return numbers.reshape(-1), firsts
    row_of = np.full(highest + 1, -1, np.intp)
    row_of[codes[::-1]] = np.arange(rows - 1, -1, -1)
    used = row_of >= 0
    return (np.cumsum(used) - 1)[codes], row_of[used]
