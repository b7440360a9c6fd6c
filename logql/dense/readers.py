"""The parsers of queries as the readers that define dense columns, so that a column is what a query would find."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.errors import LimitExceeded
from logql.kernels import mark_containing
from logql.parsers.json import JsonExtractor
from logql.parsers.logfmt import LogfmtExtractor
from storage.batch import MetadataColumn, string_buffers
from storage.dense import FOUND, NOTHING, UNREAD, LineReader, ReadLines

__all__ = ["JSON_NAME", "LOGFMT_NAME", "line_readers"]

JSON_NAME, LOGFMT_NAME = "json", "logfmt"
_BEGINNING = 0x7B  # of an object


def line_readers() -> list[LineReader]:
    """Of all formats that parts keep columns of."""
    return [JsonLines(), LogfmtLines()]


class _Lines:
    def containing(self, lines: pa.Array, text: str) -> NDArray[np.bool_]:
        return mark_containing(*string_buffers(lines), np.frombuffer(text.encode(), np.uint8))


class JsonLines(_Lines):
    """A line that is no object holds NOTHING, and has the error of such lines; one with another error is UNREAD.

    What is wrong behind the labels that a query needs it does not see: for that the line must be read.
    """

    name = JSON_NAME

    def __init__(self) -> None:
        self._extractor = JsonExtractor()

    def read(self, lines: pa.Array) -> ReadLines | None:
        try:
            extracted = self._extractor.extract(lines, None)
        except LimitExceeded:
            return None
        state = np.full(len(lines), FOUND, np.uint8)
        state[extracted.has_error] = UNREAD
        state[extracted.has_error & _is_no_object(lines)] = NOTHING
        return ReadLines(extracted.columns, state)

    def key_texts(self, label: str) -> tuple[str, str]:
        return label, f'"{label}":'


class LogfmtLines(_Lines):
    """Of every line ``| logfmt`` tells all labels, and no error."""

    name = LOGFMT_NAME

    def __init__(self) -> None:
        self._extractor = LogfmtExtractor(strict=False, keep_empty=False)

    def read(self, lines: pa.Array) -> ReadLines | None:
        try:
            columns = self._extractor.extract(lines, None).columns
        except LimitExceeded:
            return None
        return ReadLines(columns, np.where(_has_any(columns.values(), len(lines)), FOUND, NOTHING).astype(np.uint8))

    def key_texts(self, label: str) -> tuple[str, str]:
        return label, f"{label}="


def _is_no_object(lines: pa.Array) -> NDArray[np.bool_]:
    """(rows,) lines of which the first byte shows it; those that begin with a blank are not judged."""
    offsets, data = string_buffers(lines)
    first = np.zeros(len(lines), np.uint8)
    has_text = np.diff(offsets) > 0
    first[has_text] = data[offsets[:-1][has_text]]
    is_other: NDArray[np.bool_] = (first != _BEGINNING) & ~np.isin(first, np.frombuffer(b" \t\r\n", np.uint8))
    return is_other


def _has_any(columns: Collection[MetadataColumn], rows: int) -> NDArray[np.bool_]:
    has_any = np.zeros(rows, np.bool_)
    for column in columns:
        has_any |= column.codes >= 0
    return has_any
