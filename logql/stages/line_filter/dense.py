"""Line filters that look for a key, answered by the columns of the chunk: ``|= "latency_ms"`` before ``| json``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.ast import LineFilter, LineFilterOp, LineText
from logql.dense.readers import JSON_NAME, LOGFMT_NAME
from logql.scan.frame import Frame

__all__ = ["passing_by_columns"]


def passing_by_columns(frame: Frame, line_filter: LineFilter) -> NDArray[np.bool_] | None:
    """(rows,) the rows that pass; None where only lines tell."""
    if line_filter.op not in (LineFilterOp.CONTAINS, LineFilterOp.NOT_CONTAINS):
        return None
    mask = np.zeros(len(frame), np.bool_)
    for alternative in line_filter.alternatives:
        contains = _containing(frame, alternative.text) if isinstance(alternative, LineText) else None
        if contains is None:
            return None
        mask |= contains
    return ~mask if line_filter.op.is_negative else mask


def _containing(frame: Frame, text: str) -> NDArray[np.bool_] | None:
    for name in (JSON_NAME, LOGFMT_NAME):
        dense = frame.dense(name)
        contains = dense.containing(text) if dense is not None else None
        if contains is not None:
            return frame.pick(contains)
    return None
