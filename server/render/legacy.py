"""Answers as the paths of before ``/loki/api/v1`` give them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import orjson

from logql.results import Stats, Streams
from server.render.stats import render_stats
from server.render.streams import grouped
from server.units import NS

__all__ = ["render_legacy_streams", "render_legacy_values", "rfc3339"]


def render_legacy_values(items: Sequence[object]) -> bytes:
    return orjson.dumps({"values": items}, option=orjson.OPT_APPEND_NEWLINE)


def render_legacy_streams(streams: Streams, stats: Stats) -> bytes:
    groups = grouped(streams.entries, lambda entry: entry.stream.merged(entry.metadata).merged(entry.parsed))
    shown = [
        {
            "labels": labels.text,
            "entries": [{"ts": rfc3339(entry.ts), "line": entry.line} for entry in entries],
        }
        for labels, entries in groups
    ]
    return orjson.dumps({"streams": shown, "stats": render_stats(stats)}, option=orjson.OPT_APPEND_NEWLINE)


def rfc3339(ts_ns: int) -> str:
    """In UTC, with as many digits of the fraction as it has."""
    seconds, fraction_ns = divmod(ts_ns, NS)
    fraction = f".{fraction_ns:09d}".rstrip("0").rstrip(".")
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}{fraction}Z"
