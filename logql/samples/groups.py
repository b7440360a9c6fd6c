"""The series that each row of a frame belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.errors import PipelineError
from logql.labels import LabelState
from logql.labels.start import ERROR
from logql.samples.label_key import LabelKey
from logql.scan.frame import Frame
from storage.labels import Labels

__all__ = ["RowGroups", "group_rows"]

_DENSE = 4  # codes up to this many times the rows are counted in a table instead of being sorted
_MAX_CODE = 1 << 40
_PARSER_ERRORS = frozenset({"JSONParserErr", "LogfmtParserErr"})


@dataclass(frozen=True, slots=True)
class RowGroups:
    """``group`` (rows,) indexes ``labels``; two groups may have the same labels."""

    group: NDArray[np.int64]
    labels: tuple[Labels, ...]


def group_rows(frame: Frame, key: LabelKey, keeps_parser_errors: bool = False) -> RowGroups:
    """Raises PipelineError when a row carries an error label, unless a parser set it and the query deals with it."""
    state = frame.labels(key.names)
    group, first_rows = _distinct(_combined(state, key), len(frame))
    kept = _PARSER_ERRORS if keeps_parser_errors else frozenset[str]()
    return RowGroups(group, tuple(key.project(_labels(state, row, kept)) for row in first_rows.tolist()))


def _combined(state: LabelState, key: LabelKey) -> NDArray[np.int64]:
    """One number a row; equal numbers mean equal labels as far as the key looks."""
    code, size = state.stream.astype(np.int64), len(state.streams)
    for codes, count in state.code_columns(key.names, key.without):
        choices = count + 1
        if size * choices > _MAX_CODE:
            code, firsts = _distinct(code, len(code))
            size = len(firsts)
        code = code * choices + (codes + 1)
        size *= choices
    return code


def _labels(state: LabelState, row: int, kept_errors: frozenset[str]) -> Labels:
    labels = state.labels(row)
    if ERROR in labels and labels[ERROR] not in kept_errors:
        raise PipelineError(labels)
    return labels


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
