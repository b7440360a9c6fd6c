"""``| json`` over batches: a kernel walks the lines, and the row parser reads those that it finds odd."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.parsers import json_text
from logql.parsers.columns import error_column, label_columns
from logql.parsers.extracted import Extracted, nothing
from logql.parsers.json_rows import join_path, json_row, leads_to
from logql.parsers.kernels.json_scan import (
    MALFORMED,
    MEMBERS,
    NO_ARRAY,
    NO_OBJECT,
    NO_STRING,
    UNKNOWN_TYPE,
    scan_json,
)
from logql.parsers.kernels.keys import ODD
from logql.parsers.kernels.values import JSON
from logql.parsers.key_table import KeyTable, Meaning, TablesByNeed
from logql.parsers.names import join_parts
from logql.parsers.rows import read_rows
from logql.parsers.walk import walk

__all__ = ["JSON_ERROR", "JsonExtractor", "details_of_codes"]

JSON_ERROR = "JSONParserErr"
_DETAILS = {
    NO_OBJECT: json_text.NO_OBJECT_END,
    NO_ARRAY: json_text.NO_ARRAY_END,
    NO_STRING: json_text.NO_STRING_END,
    MALFORMED: json_text.MALFORMED,
    UNKNOWN_TYPE: json_text.UNKNOWN_TYPE,
}
DETAIL_TEXTS = tuple(_DETAILS.values())
_WHICH_DETAIL = np.full(256, -1, np.int32)
_WHICH_DETAIL[list(_DETAILS)] = range(len(_DETAILS))


class JsonExtractor:
    """Every member of the line's object becomes a label."""

    def __init__(self) -> None:
        self._tables = TablesByNeed(_table)

    def extract(self, lines: pa.Array, needed: frozenset[str] | None) -> Extracted:
        if needed is not None and not needed:
            return nothing(len(lines), JSON_ERROR)
        wanted = -1 if needed is None else len(needed)
        table = self._tables.of(needed)
        walked = walk(lines, table, lambda at, data, keys, state: scan_json(at, data, keys, state, MEMBERS, wanted))
        odd = read_rows(lines, walked.codes == ODD, lambda line: json_row(line, needed))
        has_error, errors = error_column(details_of_codes(walked.codes), DETAIL_TEXTS, odd)
        return Extracted(label_columns(lines, walked, JSON, odd), JSON_ERROR, has_error, errors)


def details_of_codes(codes: NDArray[np.uint8]) -> NDArray[np.int32]:
    """(rows,) the index into DETAIL_TEXTS of each row's defect, -1 where there is none."""
    return _WHICH_DETAIL[codes]


def _table(needed: frozenset[str] | None) -> KeyTable:
    def resolve(prefix: str, key: str) -> Meaning:
        path = join_path(prefix, key)
        name = join_parts(path)
        is_label = bool(name) and (needed is None or name in needed)
        return Meaning(path, name if is_label else None, int(leads_to(path, needed)))

    return KeyTable(resolve, needed)
