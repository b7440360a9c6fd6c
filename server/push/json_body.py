"""The JSON form of a push. The whole body is checked before anything of it is used."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from server.limits import PushLimits
from server.push.bounds import check_counts, check_labels, check_streams
from server.push.entries import Entries, Pairs, Slices
from server.push.errors import PushError
from server.push.json_text import kind_of, malformed, parse_json, time_overflow
from server.push.json_times import TimeOverflow, times_of
from server.push.streams import label_text_of

__all__ = ["decode_json", "pairs_in", "streams_in"]

_NOTHING: dict[str, str] = {}


def decode_json(body: bytes, limits: PushLimits) -> Entries:
    """The entries of a JSON push. PushError 400 when it is malformed or holds too much, 422 without a stream."""
    sent = [_stream(each) for each in streams_in(parse_json(body))]
    streams = [each for each in sent if each[1]]
    rows = list(chain.from_iterable(values for _, values in streams))
    _check_rows(rows)
    check_counts(len(rows), 0, limits)
    try:
        times = times_of(rows)
    except TimeOverflow as overflow:
        ends = np.cumsum([len(values) for _, values in sent])
        raise time_overflow(body, int(np.searchsorted(ends, overflow.row, "right"))) from overflow
    labels, numbers = _label_texts([labels for labels, _ in streams], limits)
    stream = np.repeat(np.array(numbers, np.int32), [len(values) for _, values in streams])
    return Entries(labels, stream, times, _lines(rows), _pairs(rows))


def streams_in(request: Any) -> list[Any]:
    """The streams of a request. PushError 422 without one."""
    if request is not None and not isinstance(request, dict):
        raise malformed(f"expected an object, found {kind_of(request)}")
    streams = _named_streams(request or {})
    if streams is not None and not isinstance(streams, list):
        raise malformed(f"streams: expected an array, found {kind_of(streams)}")
    if not streams:
        raise PushError(422, "error at least one valid stream is required for ingestion")
    return streams


def _named_streams(request: dict[str, Any]) -> Any:
    """Their name may be written in any case, that of what is inside may not; the last one wins."""
    return next((value for name, value in reversed(request.items()) if name.lower() == "streams"), None)


def _stream(stream: Any) -> tuple[dict[str, Any], list[Any]]:
    """(labels, values); values that are null count for nothing."""
    if not isinstance(stream, dict):
        raise malformed(f"streams: expected an object, found {kind_of(stream)}")
    values = stream.get("values")
    if values is not None and not isinstance(values, list):
        raise malformed(f"values: expected an array, found {kind_of(values)}")
    labels = stream.get("stream", _NOTHING)
    if not isinstance(labels, dict):
        raise malformed(f"stream: expected an object, found {kind_of(labels)}")
    return labels, [value for value in values or () if value is not None]


def _label_texts(given: Sequence[dict[str, Any]], limits: PushLimits) -> tuple[list[bytes], Sequence[int]]:
    """The label strings, and for each stream which one is its; of many streams only the different ones."""
    texts: dict[bytes, int] = {}
    numbers, size_bytes = [], 0
    for labels in given:
        check_labels(len(labels))
        text = label_text_of({name: _label_value(value) for name, value in labels.items()})
        if text not in texts:
            size_bytes += len(text)
            check_streams(len(texts) + 1, size_bytes, limits)
        numbers.append(texts.setdefault(text, len(texts)))
    distinct = list(texts)
    if len(given) > limits.max_streams_per_push:
        return distinct, numbers
    return [distinct[number] for number in numbers], range(len(numbers))


def _label_value(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _check_rows(rows: list[Any]) -> None:
    if set(map(type, rows)) - {list}:
        odd = next(row for row in rows if not isinstance(row, list))
        raise malformed(f"values: expected arrays of time, line and metadata, found {kind_of(odd)}")
    if not all(rows):
        raise malformed("values: an entry has no timestamp")


def _lines(rows: list[list[Any]]) -> pa.Array:
    lines = [row[1] if len(row) > 1 else "" for row in rows]
    if set(map(type, lines)) - {str}:
        odd = next(line for line in lines if not isinstance(line, str))
        raise malformed(f"values: the line must be a string, found {kind_of(odd)}")
    return pa.array(lines, pa.string())


def _pairs(rows: list[list[Any]]) -> Pairs:
    any_sent = max(map(len, rows), default=0) > 2
    return pairs_in([row[2] if len(row) > 2 else _NOTHING for row in rows] if any_sent else [])


def pairs_in(sent: list[Any]) -> Pairs:
    """Structured metadata from an object a row."""
    if set(map(type, sent)) - {dict}:
        raise malformed("values: structured metadata must be an object of strings")
    values = list(chain.from_iterable(map(dict.values, sent)))
    if set(map(type, values)) - {str}:
        odd = next(value for value in values if not isinstance(value, str))
        raise malformed(f"values: a structured metadata value must be a string, found {kind_of(odd)}")
    names = list(chain.from_iterable(sent))
    row = np.repeat(np.arange(len(sent), dtype=np.int32), list(map(len, sent)))
    return Pairs(row, Slices.of(pa.array(names, pa.string())), Slices.of(pa.array(values, pa.string())))
