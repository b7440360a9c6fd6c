"""``| unpack`` over batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from logql.parsers.columns import error_column, label_columns, texts_of_spans
from logql.parsers.extracted import Extracted
from logql.parsers.json import DETAIL_TEXTS, JSON_ERROR, details_of_codes
from logql.parsers.kernels.json_scan import FIRST_BYTE, STRINGS, scan_json
from logql.parsers.kernels.keys import FINE, ODD
from logql.parsers.kernels.values import JSON
from logql.parsers.key_table import KeyTable, Meaning, TablesByNeed
from logql.parsers.names import sanitised
from logql.parsers.rows import Row, read_rows
from logql.parsers.unpack_rows import ENTRY, NOT_PACKED, unpack_row
from logql.parsers.walk import Walked, walk

__all__ = ["UnpackExtractor"]

_LINE = ""  # the slot of the entry; no label has this name


class UnpackExtractor:
    """String members become labels and ``_entry`` the line. Lines are read whole whatever labels are needed."""

    def __init__(self) -> None:
        self._tables = TablesByNeed(_table)

    def extract(self, lines: pa.Array, needed: frozenset[str] | None) -> Extracted:
        table = self._tables.of(needed)
        walked = walk(lines, table, lambda at, data, keys, state: scan_json(at, data, keys, state, STRINGS, -1))
        odd = read_rows(lines, walked.codes == ODD, lambda line: unpack_row(line, needed))
        entries = _entries(walked)
        which = details_of_codes(walked.codes)
        which[walked.codes == FIRST_BYTE] = len(DETAIL_TEXTS)
        has_error, errors = error_column(which, [*DETAIL_TEXTS, NOT_PACKED], odd)
        packed = replace(walked, spans=_spans_of_labels(walked, entries))
        columns = label_columns(lines, packed, JSON, odd)
        return Extracted(columns, JSON_ERROR, has_error, errors, _replaced(lines, entries, odd), overwrites=True)


def _entries(walked: Walked) -> NDArray[np.int32]:
    """The spans of the entries of whole lines."""
    if _LINE not in walked.names:
        return walked.spans[:0]
    is_entry = walked.spans[:, 1] == walked.names.index(_LINE)
    entries: NDArray[np.int32] = walked.spans[is_entry & (walked.codes[walked.spans[:, 0]] == FINE)]
    return entries


def _spans_of_labels(walked: Walked, entries: NDArray[np.int32]) -> NDArray[np.int32]:
    if not len(entries):
        return entries
    has_entry = np.zeros(len(walked.codes), np.bool_)
    has_entry[entries[:, 0]] = True
    is_label = walked.spans[:, 1] != walked.names.index(_LINE)
    labels: NDArray[np.int32] = walked.spans[is_label & has_entry[walked.spans[:, 0]]]
    return labels


def _replaced(lines: pa.Array, entries: NDArray[np.int32], odd: Mapping[int, Row]) -> pa.Array:
    """The lines with entries in the place of those that had one; of several the last one counts."""
    odd_entries = {place: row.line for place, row in odd.items() if row.line is not None}
    texts = pa.concat_arrays([texts_of_spans(lines, entries, JSON), pa.array(odd_entries.values(), pa.string())])
    picked = np.full(len(lines), -1, np.int64)
    picked[[*entries[:, 0].tolist(), *odd_entries]] = np.arange(len(texts))
    mask = picked >= 0
    return pc.replace_with_mask(lines, pa.array(mask), texts.take(pa.array(picked[mask])))


def _table(needed: frozenset[str] | None) -> KeyTable:
    def resolve(_prefix: str, key: str) -> Meaning:
        if key == ENTRY:
            return Meaning("", _LINE)
        name = sanitised(key)
        return Meaning("", name if name and (needed is None or name in needed) else None)

    return KeyTable(resolve, None if needed is None else needed | {ENTRY})
