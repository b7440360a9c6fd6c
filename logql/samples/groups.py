"""The series that each row of a frame belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logql.entry_labels import error_labels, metadata_labels
from logql.errors import PipelineError
from logql.samples.label_key import LabelKey
from logql.scan.frame import Frame
from storage.batch import MetadataColumn
from storage.labels import Labels

__all__ = ["RowGroups", "group_rows"]

_DENSE = 4  # codes up to this many times the rows are counted in a table instead of being sorted
_MAX_CODE = 1 << 40


@dataclass(frozen=True, slots=True)
class RowGroups:
    """``group`` (rows,) indexes ``labels``; two groups may have the same labels."""

    group: NDArray[np.int64]
    labels: tuple[Labels, ...]


def group_rows(frame: Frame, key: LabelKey) -> RowGroups:
    """Raises PipelineError when a row carries an error label."""
    metadata = frame.metadata(key.metadata_names)
    group, first_rows = _distinct(_combined(frame, metadata), len(frame))
    stream = frame.stream()
    labels = tuple(
        key.project(_labels(frame.source.streams[stream[row]], _texts(metadata, row))) for row in first_rows.tolist()
    )
    return RowGroups(group, labels)


def _combined(frame: Frame, metadata: Mapping[str, MetadataColumn]) -> NDArray[np.int64]:
    """One number a row; equal numbers mean equal stream and metadata."""
    code, size = frame.stream().astype(np.int64), len(frame.source.streams)
    for column in metadata.values():
        choices = len(column.values) + 1
        if size * choices > _MAX_CODE:
            code, firsts = _distinct(code, len(code))
            size = len(firsts)
        code = code * choices + (column.codes + 1)
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


def _texts(metadata: Mapping[str, MetadataColumn], row: int) -> dict[str, str]:
    texts = ((name, column.text(row)) for name, column in metadata.items())
    return {name: text for name, text in texts if text is not None}


def _labels(stream: Labels, texts: Mapping[str, str]) -> Labels:
    errors = error_labels(texts)
    labels = stream.merged(metadata_labels(stream, texts))
    if errors:
        raise PipelineError(labels.merged(errors))
    return labels
