"""Columns of labels and of errors, made of spans and of the rows that were read one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.cancel import check_query
from logql.errors import LimitExceeded
from logql.parsers.kernels.values import copy_values
from logql.parsers.rows import Row
from logql.parsers.walk import Walked
from storage.batch import MetadataColumn, string_array, string_buffers

__all__ = ["check_room", "error_column", "label_columns", "spans_by_slot", "target_columns", "texts_of_spans"]

_NO_TEXTS = pa.array([], pa.string())
_MAX_CELLS = 1 << 26  # rows times names of one batch, of four bytes each


def label_columns(lines: pa.Array, walked: Walked, rules: int, odd: Mapping[int, Row]) -> dict[str, MetadataColumn]:
    """Labels by name. ``rules`` of ``copy_values``; ``odd``: rows that no span is of."""
    by_slot, odd_texts = spans_by_slot(walked.spans), _by_name(odd)
    check_room(len(lines), len(by_slot) + len(odd_texts))
    columns = {
        walked.names[slot]: _column(len(lines), spans[:, 0], texts_of_spans(lines, spans, rules))
        for slot, spans in by_slot.items()
    }
    for name, texts in odd_texts.items():
        check_query()
        column = columns.get(name) or MetadataColumn(np.full(len(lines), -1, np.int32), _NO_TEXTS)
        columns[name] = _with_texts(column, texts)
    return columns


def check_room(rows: int, names: int) -> None:
    """Raises LimitExceeded where columns of so many labels would fill the memory: every one has a cell a row."""
    if rows * names > _MAX_CELLS:
        raise LimitExceeded(
            f"the lines have too many different keys to make labels of all ({names} in {rows} lines); name the ones "
            'that you need, as in | json level="level", or filter lines before the parser'
        )


def target_columns(
    lines: pa.Array, walked: Walked, rules: int, odd: Mapping[int, Row], feeds: Mapping[str, Collection[str]]
) -> dict[str, MetadataColumn]:
    """As ``label_columns``, but labels are named by ``feeds``, each with the names of slots whose values it takes."""
    columns: dict[str, MetadataColumn] = {}
    odd_texts = _by_name(odd)
    for target, names in feeds.items():
        slots = [slot for slot, name in enumerate(walked.names) if name in names]
        spans = walked.spans[np.isin(walked.spans[:, 1], slots)]
        column = _column(len(lines), spans[:, 0], texts_of_spans(lines, spans, rules))
        column = _with_texts(column, odd_texts.get(target, {}))
        if len(column.values):
            columns[target] = column
    return columns


def spans_by_slot(spans: NDArray[np.int32]) -> dict[int, NDArray[np.int32]]:
    """The spans of each slot, in order of rows."""
    slots = spans[:, 1]
    counts = np.bincount(slots) if len(slots) else np.zeros(0, np.int64)
    present = np.flatnonzero(counts).tolist()
    if len(present) == 1:
        return {present[0]: spans}
    if len(present) <= 4:
        return {slot: spans[slots == slot] for slot in present}
    ordered = spans[np.argsort(slots.astype(np.uint16), kind="stable")]  # a radix sort: there are few slots
    ends = np.cumsum(counts)
    return {slot: ordered[ends[slot] - counts[slot] : ends[slot]] for slot in present}


def texts_of_spans(lines: pa.Array, spans: NDArray[np.int32], rules: int) -> pa.Array:
    """The text of each span."""
    _, data = string_buffers(lines)
    sizes = spans[:, 3]
    room = np.empty(int(np.where(sizes < 0, ~sizes, sizes).sum(dtype=np.int64)), np.uint8)
    return string_array(copy_values(data, np.ascontiguousarray(spans), rules, room), room)


def _column(rows: int, places: NDArray[np.int32], texts: pa.Array) -> MetadataColumn:
    """``texts`` at rows ``places``; of several at one row the last one counts."""
    encoded = texts.dictionary_encode()
    codes = np.full(rows, -1, np.int32)
    codes[places] = encoded.indices.to_numpy()
    return MetadataColumn(codes, encoded.dictionary)


def _by_name(odd: Mapping[int, Row]) -> dict[str, dict[int, str]]:
    texts: dict[str, dict[int, str]] = {}
    for place, row in odd.items():
        for name, text in row.labels.items():
            texts.setdefault(name, {})[place] = text
    return texts


def _with_texts(column: MetadataColumn, texts: Mapping[int, str]) -> MetadataColumn:
    """``column`` with these rows set, too."""
    if not texts:
        return column
    encoded = pa.concat_arrays([column.values, pa.array(texts.values(), pa.string())]).dictionary_encode()
    codes = column.codes.copy()
    codes[list(texts)] = encoded.indices.to_numpy()[len(column.values) :]
    return MetadataColumn(codes, encoded.dictionary)


def error_column(
    which: NDArray[np.int32], texts: Sequence[str], odd: Mapping[int, Row]
) -> tuple[NDArray[np.bool_], MetadataColumn | None]:
    """(rows with an error, their details): ``which`` (rows,) indexes ``texts``; -1 where a row has no error."""
    column = MetadataColumn(which, pa.array(texts, pa.string()))
    odd_texts = {place: row.error for place, row in odd.items() if row.error is not None}
    if odd_texts:
        column = _with_texts(column, odd_texts)
    has_error = column.codes >= 0
    has_error[[place for place, row in odd.items() if row.has_error]] = True
    return has_error, column if (column.codes >= 0).any() else None
