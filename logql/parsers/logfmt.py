"""``| logfmt`` over batches. The kernel knows the whole format; only lines with too many keys are read by rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.parsers.columns import error_column, label_columns
from logql.parsers.extracted import Extracted, nothing
from logql.parsers.kernels.keys import FINE, ODD, Keys, State
from logql.parsers.kernels.logfmt_scan import (
    BAD_EQUALS,
    BAD_KEY,
    BAD_QUOTE,
    BAD_VALUE,
    UNTERMINATED,
    scan_logfmt,
)
from logql.parsers.kernels.values import LOGFMT
from logql.parsers.key_table import KeyTable, Meaning, TablesByNeed
from logql.parsers.logfmt_rows import logfmt_row
from logql.parsers.logfmt_text import Cause, defect_text
from logql.parsers.names import sanitised
from logql.parsers.rows import Row, read_rows
from logql.parsers.walk import Walked, walk
from storage.batch import MetadataColumn

__all__ = ["LOGFMT_ERROR", "LogfmtExtractor", "logfmt_errors"]

LOGFMT_ERROR = "LogfmtParserErr"
_CAUSES = {
    BAD_EQUALS: Cause.EQUALS,
    BAD_QUOTE: Cause.QUOTE,
    UNTERMINATED: Cause.UNTERMINATED,
    BAD_VALUE: Cause.VALUE,
    BAD_KEY: Cause.KEY,
}


class LogfmtExtractor:
    """Every pair of the line becomes a label."""

    def __init__(self, strict: bool, keep_empty: bool) -> None:
        self._strict = strict
        self._keep_empty = keep_empty
        self._tables = TablesByNeed(_table)

    def extract(self, lines: pa.Array, needed: frozenset[str] | None) -> Extracted:
        if needed is not None and not needed:
            return nothing(len(lines), LOGFMT_ERROR)
        strict, keep_empty = self._strict, self._keep_empty
        wanted = -1 if needed is None else len(needed)

        def scan(offsets: NDArray[np.int32], data: NDArray[np.uint8], keys: Keys, state: State) -> int:
            return scan_logfmt(offsets, data, keys, state, strict, keep_empty, wanted)

        walked = walk(lines, self._tables.of(needed), scan)
        odd = read_rows(lines, walked.codes == ODD, lambda line: logfmt_row(line, strict, keep_empty, needed))
        has_error, errors = logfmt_errors(walked, odd)
        return Extracted(label_columns(lines, walked, LOGFMT, odd), LOGFMT_ERROR, has_error, errors)


def logfmt_errors(walked: Walked, odd: Mapping[int, Row]) -> tuple[NDArray[np.bool_], MetadataColumn | None]:
    """(rows with an error, their details); positions make many different texts, so they are made for distinct ones."""
    which = np.full(len(walked.codes), -1, np.int32)
    faulty = np.flatnonzero((walked.codes != FINE) & (walked.codes != ODD))
    defects, which[faulty] = np.unique(
        np.stack([walked.codes[faulty].astype(np.int32), walked.places[faulty]]), axis=1, return_inverse=True
    )
    texts = [defect_text(_CAUSES[code], place) for code, place in defects.T.tolist()]
    return error_column(which, texts, odd)


def _table(needed: frozenset[str] | None) -> KeyTable:
    def resolve(_prefix: str, key: str) -> Meaning:
        name = sanitised(key)
        return Meaning("", name if name and (needed is None or name in needed) else None)

    return KeyTable(resolve, needed)
