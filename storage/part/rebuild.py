"""The index of a part from its Arrow file alone: when the index is damaged, lost, or was never written."""

from __future__ import annotations

import numpy as np
import orjson
import pyarrow as pa

from storage.batch import Batch
from storage.columns import to_batch
from storage.errors import CorruptData
from storage.labels import Labels
from storage.part.describe import Description
from storage.part.index import PartIndex
from storage.part.layout import layout_of
from storage.part.names import ARROW_SUFFIX
from storage.part.packing import unpacked
from storage.part.sections import BUILDERS, Builders, builders_of
from storage.part.writer import PART_KEY, PartPlan, index_of
from storage.stores import Store

__all__ = ["rebuild_index"]


def rebuild_index(store: Store, key: str, builders: Builders = BUILDERS) -> tuple[PartIndex, dict[str, bytes]]:
    """The index and the contents of its sections, from all of ``key``'s Arrow file; nothing is written.

    Raises CorruptData, OSError.
    """
    path = key + ARROW_SUFFIX
    data = store.get(path)
    try:
        return _index_of(key, data, builders)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise CorruptData(path, 0, f"no index can be made from it: {error}") from error


def _index_of(key: str, data: bytes, builders: Builders) -> tuple[PartIndex, dict[str, bytes]]:
    layout = layout_of(data)
    with pa.ipc.open_file(data) as file:
        about = orjson.loads(file.schema.metadata[PART_KEY])
        streams = to_batch(unpacked(file.get_batch(0))).streams
        description = Description(streams, builders_of(about["sections"], builders))
        names: set[str] = set()
        for number in range(file.num_record_batches):
            stored = file.get_batch(number)
            stored.validate(full=True)
            record = unpacked(stored)
            names |= _checked(record, streams).metadata.keys()
            description.add(record)
    contents = description.section_contents()
    plan = PartPlan(
        key,
        about["wal_sequence"],
        about.get("last_sequence", about["wal_sequence"]),
        streams,
        tuple(sorted(names)),
        tuple(about["replaces"]),
    )
    return index_of(plan, description, layout, contents), contents


def _checked(record: pa.RecordBatch, streams: tuple[Labels, ...]) -> Batch:
    """Without checksums to go by, at least nothing may point outside of its column."""
    record.validate(full=True)
    batch = to_batch(record, streams)
    if not len(batch) or np.any(np.diff(batch.stream) < 0):
        raise ValueError("a chunk is empty or its streams are out of order")
    return batch
