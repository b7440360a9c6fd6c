"""What one push may hold, however small it was packed: refused before memory is taken and time spent on each part.

Honest agents send a megabyte at a time; these bounds are far above what they put into it.
"""

from __future__ import annotations

from server.limits import PushLimits
from server.push.errors import PushError

__all__ = ["JSON_VALUES_MAX", "LABEL_BYTES_MAX", "check_counts", "check_json_values", "check_labels", "check_streams"]

_PAIRS_PER_ENTRY = 8  # on average; a single entry may have as many as its limit says
LABEL_BYTES_MAX = 4 << 20  # of different label strings
JSON_VALUES_MAX = 4 << 20  # lists and objects among them take 60 bytes each
_LABELS_MAX = 10_000
_REMEDY = "send less at a time"


def check_counts(entries: int, pairs: int, limits: PushLimits) -> None:
    """PushError 400 for too many entries, or too much structured metadata in them."""
    allowed = limits.max_entries_per_push
    if entries > allowed:
        raise PushError(400, f"too many entries in one push: {entries}, limit: {allowed}: {_REMEDY}")
    if pairs > allowed * _PAIRS_PER_ENTRY:
        told = f"too many pairs of structured metadata in one push: {pairs}, limit: {allowed * _PAIRS_PER_ENTRY}"
        raise PushError(400, f"{told}: {_REMEDY}")


def check_streams(streams: int, label_bytes: int, limits: PushLimits) -> None:
    """PushError 400 for too many different streams, or label strings that are too long together."""
    allowed = limits.max_streams_per_push
    if streams > allowed:
        told = f"too many streams in one push: {streams}, limit: {allowed}"
        raise PushError(400, f"{told}: send fewer at a time, or put labels with many values into structured metadata")
    if label_bytes > LABEL_BYTES_MAX:
        told = f"too long labels of all streams in one push: {label_bytes} bytes, limit: {LABEL_BYTES_MAX}"
        raise PushError(400, f"{told}: {_REMEDY}")


def check_labels(labels: int) -> None:
    """PushError 400 for a stream with far more labels than any limit allows."""
    if labels > _LABELS_MAX:
        raise PushError(400, f"too many labels of one stream: {labels}, limit: {_LABELS_MAX}: {_REMEDY}")


def check_json_values(values: int) -> None:
    """PushError 400 for more JSON values than an honest body has: each becomes an object in memory."""
    if values > JSON_VALUES_MAX:
        told = f"too many values in one JSON push: {values}, limit: {JSON_VALUES_MAX}"
        raise PushError(400, f"{told}: {_REMEDY}")
