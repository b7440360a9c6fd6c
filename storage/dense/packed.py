"""One key of one chunk as an Arrow column: values of the rows that are FOUND, packed into the list of the first row.

A null for each row that lacks the key would cost as much as the values, where lines of many kinds are mixed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from storage.batch import MetadataColumn
from storage.dense.numbers import Numbers, numbers_of, texts_of_numbers

__all__ = ["Kind", "Packed", "column_type", "pack", "pack_nothing", "unpack"]

_NO_NUMBER = np.iinfo(np.int32).min


class Kind(StrEnum):
    """How values are stored: codes of one or two bytes into their texts, or as numbers."""

    FEW = "few"
    MANY = "many"
    NUMBERS = "numbers"


# Of a number: compressed apart, because the lowest bits are noise where the highest are nearly always the same.
_PIECES = {"low": pa.uint8(), "middle": pa.uint8(), "high": pa.int16()}
_CODES = {Kind.FEW: pa.uint8(), Kind.MANY: pa.uint16()}


class Packed(NamedTuple):
    """``lists``: the content of each list of the column. ``scale`` and ``suffix`` as in ``ColumnFacts``."""

    lists: dict[str, pa.Array]
    scale: int = 0
    suffix: str = ""

    def to_arrow(self, rows: int) -> pa.Array:
        """The column for a chunk of so many rows (at least one)."""
        arrays = [_in_first_row(content, rows) for content in self.lists.values()]
        return pa.StructArray.from_arrays(arrays, list(self.lists))


def column_type(kind: Kind) -> pa.DataType:
    if kind is Kind.NUMBERS:
        return pa.struct([(name, pa.list_(kind)) for name, kind in _PIECES.items()])
    return pa.struct([("codes", pa.list_(_CODES[kind])), ("texts", pa.list_(pa.string()))])


def pack(column: MetadataColumn, kind: Kind) -> Packed | None:
    """All rows of ``column``; None where its values are not of this kind."""
    used = np.unique(column.codes[column.codes >= 0])
    if not len(used):
        return pack_nothing(kind)
    texts = column.values.take(pa.array(used))
    # One place more, for the code -1.
    places = np.full(len(column.values) + 1, -1, np.int64)
    if kind is Kind.NUMBERS:
        return _pack_numbers(column.codes, places, used, numbers_of(texts))
    if len(used) > np.iinfo(_CODES[kind].to_pandas_dtype()).max:
        return None
    order = pc.sort_indices(texts)
    places[used[order.to_numpy()]] = np.arange(len(used))
    codes = pa.array((places[column.codes] + 1).astype(_CODES[kind].to_pandas_dtype()))
    return Packed({"codes": codes, "texts": texts.take(order)})


def pack_nothing(kind: Kind) -> Packed:
    """Of a chunk that lacks the column."""
    return Packed({field.name: pa.array([], field.type.value_type) for field in column_type(kind)})


def unpack(column: pa.Array, scale: int, suffix: str) -> MetadataColumn:
    """What was packed; its codes are those of the rows that were packed."""
    if column.type.get_field_index("high") >= 0:
        return _unpack_numbers(_numbers_of_pieces(column), scale, suffix)
    codes, texts = column.field("codes").flatten(), column.field("texts").flatten()
    return MetadataColumn(codes.to_numpy().astype(np.int32) - 1, texts)


def _pack_numbers(
    codes: NDArray[np.int32], places: NDArray[np.int64], used: NDArray[np.int32], numbers: Numbers | None
) -> Packed | None:
    if numbers is None:
        return None
    places[:] = _NO_NUMBER
    places[used] = numbers.values
    values = places[codes]
    pieces = {"low": values & 0xFF, "middle": (values >> 8) & 0xFF, "high": values >> 16}
    arrays = {name: pa.array(pieces[name].astype(kind.to_pandas_dtype())) for name, kind in _PIECES.items()}
    return Packed(arrays, numbers.scale, numbers.suffix)


def _numbers_of_pieces(column: pa.Array) -> NDArray[np.int32]:
    low, middle, high = (column.field(name).flatten().to_numpy().astype(np.int32) for name in _PIECES)
    values: NDArray[np.int32] = (high << 16) | (middle << 8) | low
    return values


def _unpack_numbers(values: NDArray[np.int32], scale: int, suffix: str) -> MetadataColumn:
    encoded = pa.array(values).dictionary_encode()
    codes, numbers = encoded.indices.to_numpy(), encoded.dictionary.to_numpy()
    texts = texts_of_numbers(Numbers(numbers, scale, suffix))
    missing = np.flatnonzero(numbers == _NO_NUMBER)
    if not len(missing):
        return MetadataColumn(codes, texts)
    return MetadataColumn(np.where(codes == missing[0], -1, codes).astype(np.int32), texts)


def _in_first_row(content: pa.Array, rows: int) -> pa.Array:
    offsets = np.full(rows + 1, len(content), np.int32)
    offsets[0] = 0
    return pa.ListArray.from_arrays(pa.array(offsets), content)
