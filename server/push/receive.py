"""A push body from the wire to the batch that storage may keep, and the answer about what it may not.

Nothing here waits, stores or knows of other requests: what depends on them (rates, numbers of streams, duplicates) is
decided by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from server.limits import PushLimits
from server.push.encoding import unwrap
from server.push.entries import Entries
from server.push.errors import PushError, Reason
from server.push.json_body import decode_json
from server.push.kernels import spread_times
from server.push.legacy_json import decode_legacy_json
from server.push.levels import DETECTED_LEVEL, detected_levels
from server.push.lines import truncated, valid_utf8
from server.push.media_type import is_json
from server.push.metadata import metadata_columns
from server.push.protobuf import decode_protobuf
from server.push.shared import with_shared
from server.push.streams import Stream, resolver_of
from server.push.validate import judge
from storage.batch import Batch, string_buffers, string_bytes
from storage.labels import Labels

__all__ = ["Received", "accept", "receive", "receive_legacy"]


@dataclass(frozen=True, slots=True)
class Received:
    """``batch`` holds the accepted rows (None when there are none); ``error`` is to be answered although it is kept.

    ``lines`` and ``bytes`` count what is accepted (lines as stored, metadata as sent), ``sizes`` (lines,) has the
    bytes of each; the others count what is not accepted, by reason, and lines that were cut, with the bytes that they
    lost.
    """

    batch: Batch | None
    error: PushError | None
    lines: int
    bytes: int
    sizes: NDArray[np.int64]
    discarded: Mapping[Reason, int] = field(default_factory=dict)
    discarded_bytes: Mapping[Reason, int] = field(default_factory=dict)
    cut_lines: int = 0
    cut_bytes: int = 0


def receive(body: bytes, content_type: str | None, content_encoding: str, limits: PushLimits, now_ns: int) -> Received:
    """Decode and judge a push body. Raises PushError when all of it is refused and nothing may be stored."""
    return _received(decode_json, body, content_type, content_encoding, limits, now_ns)


def receive_legacy(
    body: bytes, content_type: str | None, content_encoding: str, limits: PushLimits, now_ns: int
) -> Received:
    """As ``receive``, for bodies whose JSON has the shape of before."""
    return _received(decode_legacy_json, body, content_type, content_encoding, limits, now_ns)


def _received(
    from_json: Callable[[bytes, PushLimits], Entries],
    body: bytes,
    content_type: str | None,
    content_encoding: str,
    limits: PushLimits,
    now_ns: int,
) -> Received:
    decode = from_json if is_json(content_type) else decode_protobuf
    return accept(decode(unwrap(body, content_encoding, limits), limits), limits, now_ns)


def accept(entries: Entries, limits: PushLimits, now_ns: int) -> Received:
    """Judge decoded entries and make a batch of those that pass."""
    resolve = resolver_of(limits).resolve
    streams = [resolve(text) for text in entries.labels]
    cut_lines = cut_bytes = 0
    if limits.max_line_size_truncate:
        whole, line_bytes = entries.line_sizes(), string_bytes(entries.line)
        entries = replace(entries, line=truncated(entries.line, limits))
        cut_lines, cut_bytes = int((entries.line_sizes() != whole).sum()), line_bytes - string_bytes(entries.line)
    verdict = judge(entries, streams, limits, now_ns)
    if verdict.error is not None:
        entries = entries.keep(verdict.kept)
    entries = replace(entries, line=valid_utf8(entries.line))
    batch = _batch(entries, streams, limits) if len(entries) else None
    sizes = entries.sizes()
    taken = len(entries), int(sizes.sum()), sizes
    return Received(batch, verdict.error, *taken, verdict.lines, verdict.bytes, cut_lines, cut_bytes)


def _batch(entries: Entries, streams: Sequence[Stream], limits: PushLimits) -> Batch:
    lines = entries.line
    metadata = with_shared(metadata_columns(entries.pairs, len(entries)), entries.shared)
    if limits.discover_log_levels and limits.allow_structured_metadata:
        levels = [stream.level for stream in streams]
        metadata[DETECTED_LEVEL] = detected_levels(entries.stream, levels, metadata, lines, limits)
    ts = entries.ts
    if limits.increment_duplicate_timestamp:
        ts = np.empty_like(entries.ts)
        spread_times(entries.stream, entries.ts, *string_buffers(lines), ts)
    labels, stream = _distinct(entries, streams)
    return Batch(labels, stream, ts, lines, metadata)


def _distinct(entries: Entries, streams: Sequence[Stream]) -> tuple[tuple[Labels, ...], NDArray[np.int32]]:
    """The streams that rows refer to, each once, in the order of the request, and every row's index into them."""
    rows_of = np.bincount(entries.stream, minlength=len(streams)).tolist()
    labels = {stream.text: stream.labels for stream, rows in zip(streams, rows_of, strict=True) if rows}
    index_of = {text: index for index, text in enumerate(labels)}
    position = np.array([index_of.get(stream.text, -1) for stream in streams], np.int32)
    return tuple(labels.values()), position[entries.stream]
