"""How each key of structured metadata will be stored: over one dictionary for all chunks, or each text as it is.

A dictionary is held in memory by who writes and who opens a part, so only few and short texts get one; ids of traces
are stored as they are. Keys beyond those that may have a column of their own share a map, the rarest of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

import pyarrow as pa

from storage.batch import MetadataColumn, string_bytes
from storage.columns import MAX_METADATA_COLUMNS, METADATA_PREFIX
from storage.merge.kept import Kept, KeptChunk

__all__ = ["MetadataPlan"]

_MOST_TEXTS = 65_536
_MOST_TEXT_BYTES = 1 << 20
_FEW_ROWS = 16  # a dictionary for them whatever they have


class MetadataPlan:
    """``texts`` has the dictionary of each key with a column of its own, None if it has none; ``rare`` share a map."""

    def __init__(self, kept: Kept) -> None:
        """Reads what the indexes do not say. Raises CorruptData, OSError."""
        self._rows = kept.rows
        names = sorted({name for chunk in kept for name in chunk.part.index.metadata_names})
        self.rare = frozenset(_rarest(names, kept))
        self.texts: dict[str, pa.Array | None] = {
            name: pa.array([], pa.string()) for name in names if name not in self.rare
        }
        for name, texts in _texts(kept, self._open_names):
            self._add(name, texts)
        # Nobody has these any more: their rows were left out.
        self.texts = {name: texts for name, texts in self.texts.items() if texts is None or len(texts)}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted((*self.texts, *self.rare)))

    def _open_names(self) -> list[str]:
        """Keys that may still get a dictionary."""
        return [name for name, texts in self.texts.items() if texts is not None]

    def _add(self, name: str, texts: pa.Array) -> None:
        before = self.texts[name]
        if before is None:
            return
        union = pa.concat_arrays([before, texts]).unique()
        is_many = len(union) > _MOST_TEXTS or string_bytes(union) > _MOST_TEXT_BYTES
        is_most = len(union) * 2 > self._rows > _FEW_ROWS
        self.texts[name] = None if is_many or is_most else union


def _texts(kept: Kept, open_names: Callable[[], Collection[str]]) -> Iterator[tuple[str, pa.Array]]:
    """The texts of each key: of a dictionary at once, else chunk by chunk."""
    for chunks in kept.chunks:
        whole = _dictionaries(chunks, open_names()) if chunks else {}
        yield from whole.items()
        for chunk in chunks:
            names = set(open_names()) - whole.keys()
            if names:
                yield from ((name, column.values) for name, column in _columns(chunk, names).items())


def _dictionaries(chunks: list[KeptChunk], names: Collection[str]) -> Mapping[str, pa.Array]:
    """What an input has as dictionaries, unless rows are left out: then it may hold texts that nobody has any more."""
    part = chunks[0].part
    if len(chunks) < len(part.chunks) or any(chunk.bits is not None for chunk in chunks):
        return {}
    wanted = [column for name in names if (column := METADATA_PREFIX + name) in part.columns]
    if not wanted:
        return {}
    record = part.read(chunks[0].number, wanted)
    found = {column.removeprefix(METADATA_PREFIX): record.column(column) for column in wanted}
    return {name: column.dictionary for name, column in found.items() if pa.types.is_dictionary(column.type)}


def _columns(chunk: KeptChunk, names: Collection[str]) -> dict[str, MetadataColumn]:
    """The keys of the rows that stay, with no texts but theirs."""
    mask, columns = chunk.mask, chunk.chunk.metadata(names)
    kept = {name: column if mask is None else column.take(mask) for name, column in columns.items()}
    trimmed = {name: column.trimmed() for name, column in kept.items()}
    return {name: column for name, column in trimmed.items() if len(column.values)}


def _rarest(names: Collection[str], kept: Kept) -> list[str]:
    if len(names) <= MAX_METADATA_COLUMNS:
        return []
    rows: Counter[str] = Counter(dict.fromkeys(names, 0))
    for chunk in kept:
        rows.update({name: int((column.codes >= 0).sum()) for name, column in _columns(chunk, names).items()})
    by_frequency = sorted(rows, key=lambda name: (-rows[name], name))
    return [name for name in by_frequency[MAX_METADATA_COLUMNS:] if rows[name]]
