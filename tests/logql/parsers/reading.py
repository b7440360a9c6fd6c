"""Extracted columns as one dict a line, and lines that try a parser."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from hypothesis import strategies as st

from logql.parsers.extracted import Extracted, Extractor
from logql.parsers.kernels import captures, json_scan, logfmt_scan, values
from logql.parsers.rows import Row

__all__ = ["broken", "extract", "load", "rows_of"]


def load() -> None:
    """Put machine code in the place of the twins."""
    for kernel in (json_scan.scan_json, logfmt_scan.scan_logfmt, values.copy_values, captures.find_captures):
        kernel.load()


def extract(extractor: Extractor, lines: Sequence[str], needed: frozenset[str] | None = None) -> list[Row]:
    """The lines stand in the middle of a longer array, as those of a part do."""
    array = pa.array(["before", *lines, "after"], pa.string()).slice(1, len(lines))
    return rows_of(extractor.extract(array, needed))


def rows_of(found: Extracted) -> list[Row]:
    """Labels and error of each row; columns without a value or with values that repeat are refused."""
    for column in found.columns.values():
        assert len(column.values) == len(set(column.values.to_pylist()))
        assert (column.codes >= 0).any()
    return [_row(found, row) for row in range(len(found.has_error))]


def _row(found: Extracted, row: int) -> Row:
    texts = {name: column.text(row) for name, column in found.columns.items()}
    labels = {name: text for name, text in texts.items() if text is not None}
    error = found.errors.text(row) if found.errors is not None else None
    is_complete = found.defaults is None or not found.defaults.rows[row]
    line = found.lines[row].as_py() if found.lines is not None else None
    return Row(labels, error, bool(found.has_error[row]), is_complete, line)


@st.composite
def broken(draw: st.DrawFn, lines: st.SearchStrategy[str], pieces: Sequence[str]) -> str:
    """A line of ``lines`` with up to three places where something is missing or too much."""
    line = draw(lines)
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(line)))
        stop = draw(st.integers(start, min(len(line), start + 4)))
        line = line[:start] + draw(st.sampled_from(["", *pieces])) + line[stop:]
    return line
