"""Columns of label values: codes into distinct texts, -1 where a row lacks the label (``MetadataColumn``)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import MetadataColumn
from storage.labels import Labels

__all__ = ["absent", "constant", "covered", "has_value", "only", "stream_column", "stream_has"]


def absent(rows: int) -> MetadataColumn:
    """No row has the label."""
    return MetadataColumn(np.full(rows, -1, np.int32), pa.array([], pa.string()))


def constant(text: str, mask: NDArray[np.bool_]) -> MetadataColumn:
    """``text`` where ``mask``."""
    return MetadataColumn(np.where(mask, 0, -1).astype(np.int32), pa.array([text], pa.string()))


def only(column: MetadataColumn, mask: NDArray[np.bool_]) -> MetadataColumn:
    """The column where ``mask``, nothing elsewhere."""
    return MetadataColumn(np.where(mask, column.codes, np.int32(-1)), column.values)


def covered(below: MetadataColumn | None, above: MetadataColumn) -> MetadataColumn:
    """``above`` where it has a value, else ``below``. Equal texts of the two keep different codes."""
    if below is None or not has_value(below).any():
        return above
    shifted = above.codes + np.int32(len(below.values))
    codes = np.where(has_value(above), shifted, below.codes)
    return MetadataColumn(codes, pa.concat_arrays([below.values, above.values]))


def has_value(column: MetadataColumn) -> NDArray[np.bool_]:
    """(rows,) whether the row has the label, empty or not."""
    return np.asarray(column.codes >= 0)


def stream_has(streams: Sequence[Labels], stream: NDArray[np.int32], name: str) -> NDArray[np.bool_]:
    """(rows,) whether the row's stream has the label."""
    return np.array([name in labels for labels in streams], np.bool_)[stream]


def stream_column(streams: Sequence[Labels], stream: NDArray[np.int32], name: str) -> MetadataColumn:
    """The stream label as a column."""
    texts = [labels.get(name) for labels in streams]
    codes = np.array([-1 if text is None else number for number, text in enumerate(texts)], np.int32)
    return MetadataColumn(codes[stream], pa.array(["" if text is None else text for text in texts], pa.string()))
