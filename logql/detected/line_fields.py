"""What sampled lines hold: each is read as JSON, and as logfmt where it is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.ast import JsonParser, LogfmtParser
from logql.cancel import check_query
from logql.parsers import Extracted, make_extractor

__all__ = ["JSON", "LOGFMT", "LineField", "LineFields"]

JSON, LOGFMT = "json", "logfmt"


@dataclass(frozen=True, slots=True)
class LineField:
    """``name`` is what the parser calls it; ``row`` the number of the line."""

    row: int
    name: str
    text: str


class LineFields:
    """The fields of ``lines``."""

    def __init__(self, lines: Sequence[str]) -> None:
        array = pa.array(lines, pa.string())
        self._as_json = make_extractor(JsonParser()).extract(array, None)
        self.is_json: NDArray[np.bool_] = ~self._as_json.has_error
        self._others = np.flatnonzero(~self.is_json)
        self._as_logfmt = make_extractor(LogfmtParser()).extract(array.take(pa.array(self._others)), None)

    def parser(self, row: int) -> str:
        """Which parser reads the line of this row."""
        return JSON if self.is_json[row] else LOGFMT

    def __iter__(self) -> Iterator[LineField]:
        """Fields one by one, those of one name together; rows ascend within."""
        yield from _fields(self._as_json, np.arange(len(self.is_json)), set(self._others.tolist()))
        yield from _fields(self._as_logfmt, self._others, ())


def _fields(extracted: Extracted, rows: NDArray[np.int64], without: Collection[int]) -> Iterator[LineField]:
    for name, column in extracted.columns.items():
        check_query()
        texts = column.values.to_pylist()
        for place in np.flatnonzero(column.codes >= 0).tolist():
            row = int(rows[place])
            if row not in without:
                yield LineField(row, name, texts[column.codes[place]])
