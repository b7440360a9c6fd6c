"""The index of a part: all that planning needs, in one small read. Written last, it makes the part exist.

Bytes: ``SKALDIDX``, format version (uint32), crc32c of the document (uint32), its length (uint64), the document
(zstd-compressed JSON), and the sections back to back. Any change that an old reader would misread raises
FORMAT_VERSION.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import google_crc32c
import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

from storage.errors import CorruptData, UnsupportedFormat
from storage.labels import Labels
from storage.part.sections import Section

__all__ = ["FORMAT_VERSION", "HEADER", "ChunkEntry", "PartIndex", "sections_offset"]

FORMAT_VERSION = 3  # 2 had no packed columns
HEADER = struct.Struct("<8sIIQ")
_MAGIC = b"SKALDIDX"
_MAX_JSON_BYTES = 1 << 30  # a damaged frame must not make us allocate more than this


@dataclass(frozen=True, slots=True)
class ChunkEntry:
    """One Arrow record batch: rows of ``streams[i]`` are ``rows[i]`` consecutive ones, in this order.

    ``offset``, ``stored_bytes`` and ``crc32c`` are those of its bytes in the file.
    """

    streams: NDArray[np.int32]
    rows: NDArray[np.int64]
    min_ts: int
    max_ts: int
    line_bytes: int
    offset: int
    stored_bytes: int
    crc32c: int


@dataclass(frozen=True, slots=True)
class PartIndex:
    """What a part holds.

    key            object key without suffix
    wal_sequence   every WAL record of the tenant up to this one is in this part or an older one
    last_sequence  the newest WAL record with rows here: rows of one time are read in the order of their parts' numbers
    replaces       keys of parts that this one supersedes; with its own among them it was dropped, and has no chunks
    newest_ts      (streams,) the last time of each stream
    frame_crc32c   of the file's bytes before the first chunk and after the last: schema, dictionaries, footer
    sections       where each section of the index lies, see ``storage.part.sections``
    """

    key: str
    wal_sequence: int
    last_sequence: int
    streams: tuple[Labels, ...]
    newest_ts: NDArray[np.int64]
    chunks: tuple[ChunkEntry, ...]
    arrow_bytes: int
    frame_crc32c: int
    replaces: tuple[str, ...] = ()
    metadata_names: tuple[str, ...] = ()
    sections: Mapping[str, Section] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def in_one_block(self) -> PartIndex:
        """The same with all arrays in one block of memory.

        Indexes stay: many small blocks of theirs among the large ones of pushes, which go, leave holes too small for
        the next large ones, and the process grows with each part.
        """
        # Those of 8 bytes first, so that all of them are aligned.
        arrays: list[NDArray[Any]] = [self.newest_ts, *(chunk.rows for chunk in self.chunks)]
        arrays += (chunk.streams for chunk in self.chunks)
        block = np.concatenate([array.view(np.uint8) for array in arrays])
        ends = np.cumsum([array.nbytes for array in arrays])
        newest_ts, *rest = (
            block[end - array.nbytes : end].view(array.dtype) for array, end in zip(arrays, ends, strict=True)
        )
        rows, streams = rest[: len(self.chunks)], rest[len(self.chunks) :]
        chunks = (
            replace(chunk, rows=its_rows, streams=its_streams)
            for chunk, its_rows, its_streams in zip(self.chunks, rows, streams, strict=True)
        )
        return replace(self, newest_ts=newest_ts, chunks=tuple(chunks))

    @property
    def rows(self) -> int:
        return sum(int(chunk.rows.sum()) for chunk in self.chunks)

    @property
    def line_bytes(self) -> int:
        return sum(chunk.line_bytes for chunk in self.chunks)

    @property
    def is_dropped(self) -> bool:
        """Whether this only says that the part is gone."""
        return self.key in self.replaces

    def dropped(self, still_there: Sequence[str] = ()) -> PartIndex:
        """What takes the place of this index when all rows are to go: nothing but what the log must know.

        still_there   keys of parts that were replaced earlier and of which objects may be left
        """
        replaces = (self.key, *still_there)
        return replace(self, streams=(), newest_ts=self.newest_ts[:0], chunks=(), replaces=replaces, sections={})

    @property
    def min_ts(self) -> int:
        return min(chunk.min_ts for chunk in self.chunks)

    @property
    def max_ts(self) -> int:
        return max(chunk.max_ts for chunk in self.chunks)

    def to_bytes(self, contents: Mapping[str, bytes]) -> bytes:
        """The index with the ``contents`` of its sections, in their order."""
        document = {
            "key": self.key,
            "wal_sequence": self.wal_sequence,
            "last_sequence": self.last_sequence,
            "streams": [labels.pairs for labels in self.streams],
            "newest_ts": self.newest_ts.tolist(),
            "chunks": [_chunk_to_json(chunk) for chunk in self.chunks],
            "arrow_bytes": self.arrow_bytes,
            "frame_crc32c": self.frame_crc32c,
            "replaces": self.replaces,
            "metadata_names": self.metadata_names,
            "sections": {name: [each.offset, each.stored_bytes, each.crc32c] for name, each in self.sections.items()},
            "extra": self.extra,
        }
        body = zstandard.ZstdCompressor(level=3).compress(orjson.dumps(document))
        header = HEADER.pack(_MAGIC, FORMAT_VERSION, google_crc32c.value(body), len(body))
        return b"".join([header, body, *contents.values()])

    @classmethod
    def from_bytes(cls, data: bytes, path: str) -> PartIndex:
        """Raises CorruptData or UnsupportedFormat, naming ``path``."""
        document = _read_document(data, path)
        try:
            index = _from_document(document)
        except (KeyError, TypeError, ValueError) as error:
            raise CorruptData(path, HEADER.size, f"the index misses or misuses a field: {error}") from error
        start = sections_offset(data[: HEADER.size])
        for section in index.sections.values():
            section.checked(data[start + section.offset :][: section.stored_bytes], path)
        return index


def sections_offset(header: bytes) -> int:
    """Where the sections begin, told by the first HEADER.size bytes of an index."""
    return HEADER.size + int(HEADER.unpack(header)[3])


def _read_document(data: bytes, path: str) -> Any:
    if len(data) < HEADER.size or not data.startswith(_MAGIC):
        raise CorruptData(path, 0, "not a part index")
    _, version, checksum, length = HEADER.unpack_from(data)
    if version > FORMAT_VERSION:
        raise UnsupportedFormat(path, version, FORMAT_VERSION)
    if version < FORMAT_VERSION:
        raise CorruptData(path, 0, f"format version {version} is of an older server")
    body = data[HEADER.size : HEADER.size + length]
    if google_crc32c.value(body) != checksum:
        raise CorruptData(path, HEADER.size, "checksum mismatch")
    try:
        return orjson.loads(zstandard.ZstdDecompressor().decompress(body, max_output_size=_MAX_JSON_BYTES))
    except (zstandard.ZstdError, ValueError) as error:
        raise CorruptData(path, HEADER.size, f"not compressed JSON: {error}") from error


def _chunk_to_json(chunk: ChunkEntry) -> dict[str, Any]:
    return {
        "streams": chunk.streams.tolist(),
        "rows": chunk.rows.tolist(),
        "min_ts": chunk.min_ts,
        "max_ts": chunk.max_ts,
        "line_bytes": chunk.line_bytes,
        "offset": chunk.offset,
        "stored_bytes": chunk.stored_bytes,
        "crc32c": chunk.crc32c,
    }


def _chunk_from_json(document: Mapping[str, Any]) -> ChunkEntry:
    streams, rows = np.asarray(document["streams"], np.int32), np.asarray(document["rows"], np.int64)
    return ChunkEntry(streams, rows, **{name: document[name] for name in ChunkEntry.__slots__[2:]})


def _from_document(document: Mapping[str, Any]) -> PartIndex:
    return PartIndex(
        key=document["key"],
        wal_sequence=document["wal_sequence"],
        last_sequence=document.get("last_sequence", document["wal_sequence"]),
        streams=tuple(Labels(map(tuple, pairs)) for pairs in document["streams"]),
        newest_ts=np.asarray(document["newest_ts"], np.int64),
        chunks=tuple(_chunk_from_json(chunk) for chunk in document["chunks"]),
        arrow_bytes=document["arrow_bytes"],
        frame_crc32c=document["frame_crc32c"],
        replaces=tuple(document["replaces"]),
        metadata_names=tuple(document["metadata_names"]),
        sections={name: Section(*numbers) for name, numbers in document["sections"].items()},
        extra=document["extra"],
    )
