"""Which keys become columns: seen on a sample of the rows, cheapest first, until the budget is spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import zstandard
from numpy.typing import NDArray

from storage.batch import MetadataColumn, string_text
from storage.dense.packed import Kind, Packed, pack
from storage.dense.reader import FOUND, LineReader, ReadLines

__all__ = ["DenseColumn", "DensePlan", "DensePlanner"]

_SAMPLED_ROWS = 8192  # of a chunk
_MAX_COLUMNS = 32
_MAX_LABELS = 1024  # of a sample; lines with more of them are not records of one shape
_MIN_SHARE = 1 / 16  # of the sampled rows that are of the format, and of those that have the key
_MAX_FEW, _MAX_DISTINCT_SHARE = 200, 0.5
_MEASURE_WORTH, _COUNT_WORTH = 4.0, 2.0  # numbers are unwrapped; those without a unit or a point may be ids


@dataclass(frozen=True, slots=True)
class DenseColumn:
    """A label of the format called ``format_name``."""

    format_name: str
    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class DensePlan:
    """The columns of all chunks of a part; ``readers`` by their names."""

    columns: tuple[DenseColumn, ...]
    readers: Mapping[str, LineReader]

    @property
    def formats(self) -> list[str]:
        """Names of the formats that have columns."""
        return list(dict.fromkeys(column.format_name for column in self.columns))


@dataclass(slots=True)
class _Candidate:
    """Bytes are those that its columns would have in the file; ``kinds`` it could not be are gone."""

    few: int = 0
    stored_bytes: dict[Kind, float] = field(default_factory=lambda: dict.fromkeys(Kind, 0.0))
    form: tuple[int, str] | None = None

    def refuse(self, kind: Kind) -> None:
        self.stored_bytes.pop(kind, None)

    @property
    def kind(self) -> Kind | None:
        return min(self.stored_bytes, key=lambda kind: self.stored_bytes[kind], default=None)

    @property
    def rank(self) -> float:
        """Bytes for what it is worth."""
        kind = self.kind
        assert kind is not None
        if kind is not Kind.NUMBERS:
            return self.stored_bytes[kind]
        return self.stored_bytes[kind] / (_COUNT_WORTH if self.form == (0, "") else _MEASURE_WORTH)


class DensePlanner:
    """``add`` the lines of each chunk, then ``plan``. ``share``: the budget, of the stored bytes of lines."""

    def __init__(self, readers: Sequence[LineReader], share: float) -> None:
        self._readers = {reader.name: reader for reader in readers}
        self._share = share
        self._line_bytes = 0.0
        self._found: dict[tuple[str, str], _Candidate] = {}

    def add(self, lines: pa.Array) -> None:
        """``lines``: pa.string(), those of a chunk."""
        rows = np.unique(np.linspace(0, len(lines) - 1, min(len(lines), _SAMPLED_ROWS)).astype(np.int64))
        sample, scale = lines.take(pa.array(rows)), len(lines) / len(rows)
        self._line_bytes += scale * _stored_bytes(string_text(sample))
        for reader in self._readers.values():
            read = reader.read(sample)
            if read is not None and len(read.columns) <= _MAX_LABELS:
                self._add_format(reader.name, read, scale)

    def plan(self) -> DensePlan:
        left = self._line_bytes * self._share
        chosen: list[DenseColumn] = []
        kept = {key: candidate for key, candidate in self._found.items() if candidate.kind is not None}
        for (format_name, label), candidate in sorted(kept.items(), key=lambda item: (item[1].rank, item[0])):
            kind = candidate.kind
            assert kind is not None
            if len(chosen) < _MAX_COLUMNS and candidate.stored_bytes[kind] <= left:
                left -= candidate.stored_bytes[kind]
                chosen.append(DenseColumn(format_name, label, kind))
        return DensePlan(tuple(sorted(chosen, key=lambda each: (each.format_name, each.label))), self._readers)

    def _add_format(self, name: str, read: ReadLines, scale: float) -> None:
        found = read.state == FOUND
        if found.sum() < _MIN_SHARE * len(found):
            return
        for label, column in read.columns.items():
            codes = column.codes[found]
            key = name, label
            if (codes >= 0).sum() >= _MIN_SHARE * len(codes) or key in self._found:
                _add_column(self._found.setdefault(key, _Candidate()), MetadataColumn(codes, column.values), scale)


def _add_column(candidate: _Candidate, column: MetadataColumn, scale: float) -> None:
    values = int((np.bincount(column.codes + 1)[1:] > 0).sum())
    present = int((column.codes >= 0).sum())
    for kind in list(candidate.stored_bytes):
        packed = pack(column, kind)
        if packed is None or (kind is not Kind.NUMBERS and _is_unfit(kind, values, present)):
            candidate.refuse(kind)
            continue
        if kind is Kind.NUMBERS and present:
            form = packed.scale, packed.suffix
            if candidate.form not in (None, form):
                candidate.refuse(kind)
                continue
            candidate.form = form
        candidate.stored_bytes[kind] += _packed_bytes(packed, scale if values * 2 > present else 1.0, scale)


def _is_unfit(kind: Kind, values: int, present: int) -> bool:
    """Texts that hardly repeat, as ids and messages do; where a sample has many values, chunks have more."""
    return values > max(16.0, _MAX_DISTINCT_SHARE * present) or (kind is Kind.FEW and values > _MAX_FEW)


def _packed_bytes(packed: Packed, text_scale: float, scale: float) -> float:
    size = 0.0
    for name, content in packed.lists.items():
        buffers = [buffer for buffer in content.buffers() if buffer is not None]
        size += sum(map(_stored_bytes, buffers)) * (text_scale if name == "texts" else scale)
    return size


def _stored_bytes(data: pa.Buffer | NDArray[np.uint8]) -> int:
    return len(zstandard.ZstdCompressor(level=3).compress(memoryview(data)))  # type: ignore[arg-type]
