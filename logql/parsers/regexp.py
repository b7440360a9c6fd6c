"""``| regexp`` over batches: Arrow's RE2 on the lines that hold the text which every match holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from logql.kernels import mark_containing
from logql.parsers.columns import check_room
from logql.parsers.extracted import Extracted, nothing
from logql.parsers.names import sanitised
from logql.pieces import in_pieces
from logql.regex import required_text
from logql.values.regex import compile_regex
from storage.batch import MetadataColumn, string_buffers

__all__ = ["RegexpExtractor"]

# Escapes, quoted text and classes are passed over, so that only real groups are found.
_GROUP = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\((?!\?)|\(\?P?<(?P<name>[^>=!]*)>", re.DOTALL
)


class RegexpExtractor:
    """Each named group becomes a label, "" where it took no part in the match. There are no errors."""

    def __init__(self, regex: str) -> None:
        compile_regex(regex)
        self._regex = regex
        self._required = required_text(regex).text
        names = [group["name"] for group in _GROUP.finditer(regex) if group["name"]]
        self._groups = {sanitised(name): name for name in reversed(names)}  # of two of one label the first wins

    def extract(self, lines: pa.Array, needed: frozenset[str] | None) -> Extracted:
        groups = {label: group for label, group in self._groups.items() if needed is None or label in needed}
        if not groups or not len(lines):
            return nothing(len(lines), "")
        check_room(len(lines), len(groups))
        rows = self._candidates(lines)
        picked = lines if rows is None else lines.take(pa.array(rows))
        found = _matches(picked, self._regex, groups)
        columns = {label: _column(found, group, rows, len(lines)) for label, group in groups.items()}
        present = {label: column for label, column in columns.items() if len(column.values)}
        return Extracted(present, "", np.zeros(len(lines), np.bool_))

    def _candidates(self, lines: pa.Array) -> np.ndarray[Any, Any] | None:
        """The rows that may match; None for all."""
        if not self._required:
            return None
        offsets, data = string_buffers(lines)
        return np.flatnonzero(mark_containing(offsets, data, np.frombuffer(self._required.encode(), np.uint8)))


def _matches(lines: pa.Array, regex: str, groups: Mapping[str, str]) -> pa.StructArray:
    """A struct of the groups for each line, null where it does not match."""
    named = _only_named(regex, set(groups.values()))
    try:
        found = [pc.extract_regex(piece, named) for piece in in_pieces(lines)]
        return cast(pa.StructArray, pa.concat_arrays(found or [pc.extract_regex(lines, named)]))
    except pa.ArrowInvalid:  # groups that the rewriting did not understand
        return _matches_by_rows(lines, regex, groups)


def _matches_by_rows(lines: pa.Array, regex: str, groups: Mapping[str, str]) -> pa.StructArray:
    compiled: Any = compile_regex(regex)
    fields = pa.struct([(group, pa.string()) for group in groups.values()])
    found = (compiled.search(line) for line in lines.to_pylist())
    texts = [None if match is None else {group: match[group] or "" for group in groups.values()} for match in found]
    return pa.array(texts, fields)


def _only_named(regex: str, names: Collection[str]) -> str:
    """``regex`` with no captures but these; RE2 is faster with fewer, and Arrow takes none without a name."""

    def rewrite(found: re.Match[str]) -> str:
        if found["name"] in names:
            return f"(?P<{found['name']}>"
        return "(?:" if found["name"] or found[0] == "(" else found[0]

    return _GROUP.sub(rewrite, regex)


def _column(found: pa.StructArray, group: str, rows: np.ndarray[Any, Any] | None, size: int) -> MetadataColumn:
    """The texts of a group for all ``size`` lines, ``found`` being about those of ``rows``."""
    texts = pc.struct_field(found, group)  # null where the struct is
    column = MetadataColumn.from_arrow(texts.dictionary_encode())
    if rows is None:
        return column
    codes = np.full(size, -1, np.int32)
    codes[rows] = column.codes
    return MetadataColumn(codes, column.values)
