"""JSON as it was pushed before ``/loki/api/v1``: label strings, and times in RFC 3339."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from server.limits import PushLimits
from server.notation.rfc3339 import parse_rfc3339
from server.push.bounds import check_counts, check_streams
from server.push.entries import Entries
from server.push.errors import PushError
from server.push.json_body import pairs_in, streams_in
from server.push.json_text import kind_of, malformed, parse_json

__all__ = ["decode_legacy_json"]

_NOTHING: dict[str, str] = {}


def decode_legacy_json(body: bytes, limits: PushLimits) -> Entries:
    """The entries of a push. PushError 400 when it is malformed or holds too much, 422 without a stream."""
    streams = [_stream(each) for each in streams_in(parse_json(body))]
    streams = [each for each in streams if each[1]]
    numbers = {labels: number for number, labels in enumerate(dict.fromkeys(labels for labels, _ in streams))}
    check_streams(len(numbers), sum(map(len, numbers)), limits)
    entries = [(numbers[labels], entry) for labels, entries in streams for entry in entries]
    check_counts(len(entries), 0, limits)
    return Entries(
        list(numbers),
        np.array([number for number, _ in entries], np.int32),
        np.array([_time(entry) for _, entry in entries], np.int64),
        pa.array([_text(entry, "line") for _, entry in entries], pa.string()),
        pairs_in([entry.get("structuredMetadata") or _NOTHING for _, entry in entries]),
    )


def _stream(stream: Any) -> tuple[bytes, list[dict[str, Any]]]:
    """(label string, entries)."""
    if not isinstance(stream, dict):
        raise malformed(f"streams: expected an object, found {kind_of(stream)}")
    if "values" in stream and "entries" not in stream:
        raise PushError(400, "streams with values are taken at /loki/api/v1/push, here they have labels and entries")
    entries = stream.get("entries")
    if entries is None:
        entries = []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise malformed("entries: expected an array of objects")
    return _text(stream, "labels").encode(), entries


def _text(fields: dict[str, Any], name: str) -> str:
    text = fields.get(name) or ""
    if not isinstance(text, str):
        raise malformed(f"{name}: expected a string, found {kind_of(text)}")
    return text


def _time(entry: dict[str, Any]) -> int:
    text = _text(entry, "ts")
    ts_ns = parse_rfc3339(text)
    if ts_ns is None:
        raise malformed(f"ts: expected a time as in 2026-11-22T17:19:13.4Z, found {text[:40]!r}")
    return ts_ns
