"""Rows to a part: sorted by (stream, ts), cut into chunks, the Arrow file first and the index last.

The key follows from the content, so writing the same rows again after a failure overwrites what was half done. The
schema's metadata carries ``skaldlog.part``, what only the index would know else, so that an index can be rebuilt.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import orjson
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from storage.batch import Batch, string_text
from storage.columns import to_arrow
from storage.concat import concat_but_lines, sorted_by_stream_and_time
from storage.counts import COUNTS
from storage.labels import Labels
from storage.part.cuts import cuts
from storage.part.describe import Description
from storage.part.index import PartIndex
from storage.part.layout import Layout, LayoutRecorder
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX, part_key
from storage.part.packing import packed
from storage.part.sections import Builders, builders_of, place_sections
from storage.part.slots import slots_of
from storage.scattered import ScatteredTexts
from storage.settings import StorageSettings
from storage.stores import Store

__all__ = [
    "FLUSHED_SECTIONS",
    "PART_KEY",
    "PartPlan",
    "index_of",
    "write_chunks",
    "write_part",
    "write_parts",
]

PART_KEY = b"skaldlog.part"
FLUSHED_SECTIONS = (COUNTS,)


@dataclass(frozen=True, slots=True)
class PartPlan:
    """What is decided about a part before its rows are written; fields as in ``PartIndex``.

    builders   make the sections that its index is to have
    is_packed  whether times and lines are stored as ``storage.part.packing`` has them
    """

    key: str
    wal_sequence: int
    last_sequence: int
    streams: tuple[Labels, ...]
    metadata_names: tuple[str, ...]
    replaces: tuple[str, ...] = ()
    builders: Builders = field(default_factory=dict)
    is_packed: bool = False


def write_parts(
    store: Store,
    tenant: str,
    batches: Sequence[Batch],
    flushed_sequence: int,
    last_sequence: int,
    settings: StorageSettings,
) -> list[PartIndex]:
    """Write the rows of ``batches`` (at least one) as a part for each day; durable and visible on return.

    Raises OSError.

    Only the last one says that the log's records up to ``last_sequence`` are in parts, the others say it of those that
    were before (``flushed_sequence``): after a crash between two of them the log is asked for the rows of the rest.
    """
    lines = ScatteredTexts([batch.line for batch in batches])
    batch = concat_but_lines(batches, pa.nulls(len(lines)))
    slots = slots_of(batch.ts)
    if slots.min() == slots.max():
        return [_write_part(store, tenant, batch, lines, last_sequence, last_sequence, settings)]
    numbers = np.unique(slots).tolist()
    written = []
    for number in numbers:
        chosen = np.flatnonzero(slots == number)
        rows, its_lines = batch.take(chosen).trimmed(), ScatteredTexts([lines.take(chosen)])
        wal_sequence = last_sequence if number == numbers[-1] else flushed_sequence
        written.append(_write_part(store, tenant, rows, its_lines, wal_sequence, last_sequence, settings))
    return written


def write_part(store: Store, tenant: str, batch: Batch, wal_sequence: int, settings: StorageSettings) -> PartIndex:
    """Write ``batch`` (at least one row) as one part; durable and visible on return. Raises OSError."""
    lines = ScatteredTexts([batch.line])
    rows = concat_but_lines([batch], pa.nulls(len(batch)))
    return _write_part(store, tenant, rows, lines, wal_sequence, wal_sequence, settings)


def _write_part(
    store: Store,
    tenant: str,
    batch: Batch,
    lines: ScatteredTexts,
    wal_sequence: int,
    last_sequence: int,
    settings: StorageSettings,
) -> PartIndex:
    """``batch`` is the rows but their lines."""
    batch, order = sorted_by_stream_and_time(batch)
    key = part_key(tenant, int(batch.ts.min()), int(batch.ts.max()), _digest(batch, lines, last_sequence))
    names = tuple(sorted(batch.metadata))
    plan = PartPlan(key, wal_sequence, last_sequence, batch.streams, names, builders=builders_of(FLUSHED_SECTIONS))
    record = to_arrow(batch)
    pieces = (order[rows] for rows in cuts(lines.sizes[order], settings.chunk_bytes))
    return write_chunks(store, plan, (_chunk(record, lines, rows) for rows in pieces), settings)


def _chunk(record: pa.RecordBatch, lines: ScatteredTexts, rows: NDArray[np.intp]) -> pa.RecordBatch:
    place = record.schema.get_field_index("line")
    return record.take(pa.array(rows)).set_column(place, "line", lines.take(rows))


def write_chunks(
    store: Store, plan: PartPlan, chunks: Iterable[pa.RecordBatch], settings: StorageSettings
) -> PartIndex:
    """Write chunks (as ``to_arrow`` makes them, over one table of streams and the same dictionaries; more columns may
    follow) as one part; durable and visible on return. The rows must be sorted by stream and time across all chunks.

    Raises OSError.
    """
    description = Description(plan.streams, plan.builders)
    layout = _write_arrow(store, plan, chunks, description, settings)
    contents = description.section_contents()
    index = index_of(plan, description, layout, contents)
    store.put(plan.key + INDEX_SUFFIX, index.to_bytes(contents))
    return index


def index_of(plan: PartPlan, description: Description, layout: Layout, contents: Mapping[str, bytes]) -> PartIndex:
    """The index of the part that ``plan`` is about, from what its rows and its file tell."""
    return PartIndex(
        plan.key,
        plan.wal_sequence,
        plan.last_sequence,
        plan.streams,
        description.newest_ts,
        description.chunk_entries(layout),
        layout.arrow_bytes,
        layout.frame_crc32c,
        plan.replaces,
        plan.metadata_names,
        place_sections(contents),
    )


def _write_arrow(
    store: Store,
    plan: PartPlan,
    chunks: Iterable[pa.RecordBatch],
    description: Description,
    settings: StorageSettings,
) -> Layout:
    options = pa.ipc.IpcWriteOptions(compression=_codec(settings.compression_level), use_threads=False)
    stored = packed if plan.is_packed else _as_it_is
    chunks = iter(chunks)
    waiting = [next(chunks)]
    schema = _schema_of(waiting[0], plan, stored)
    with store.create(plan.key + ARROW_SUFFIX) as sink:
        recorder = LayoutRecorder(sink)
        with pa.PythonFile(recorder, "w") as file, pa.ipc.new_file(file, schema, options=options) as writer:

            def write(chunk: pa.RecordBatch) -> None:
                writer.write_batch(stored(chunk).replace_schema_metadata(schema.metadata))
                recorder.end_of_chunk()
                description.add(chunk)

            # Nothing holds a chunk while the next one is made.
            write(waiting.pop())
            deque(map(write, chunks), maxlen=0)
    return recorder.layout()


def _schema_of(chunk: pa.RecordBatch, plan: PartPlan, stored: Callable[[pa.RecordBatch], pa.RecordBatch]) -> pa.Schema:
    """The schema of the file, from a chunk that is not ``stored`` yet."""
    return stored(chunk.slice(0, 1)).schema.with_metadata({**chunk.schema.metadata, PART_KEY: _about(plan)})


def _as_it_is(chunk: pa.RecordBatch) -> pa.RecordBatch:
    return chunk


def _codec(level: int) -> pa.Codec:
    return pa.Codec("zstd", compression_level=level) if level else pa.Codec("lz4")


def _about(plan: PartPlan) -> bytes:
    about = {
        "wal_sequence": plan.wal_sequence,
        "last_sequence": plan.last_sequence,
        "replaces": plan.replaces,
        "sections": list(plan.builders),
    }
    return orjson.dumps(about)


def _digest(batch: Batch, lines: ScatteredTexts, last_sequence: int) -> str:
    content = xxhash.xxh3_64(last_sequence.to_bytes(8, "little"))
    for column in (batch.stream, batch.ts, lines.sizes, *map(string_text, lines.arrays)):
        content.update(np.ascontiguousarray(column).view(np.uint8).data)
    return content.hexdigest()
