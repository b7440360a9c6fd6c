"""Metadata that groups of rows share, laid over the columns of what rows have for themselves.

Python works per group, not per row.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.push.entries import Shared
from server.push.metadata import check_names
from storage.batch import MetadataColumn

__all__ = ["with_shared"]

_NO_COLUMN = MetadataColumn(np.empty(0, np.int32), pa.array([], pa.string()))
_NOT_SAID, _EMPTY = -2, -1


def with_shared(columns: Mapping[str, MetadataColumn], shared: Shared | None) -> dict[str, MetadataColumn]:
    """The columns with the shared pairs, which win over those of a row; an empty value is none.

    PushError 400 for too many different names.
    """
    if shared is None:
        return dict(columns)
    by_name: dict[str, dict[int, str]] = {}
    for group, (one, other) in enumerate(shared.groups):
        for name, value in one.pairs + other.pairs:
            by_name.setdefault(name, {})[group] = value
    check_names(len(columns.keys() | by_name.keys()), len(shared.group))
    laid = {name: _laid_over(columns.get(name), values, shared) for name, values in by_name.items()}
    return {name: column for name, column in {**columns, **laid}.items() if (column.codes >= 0).any()}


def _laid_over(below: MetadataColumn | None, values: Mapping[int, str], shared: Shared) -> MetadataColumn:
    code_of_text = {text: code for code, text in enumerate((below or _NO_COLUMN).values.to_pylist())}
    code_of_group: NDArray[np.int32] = np.full(len(shared.groups), _NOT_SAID, np.int32)
    for group, text in values.items():
        code_of_group[group] = code_of_text.setdefault(text, len(code_of_text)) if text else _EMPTY
    codes = code_of_group[shared.group]
    codes = np.maximum(codes, _EMPTY) if below is None else np.where(codes == _NOT_SAID, below.codes, codes)
    return MetadataColumn(codes, pa.array(list(code_of_text), pa.string()))
