"""Reading a part: its index in memory, its chunks from the store, column by column.

Bytes are compared with the index's checksums when they are first read: damage is an error, never another answer.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial

import google_crc32c
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import MetadataColumn
from storage.columns import METADATA_PREFIX, OVERFLOW, metadata_of
from storage.counts import COUNTS, Counts, PartCounts, kept_counts
from storage.dense import FACTS, DenseFacts, DenseLines, facts_of
from storage.errors import CorruptData
from storage.filters import PartFilters, kept_filters
from storage.labels import Labels
from storage.line_sizes import line_sizes
from storage.part.index import HEADER, ChunkEntry, PartIndex, sections_offset
from storage.part.layout import crc_of_frame
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX
from storage.part.packing import logical_names, stored_names, unpacked
from storage.part.readers import kept_reader
from storage.part.sections import FILTERS
from storage.patterns import PATTERNS, PartPatterns, PatternCounts, kept_patterns
from storage.stores import Piece, Span, Store

__all__ = ["Part", "PartChunk"]

logger = logging.getLogger(__name__)


class Part:
    """An immutable part; safe to read from several threads. Reads raise CorruptData or OSError."""

    def __init__(self, store: Store, index: PartIndex) -> None:
        self.store, self.index = store, index.in_one_block()
        self.chunks = tuple(PartChunk(self, number, entry) for number, entry in enumerate(self.index.chunks))
        self._is_frame_verified = False
        self._verified_chunks: set[int] = set()

    @classmethod
    def load(cls, store: Store, index_key: str) -> Part:
        """Raises CorruptData, UnsupportedFormat, OSError."""
        index = PartIndex.from_bytes(store.get(index_key), index_key)
        if index.key + INDEX_SUFFIX != index_key:
            raise CorruptData(index_key, 0, f"it is the index of {index.key}")
        return cls(store, index)

    @property
    def keys(self) -> tuple[str, str]:
        return self.index.key + ARROW_SUFFIX, self.index.key + INDEX_SUFFIX

    @cached_property
    def _pieces(self) -> tuple[Piece, ...]:
        """How the Arrow file is read: the frame, then the chunks."""
        chunks = [Span(entry.offset, entry.offset + entry.stored_bytes) for entry in self.index.chunks]
        frame = Span(0, chunks[0].start), Span(chunks[-1].stop, self.index.arrow_bytes)
        checked = zip(chunks, self.index.chunks, strict=True)
        return Piece(frame, self.index.frame_crc32c), *(Piece((span,), entry.crc32c) for span, entry in checked)

    @cached_property
    def _stored_columns(self) -> tuple[str, ...]:
        """Names of the Arrow file's columns, in file order."""
        with self._open() as file:
            return tuple(pa.ipc.open_file(file).schema.names)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that can be read."""
        return logical_names(self._stored_columns)

    def read(self, chunk: int, columns: Sequence[str], *, verify_again: bool = False) -> pa.RecordBatch:
        """The named columns of one chunk; no other is decompressed.

        verify_again   compare the chunk with its checksum although that was done before: for rows that are to be kept
                       elsewhere, or what has become damaged since would be sealed there as if it were sound
        """
        with self._named_errors():
            # The frame first: where a part is small, its chunks come along.
            reader = kept_reader(self, tuple(columns), lambda: self._opened(columns))
            with self.store.holding(self.keys[0], self._pieces[1 + chunk]):
                if verify_again or chunk not in self._verified_chunks:
                    with self._open() as file:
                        self._verify_chunk(file, chunk)
                record = reader.get_batch(chunk)
            return unpacked(record)

    def verify(self) -> None:
        """Compare every byte of the data with the index's checksums. Raises CorruptData, OSError."""
        for chunk, piece in enumerate(self._pieces[1:]):
            with self.store.holding(self.keys[0], piece), self._open() as file:
                self._verify_chunk(file, chunk)

    @property
    def filters(self) -> PartFilters | None:
        """What tells which chunks need not be read; None when the part has no such section."""
        return kept_filters(self, lambda: self.section(FILTERS)) if FILTERS in self.index.sections else None

    def section(self, name: str) -> bytes | None:
        """The content of a section of the index, read now; None when the part has none of this name.

        No answer depends on a section, so one that cannot be read is logged and answered as None, too.
        """
        section, path = self.index.sections.get(name), self.keys[1]
        if section is None:
            return None
        try:
            with self.store.open(path) as file:
                start = sections_offset(file.read_at(HEADER.size, 0))
                return section.checked(file.read_at(section.stored_bytes, start + section.offset), path)
        except (CorruptData, OSError, struct.error) as error:
            logger.error("section %s of part %s cannot be read, queries go without it: %s", name, self.index.key, error)
            return None

    def counts(self) -> tuple[Counts | None, ...]:
        """All rows of each chunk counted, read now; None where that is not known."""
        section = self.section(COUNTS)
        if section is None:
            return (None,) * len(self.chunks)
        known = PartCounts.from_bytes(section)
        names = self.index.metadata_names
        return tuple(
            None if cells is None else Counts.of(cells, self.index.streams, known.levels, names)
            for cells in known.chunks
        )

    def patterns(self) -> tuple[PatternCounts | None, ...]:
        """The patterns of each chunk, read now; None where only its lines tell them."""
        section = self.section(PATTERNS)
        try:
            return (None,) * len(self.chunks) if section is None else PartPatterns.from_bytes(section).counts()
        except ValueError as error:
            logger.error("patterns of part %s are mined from its lines: %s", self.index.key, error)
            return (None,) * len(self.chunks)

    def _opened(self, columns: Sequence[str]) -> tuple[pa.NativeFile, pa.RecordBatchFileReader]:
        stored = self._stored_columns
        wanted = [stored.index(name) for name in stored_names(columns, stored)]
        options = pa.ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
        file = self.store.open(self.keys[0], self._pieces)
        return file, pa.ipc.open_file(file, options=options)

    @contextmanager
    def _open(self) -> Iterator[pa.NativeFile]:
        with self._named_errors(), self.store.open(self.keys[0], self._pieces) as file:
            if not self._is_frame_verified:
                self._verify_frame(file)
            yield file

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Whatever Arrow and unpacking say of damage becomes CorruptData that names the file."""
        key = self.index.key + ARROW_SUFFIX
        try:
            yield
        except FileNotFoundError as error:
            raise CorruptData(key, 0, "the file is missing") from error
        except (ValueError, pa.ArrowMemoryError) as error:  # damaged lengths ask for terabytes
            raise CorruptData(key, 0, str(error)) from error
        except OSError as error:
            if error.errno is None:  # Arrow's way to say that the file ends too early
                raise CorruptData(key, 0, str(error)) from error
            raise

    def _verify_frame(self, file: pa.NativeFile) -> None:
        first, last = self.index.chunks[0], self.index.chunks[-1]
        end = last.offset + last.stored_bytes
        before = crc_of_frame(file.read_at(first.offset, 0))
        found = crc_of_frame(file.read_at(self.index.arrow_bytes - end, end), before)
        if file.size() != self.index.arrow_bytes or found != self.index.frame_crc32c:
            raise CorruptData(self.index.key + ARROW_SUFFIX, 0, "checksum mismatch outside of the chunks")
        self._is_frame_verified = True

    def _verify_chunk(self, file: pa.NativeFile, chunk: int) -> None:
        entry = self.index.chunks[chunk]
        if google_crc32c.value(file.read_at(entry.stored_bytes, entry.offset)) != entry.crc32c:
            raise CorruptData(self.index.key + ARROW_SUFFIX, entry.offset, f"checksum mismatch in chunk {chunk}")
        self._verified_chunks.add(chunk)


class PartChunk:
    """A ``Source`` over one chunk. The stream column comes from the index and costs no read."""

    is_stored = True

    def __init__(self, part: Part, number: int, entry: ChunkEntry) -> None:
        self._part, self.number, self.entry = part, number, entry
        self.streams: Sequence[Labels] = part.index.streams
        self.present: NDArray[np.int32] = entry.streams
        self.min_ts, self.max_ts = entry.min_ts, entry.max_ts
        self.line_bytes, self.stored_bytes = entry.line_bytes, entry.stored_bytes
        self._rows = int(entry.rows.sum())

    def __len__(self) -> int:
        return self._rows

    @property
    def filters(self) -> PartFilters | None:
        return self._part.filters

    def stream(self) -> NDArray[np.int32]:
        return np.repeat(self.entry.streams, self.entry.rows)

    def ts(self) -> NDArray[np.int64]:
        ts = self._part.read(self.number, ["ts"]).column("ts")
        return ts.view(pa.int64()).to_numpy()  # type: ignore[no-any-return]

    def line(self) -> pa.Array:
        return self._part.read(self.number, ["line"]).column("line")

    def stream_bytes(self) -> NDArray[np.int64]:
        if len(self.present) == 1:
            return np.array([self.line_bytes])
        counts = self.counts()
        if counts is not None:
            places = np.searchsorted(self.present, counts.cells.stream())
            return np.bincount(places, counts.line_bytes, len(self.present)).astype(np.int64)
        starts = np.cumsum(self.entry.rows) - self.entry.rows
        return np.add.reduceat(line_sizes(self.line()), starts)

    def metadata(self, names: Collection[str] | None = None) -> Mapping[str, MetadataColumn]:
        wanted = [column for column in self._part.columns if _holds_metadata(column, names)]
        if not wanted:
            return {}
        found = metadata_of(self._part.read(self.number, wanted))
        return found if names is None else {name: column for name, column in found.items() if name in names}

    def dense(self, name: str) -> DenseLines | None:
        if FACTS not in self._part.columns:
            return None
        facts = self._dense_facts.get(name)
        return None if facts is None else DenseLines(name, facts, partial(self._part.read, self.number))

    @cached_property
    def _dense_facts(self) -> Mapping[str, DenseFacts]:
        return facts_of(self._part.read(self.number, [FACTS]).column(FACTS))

    def counts(self) -> Counts | None:
        return kept_counts(self._part, self._part.counts)[self.number]

    def patterns(self) -> PatternCounts | None:
        return kept_patterns(self._part, self._part.patterns)[self.number]


def _holds_metadata(column: str, names: Collection[str] | None) -> bool:
    """Whether an Arrow column may hold one of the metadata keys; any key may be among the rare ones."""
    if column == OVERFLOW:
        return names is None or len(names) > 0
    return column.startswith(METADATA_PREFIX) and (names is None or column.removeprefix(METADATA_PREFIX) in names)
