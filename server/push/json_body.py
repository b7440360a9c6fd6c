"""The JSON form of a push. The whole body is checked before anything of it is used."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from server.push.entries import MAX_TEXT_BYTES, Entries, Pairs, Slices
from server.push.errors import PushError
from server.push.streams import label_text_of
from storage.text import decode_utf8

__all__ = ["decode_json"]

_DECIMAL = re.compile(r"[+-]?[0-9]+\Z", re.ASCII)
# Nanoseconds of the years 2001 to 2286 have this many digits.
_USUAL_DIGITS = 19
_POWERS = 10 ** np.arange(_USUAL_DIGITS - 1, -1, -1, dtype=np.int64)
_NOTHING: dict[str, str] = {}


def decode_json(body: bytes) -> Entries:
    """The entries of a JSON push. PushError 400 when it is malformed, 422 without a stream."""
    if len(body) > MAX_TEXT_BYTES:
        raise PushError(400, f"decompressed message size too large than max ({len(body)} vs {MAX_TEXT_BYTES})")
    streams = [each for each in _streams(_parse(body)) if each[1]]
    rows = list(chain.from_iterable(values for _, values in streams))
    _check_rows(rows)
    counts = [len(values) for _, values in streams]
    stream = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return Entries([labels for labels, _ in streams], stream, _times(rows), _lines(rows), _pairs(rows))


def _parse(body: bytes) -> Any:
    if not body.strip():
        raise PushError(400, "EOF")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return _parse_leniently(body, error)


def _parse_leniently(body: bytes, first_error: orjson.JSONDecodeError) -> Any:
    """Loki reads the first value and ignores what follows it, and takes text that is not UTF-8."""
    text = decode_utf8(body).lstrip()
    try:
        _, end = json.JSONDecoder().raw_decode(text)
        return orjson.loads(text[:end])
    except (ValueError, RecursionError) as error:
        raise _malformed(str(first_error)) from error


def _streams(request: Any) -> list[tuple[bytes, list[Any]]]:
    """(label string, values) of each stream."""
    if request is not None and not isinstance(request, dict):
        raise _malformed(f"expected an object, found {_kind(request)}")
    streams = (request or {}).get("streams")
    if streams is not None and not isinstance(streams, list):
        raise _malformed(f"streams: expected an array, found {_kind(streams)}")
    if not streams:
        raise PushError(422, "error at least one valid stream is required for ingestion")
    return [_stream(each) for each in streams]


def _stream(stream: Any) -> tuple[bytes, list[Any]]:
    if not isinstance(stream, dict):
        raise _malformed(f"streams: expected an object, found {_kind(stream)}")
    values = stream.get("values")
    if values is not None and not isinstance(values, list):
        raise _malformed(f"values: expected an array, found {_kind(values)}")
    labels = stream.get("stream")
    if labels is not None and not isinstance(labels, dict):
        raise _malformed(f"stream: expected an object, found {_kind(labels)}")
    return label_text_of({name: _label_value(value) for name, value in (labels or {}).items()}), values or []


def _label_value(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _check_rows(rows: list[Any]) -> None:
    if set(map(type, rows)) - {list}:
        odd = next(row for row in rows if not isinstance(row, list))
        raise _malformed(f"values: expected arrays of time, line and metadata, found {_kind(odd)}")
    if not all(rows):
        raise _malformed("values: an entry has no timestamp")


def _times(rows: list[list[Any]]) -> NDArray[np.int64]:
    texts = [row[0] for row in rows]
    if set(map(type, texts)) - {str}:
        raise _malformed("values: the timestamp must be a string of nanoseconds since 1970")
    digits = "".join(texts)
    if digits.isascii() and digits.isdigit():
        if set(map(len, texts)) == {_USUAL_DIGITS} and (times := _usual_times(digits)).min() >= 0:
            return times
    elif odd := next((each for each in texts if not _DECIMAL.match(each)), None):
        raise _malformed(f"values: the timestamp must be nanoseconds since 1970 in decimal, found {odd[:40]!r}")
    try:
        return np.array(list(map(int, texts)), np.int64)
    except (ValueError, OverflowError) as error:
        raise _malformed("values: a timestamp is empty or out of the range of 64 bits") from error


def _usual_times(digits: str) -> NDArray[np.int64]:
    """Numbers of 19 digits each, all at once; those beyond 64 bits come out negative."""
    table = np.frombuffer(digits.encode(), np.uint8).reshape(-1, _USUAL_DIGITS) - ord("0")
    return table @ _POWERS


def _lines(rows: list[list[Any]]) -> pa.Array:
    lines = [row[1] if len(row) > 1 else "" for row in rows]
    if set(map(type, lines)) - {str}:
        odd = next(line for line in lines if not isinstance(line, str))
        raise _malformed(f"values: the line must be a string, found {_kind(odd)}")
    return pa.array(lines, pa.string())


def _pairs(rows: list[list[Any]]) -> Pairs:
    any_sent = max(map(len, rows), default=0) > 2
    sent = [row[2] if len(row) > 2 else _NOTHING for row in rows] if any_sent else []
    if set(map(type, sent)) - {dict}:
        raise _malformed("values: structured metadata must be an object of strings")
    values = list(chain.from_iterable(map(dict.values, sent)))
    if set(map(type, values)) - {str}:
        odd = next(value for value in values if not isinstance(value, str))
        raise _malformed(f"values: a structured metadata value must be a string, found {_kind(odd)}")
    names = list(chain.from_iterable(sent))
    row = np.repeat(np.arange(len(sent), dtype=np.int32), list(map(len, sent)))
    return Pairs(row, Slices.of(pa.array(names, pa.string())), Slices.of(pa.array(values, pa.string())))


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}
    return kinds.get(type(value), "a number")


def _malformed(cause: str) -> PushError:
    return PushError(400, f"cannot decode the JSON push request: {cause}")
