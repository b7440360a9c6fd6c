"""The dense columns of a chunk on their way into the file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from storage.batch import MetadataColumn
from storage.dense.chunk import column_name
from storage.dense.document import FACTS, ColumnFacts, DenseFacts, KeyTexts, facts_column
from storage.dense.packed import pack, pack_nothing
from storage.dense.plan import DenseColumn, DensePlan
from storage.dense.reader import FOUND, UNREAD, LineReader, ReadLines

__all__ = ["dense_columns"]

_MAX_ALWAYS = 32
_MAX_LISTED = 512
_MAX_LISTED_BYTES = 1 << 14


def dense_columns(lines: pa.Array, plan: DensePlan) -> dict[str, pa.Array]:
    """The columns of ``plan`` for a chunk with these lines (at least one); of all chunks they have the same types."""
    if not plan.columns:
        return {}
    columns: dict[str, pa.Array] = {}
    facts: dict[str, DenseFacts] = {}
    for name in plan.formats:
        own = [column for column in plan.columns if column.format_name == name]
        facts_of_format = _add_format(columns, lines, plan.readers[name], own)
        if facts_of_format is not None:
            facts[name] = facts_of_format
    columns[FACTS] = facts_column(facts, len(lines))
    return columns


def _add_format(
    columns: dict[str, pa.Array], lines: pa.Array, reader: LineReader, wanted: list[DenseColumn]
) -> DenseFacts | None:
    """Put the columns of a format into ``columns``; None where only lines tell anything."""
    rows = len(lines)
    read = reader.read(lines)
    state = np.full(rows, UNREAD, np.uint8) if read is None else read.state
    columns[reader.name] = pa.array(state)
    found = {} if read is None else _of_found(read)
    packed = {each: pack(found[each.label], each.kind) for each in wanted if each.label in found}
    for each in wanted:
        columns[column_name(reader.name, each.label)] = (packed.get(each) or pack_nothing(each.kind)).to_arrow(rows)
    if read is None:
        return None
    always = {label for label, column in found.items() if (column.codes >= 0).all()}
    known = {
        each.label: ColumnFacts(
            content.scale, content.suffix, None if each.label in always else _key_texts(lines, reader, each.label, read)
        )
        for each, content in packed.items()
        if content is not None
    }
    texts = (_key_texts(lines, reader, label, read) for label in sorted(always)[:_MAX_ALWAYS])
    return DenseFacts(known, tuple(each for each in texts if each is not None), _listed(found))


def _of_found(read: ReadLines) -> dict[str, MetadataColumn]:
    """The labels that some row has which is FOUND; the columns are of these rows only."""
    found = read.state == FOUND
    columns = {name: MetadataColumn(column.codes[found], column.values) for name, column in read.columns.items()}
    return {name: column for name, column in columns.items() if (column.codes >= 0).any()}


def _key_texts(lines: pa.Array, reader: LineReader, label: str, read: ReadLines) -> KeyTexts | None:
    """The texts by which searching lines is the same as looking for the label."""
    having = (read.columns[label].codes >= 0) & (read.state == FOUND)
    least, most = reader.key_texts(label)
    if not np.array_equal(reader.containing(lines, least), having):
        return None
    return KeyTexts(least, most if np.array_equal(reader.containing(lines, most), having) else least)


def _listed(found: Mapping[str, MetadataColumn]) -> frozenset[str] | None:
    labels = frozenset(found)
    is_short = len(labels) <= _MAX_LISTED and sum(map(len, labels)) <= _MAX_LISTED_BYTES
    return labels if is_short else None
