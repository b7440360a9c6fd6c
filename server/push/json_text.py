"""JSON of a push: bounded before it is parsed, forgiving where Loki is, and where in it something is wrong."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import orjson

from server.push.bounds import JSON_VALUES_MAX, check_json_values
from server.push.entries import MAX_TEXT_BYTES
from server.push.errors import PushError
from server.push.kernels import measure_json
from storage.text import decode_utf8

__all__ = ["kind_of", "malformed", "parse_json", "time_overflow"]

_NULL = b"null"
_BEFORE_KEY, _BEFORE_STREAM = re.compile(r"[\s{,]*"), re.compile(r"[\s\[,]*")
_BEFORE_VALUE = re.compile(r"[\s:]*")
_SEARCHED_BYTES_MAX = 1 << 20
_NEAR_BYTES, _WIDE_BYTES = 10, 50


def parse_json(body: bytes) -> Any:
    """The value in a body. PushError 400 when it is malformed or holds more values than an honest one."""
    if len(body) > MAX_TEXT_BYTES:
        raise PushError(400, f"decompressed message size too large than max ({len(body)} vs {MAX_TEXT_BYTES})")
    _check_values(body)
    if not body.strip():
        raise PushError(400, "EOF")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return _parse_leniently(body, error)


def _check_values(body: bytes) -> None:
    """Strings may hold any of these symbols, so they are passed over where all together would be too many."""
    if sum(map(body.count, (b",", b":", b"[", b"{"))) > JSON_VALUES_MAX:
        check_json_values(_measured(body)[0])


def _measured(text: bytes) -> tuple[int, int]:
    """At most how many values there are, and where the first array or object ends."""
    measures = np.zeros(2, np.int64)
    measure_json(np.frombuffer(text, np.uint8), measures)
    return int(measures[0]), int(measures[1])


def _parse_leniently(body: bytes, first_error: orjson.JSONDecodeError) -> Any:
    """Loki reads the first value and ignores what follows it, and takes text that is not UTF-8."""
    text = decode_utf8(body).lstrip().encode()
    _, end = (0, len(_NULL)) if text.startswith(_NULL) else _measured(text)
    try:
        return orjson.loads(text[:end])
    except orjson.JSONDecodeError as error:
        raise malformed(str(first_error)) from error


def kind_of(value: Any) -> str:
    """What a JSON value is called in messages."""
    if value is None:
        return "null"
    kinds = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}
    return kinds.get(type(value), "a number")


def malformed(cause: str) -> PushError:
    """The refusal of JSON that is no push."""
    return PushError(400, f"cannot decode the JSON push request: {cause}")


def time_overflow(body: bytes, stream: int) -> PushError:
    """The refusal of a timestamp beyond 64 bits, in the reference's words: clients compare them. It shows where the
    stream ends that has it."""
    cause = "loghttp.PushRequest.Streams: []loghttp.LogProtoStream: unmarshalerDecoder: Value is number, but overflowed"
    return PushError(400, f"{cause} while parsing{_place(body, stream)}")


def _place(body: bytes, stream: int) -> str:
    if len(body) > _SEARCHED_BYTES_MAX:
        return ""
    try:
        end = _end_of_stream(body.decode("latin-1"), stream)
    except (ValueError, RecursionError):  # the name twice, or a value nested deeper than this parser goes
        return ""
    near, wide = (decode_utf8(body[max(end - size, 0) : end + size]) for size in (_NEAR_BYTES, _WIDE_BYTES))
    return f", error found in #{min(end, _NEAR_BYTES)} byte of ...|{near}|..., bigger context ...|{wide}|..."


def _end_of_stream(text: str, stream: int) -> int:
    """Where a stream of a request ends that was read before."""
    decoder, position = json.JSONDecoder(strict=False), 0
    name = ""
    while name.lower() != "streams":
        name, position = decoder.raw_decode(text, _after(_BEFORE_KEY, text, position))
        position = _after(_BEFORE_VALUE, text, position)
        if name.lower() != "streams":
            _, position = decoder.raw_decode(text, position)
    for _ in range(stream + 1):
        _, position = decoder.raw_decode(text, _after(_BEFORE_STREAM, text, position))
    return position


def _after(gap: re.Pattern[str], text: str, position: int) -> int:
    found = gap.match(text, position)
    assert found is not None
    return found.end()
