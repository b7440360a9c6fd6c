"""The same entry twice is stored once: same stream, same nanosecond, same line, same structured metadata.

Clients that retry after a lost answer send rows again, so rows are compared with what is stored before they are
logged; from there on no reader has to think of duplicates. Rows newer than all that their stream holds cannot be
duplicates, which is nearly every row: the price is paid by late rows and retries only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from storage.batch import Batch, MetadataColumn
from storage.errors import CorruptData
from storage.kernels import advance_newest
from storage.labels import Labels
from storage.source import Source

__all__ = ["newest_after", "without_duplicates"]

logger = logging.getLogger(__name__)

_NEVER = np.iinfo(np.int64).min
Key = tuple[Labels, int, str, frozenset[tuple[str, str]]]


def newest_after(batch: Batch, newest: Mapping[Labels, int]) -> NDArray[np.int64] | None:
    """The last time of each of the batch's streams once its rows are stored; None when a row may be a duplicate.

    ``newest`` is the last time of each stream before.
    """
    last = _last_times(batch, newest)
    return last if advance_newest(batch.stream, batch.ts, last) else None


def without_duplicates(batch: Batch, newest: Mapping[Labels, int], stored: Iterable[Source]) -> Batch:
    """``batch`` without rows that ``stored`` has, and without repeats inside itself; the first of them stays.

    ``newest`` is the last time of each stream in ``stored``. ``stored`` is only iterated when a row needs it.
    """
    last = _last_times(batch, newest)
    if advance_newest(batch.stream, batch.ts, last.copy()):
        return batch
    late = np.flatnonzero(batch.ts <= last[batch.stream])
    seen = _stored_keys(batch, late, stored) if len(late) else set()
    suspects = np.flatnonzero(_shares_its_time(batch))
    if seen:
        suspects = np.union1d(late, suspects)
    keep = np.ones(len(batch), bool)
    for row, key in zip(suspects, _keys(batch, suspects), strict=True):
        keep[row] = key not in seen
        seen.add(key)
    return batch if keep.all() else batch.take(keep)


def _last_times(batch: Batch, newest: Mapping[Labels, int]) -> NDArray[np.int64]:
    return np.array([newest.get(labels, _NEVER) for labels in batch.streams], np.int64)


def _shares_its_time(batch: Batch) -> NDArray[np.bool_]:
    """Rows with a twin of the same stream and time inside the batch."""
    order = np.lexsort((batch.ts, batch.stream))
    stream, ts = batch.stream[order], batch.ts[order]
    same = (stream[1:] == stream[:-1]) & (ts[1:] == ts[:-1])
    shared = np.zeros(len(batch), bool)
    shared[order[1:][same]] = True
    shared[order[:-1][same]] = True
    return shared


def _stored_keys(batch: Batch, late: NDArray[np.intp], stored: Iterable[Source]) -> set[Key]:
    """The keys of stored rows that have the stream and the time of a late row."""
    times = np.unique(batch.ts[late])
    wanted = {batch.streams[number] for number in np.unique(batch.stream[late])}
    keys: set[Key] = set()
    for source in stored:
        if source.max_ts < times[0] or source.min_ts > times[-1]:
            continue
        streams = [number for number in source.present if source.streams[number] in wanted]
        if streams:
            keys.update(_readable_keys_at(source, streams, times))
    return keys


def _readable_keys_at(source: Source, streams: list[Any], times: NDArray[np.int64]) -> Iterable[Key]:
    try:
        return _keys_at(source, streams, times)
    except (CorruptData, OSError) as error:
        # Rows that nobody can read any more must not keep new ones out.
        logger.error("late rows are stored without a look at rows that cannot be read: %s", error)
        return ()


def _keys_at(source: Source, streams: list[Any], times: NDArray[np.int64]) -> Iterable[Key]:
    ts, stream = source.ts(), source.stream()
    place = np.minimum(np.searchsorted(times, ts), len(times) - 1)
    rows = np.flatnonzero((times[place] == ts) & np.isin(stream, streams))
    if not len(rows):
        return ()
    found = Batch(tuple(source.streams), stream, ts, source.line(), source.metadata())
    return _keys(found, rows)


def _keys(batch: Batch, rows: NDArray[np.intp]) -> Iterable[Key]:
    lines = batch.line.take(rows).to_pylist()
    metadata = _metadata_sets(batch.metadata, rows)
    times = batch.ts[rows].tolist()
    streams = [batch.streams[number] for number in batch.stream[rows]]
    return zip(streams, times, lines, metadata, strict=True)


def _metadata_sets(metadata: Mapping[str, MetadataColumn], rows: NDArray[np.intp]) -> list[frozenset[tuple[str, str]]]:
    if not metadata:
        return [frozenset()] * len(rows)
    texts = [_texts(name, column.codes[rows], column.values) for name, column in metadata.items()]
    return [frozenset(pair for pair in pairs if pair is not None) for pairs in zip(*texts, strict=True)]


def _texts(name: str, codes: NDArray[np.int32], values: pa.Array) -> Iterator[tuple[str, str] | None]:
    found = values.take(pa.array(codes, mask=codes < 0)).to_pylist()
    return ((name, text) if text is not None else None for text in found)
