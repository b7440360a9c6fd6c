"""From the snappy block to entries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from server.limits import PushLimits
from server.push.bounds import LABEL_BYTES_MAX, check_counts, check_streams
from server.push.encoding import check_decompressed_size
from server.push.entries import MAX_TEXT_BYTES, Entries, Pairs, Slices
from server.push.errors import PushError
from server.push.gathering import gathered
from server.push.protobuf.kernels import walk
from server.push.protobuf.wire import CAUSES, COUNTS, ENTRIES, MESSAGES, PAIRS, POSITION, STREAMS

__all__ = ["decode_protobuf", "snappy_size"]

# A copy of 64 bytes takes three in a snappy block: nothing honest claims to grow more than that.
_SNAPPY_GROWTH_MAX = 22
_LABELS_BYTES_MAX = 16 << 20

# What a stream, an entry and a metadata pair take at least in usual requests; where that is wrong the walk is repeated.
_USUAL_BYTES = (128, 32, 24)

_snappy = pa.Codec("snappy")


@dataclass(frozen=True, slots=True)
class _Notes:
    """The arrays that ``walk`` fills."""

    counts: NDArray[np.int64]
    labels: NDArray[np.int32]
    stream: NDArray[np.int32]
    ts: NDArray[np.int64]
    lines: NDArray[np.int32]
    pair_row: NDArray[np.int32]
    pairs: NDArray[np.int32]

    @classmethod
    def with_room(cls, streams: int, entries: int, pairs: int) -> _Notes:
        return cls(
            counts=np.zeros(COUNTS, np.int64),
            labels=np.empty((2, streams), np.int32),
            stream=np.empty(entries, np.int32),
            ts=np.empty(entries, np.int64),
            lines=np.empty((2, entries), np.int32),
            pair_row=np.empty(pairs, np.int32),
            pairs=np.empty((4, pairs), np.int32),
        )

    def entries(self, data: NDArray[np.uint8], limits: PushLimits) -> Entries:
        """Columns of their own, so that neither the body nor spare room is kept alive by them."""
        streams, rows, pairs = self.counts[[STREAMS, ENTRIES, PAIRS]].tolist()
        start, end = self.lines[0, :rows], self.lines[1, :rows]
        names, values = (Slices(data, *self.pairs[part : part + 2, :pairs]) for part in (0, 2))
        labels, stream = _label_strings(data, self.labels[:, :streams], self.stream[:rows].copy(), limits)
        return Entries(
            labels=labels,
            stream=stream,
            ts=self.ts[:rows].copy(),
            line=gathered(Slices(data, start, end)),
            pairs=Pairs(self.pair_row[:pairs], names, values),
        )


def decode_protobuf(body: bytes, limits: PushLimits) -> Entries:
    """The entries of a snappy block around a PushRequest.

    PushError 400 when it is malformed or too large, 413 for a monstrous label string, 422 without a stream.
    """
    data = _unsnap(body, limits)
    notes = _walked(data, _Notes.with_room(*(len(data) // size + 16 for size in _USUAL_BYTES)))
    counts = notes.counts
    check_counts(int(counts[ENTRIES]), int(counts[PAIRS]), limits)
    if (
        counts[STREAMS] > notes.labels.shape[1]
        or counts[ENTRIES] > len(notes.ts)
        or counts[PAIRS] > len(notes.pair_row)
    ):
        notes = _walked(data, _Notes.with_room(*counts[[STREAMS, ENTRIES, PAIRS]].tolist()))
    if counts[MESSAGES] == 0:
        raise PushError(422, "error at least one valid stream is required for ingestion")
    return notes.entries(data, limits)


def _walked(data: NDArray[np.uint8], notes: _Notes) -> _Notes:
    fault = walk(data, notes.counts, notes.labels, notes.stream, notes.ts, notes.lines, notes.pair_row, notes.pairs)
    if fault:
        cause = f"{CAUSES[fault]}, at byte {notes.counts[POSITION]} of the uncompressed message"
        raise PushError(400, f"cannot decode the protobuf push request: {cause}")
    return notes


def _unsnap(body: bytes, limits: PushLimits) -> NDArray[np.uint8]:
    size_bytes = snappy_size(body)
    check_decompressed_size(size_bytes, limits)
    if size_bytes > min(_SNAPPY_GROWTH_MAX * len(body), MAX_TEXT_BYTES):
        raise PushError(400, "snappy: corrupt input")
    try:
        return np.frombuffer(_snappy.decompress(body, size_bytes), np.uint8)
    except (pa.ArrowInvalid, OSError) as error:
        raise PushError(400, "snappy: corrupt input") from error


def snappy_size(body: bytes) -> int:
    """The uncompressed size that the block starts with: a varint of at most five bytes. PushError 400 without one."""
    size_bytes = 0
    for index, byte in enumerate(body[:5]):
        size_bytes |= (byte & 127) << 7 * index
        if byte < 128:
            return size_bytes
    raise PushError(400, "snappy: corrupt input")


def _label_strings(
    data: NDArray[np.uint8], labels: NDArray[np.int32], stream: NDArray[np.int32], limits: PushLimits
) -> tuple[list[bytes], NDArray[np.int32]]:
    """The label strings and the rows' indexes into them; of many only the different ones are taken up."""
    sizes = labels[1] - labels[0]
    size_bytes = int(sizes.max(initial=0))
    if size_bytes > _LABELS_BYTES_MAX:
        raise PushError(413, f"request body too large: stream labels size {size_bytes} exceeds limit of 17 MB")
    if labels.shape[1] <= limits.max_streams_per_push and sizes.sum() <= LABEL_BYTES_MAX:
        return [data[start:end].tobytes() for start, end in zip(*labels.tolist(), strict=True)], stream
    distinct = gathered(Slices(data, labels[0], labels[1])).view(pa.binary()).dictionary_encode()
    check_streams(len(distinct.dictionary), distinct.dictionary.nbytes, limits)
    return distinct.dictionary.to_pylist(), distinct.indices.to_numpy()[stream]
