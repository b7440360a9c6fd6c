"""What is fuzzed: functions of bytes that either answer or refuse as they promise, with bytes to begin from.

A target raises for what would be a 500, a hang, or two readings of one text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from logql.cancel import Cancel
from logql.errors import QueryError
from logql.limits import QueryLimits
from logql.requests import RangeQuery
from logql.stages.pipeline import Pipeline
from logql.syntax import parse, parse_selector
from server.auth.authorization import parse_authorization
from server.auth.errors import CredentialError
from server.auth.records import TokenRecord, parse_records
from server.http.errors import HttpError
from server.limits import PushLimits
from server.parameters.form import parse_parameters
from server.parameters.queries import parse_instant_query, parse_range_query
from server.push.errors import PushError
from server.push.label_text import parse_label_text
from server.push.otlp import receive_otlp
from server.push.receive import receive, receive_legacy
from server.tenancy import tenant_of
from tests.fuzz import seeds
from tests.logql.engine_case import BASE_S, EngineCase
from tests.logql.frames import line_frame, lines_of, stages_of
from tests.server.push.wire import NOW_NS, snappy

__all__ = ["TARGETS", "Target"]

_LIMITS = PushLimits(max_decompressed_size=1 << 20, max_recv_msg_size=1 << 20)
_QUERY_LIMITS = QueryLimits(query_timeout_s=5)
_JSON, _PROTOBUF = "application/json", "application/x-protobuf"
_ENCODINGS = ("gzip", "deflate", "zstd", "snappy", "lz4", "br")


@dataclass(frozen=True)
class Target:
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def _push_json(data: bytes) -> None:
    with suppress(PushError):
        receive(data, _JSON, "", _LIMITS, NOW_NS)


def _push_legacy(data: bytes) -> None:
    with suppress(PushError):
        receive_legacy(data, _JSON, "", _LIMITS, NOW_NS)


def _push_protobuf(data: bytes) -> None:
    with suppress(PushError):
        receive(snappy(data), _PROTOBUF, "", _LIMITS, NOW_NS)


def _push_snappy(data: bytes) -> None:
    with suppress(PushError):
        receive(data, _PROTOBUF, "", _LIMITS, NOW_NS)


def _push_encoded(data: bytes) -> None:
    """The first byte chooses the encoding."""
    encoding = _ENCODINGS[data[0] % len(_ENCODINGS)] if data else ""
    for content_type in (_JSON, _PROTOBUF):
        with suppress(PushError):
            receive(data[1:], content_type, encoding, _LIMITS, NOW_NS)
        with suppress(PushError):
            receive_otlp(data[1:], content_type, encoding, _LIMITS, NOW_NS)


def _otlp_json(data: bytes) -> None:
    with suppress(PushError):
        receive_otlp(data, _JSON, "", _LIMITS, NOW_NS)


def _otlp_protobuf(data: bytes) -> None:
    with suppress(PushError):
        receive_otlp(data, _PROTOBUF, "", _LIMITS, NOW_NS)


def _labels(data: bytes) -> None:
    with suppress(PushError, ValueError):
        parse_label_text(data)


def _query(data: bytes) -> None:
    """A query that is understood prints itself as a text that is understood in the same way."""
    text = data.decode("utf-8", "replace")
    with suppress(QueryError):
        parse_selector(text)
    try:
        expr = parse(text)
    except QueryError:
        return
    again = parse(str(expr))
    assert str(again) == str(expr), f"{text!r} is {expr}, and that is {again}"


@cache
def _engine() -> EngineCase:
    case = EngineCase(Path(tempfile.mkdtemp(prefix="fuzz-")))
    case.__enter__()
    case.push({"app": "web"}, [(float(row), line) for row, line in enumerate(seeds.LINES)])
    return case


def _answer(data: bytes) -> None:
    """A query is answered or refused, over lines of every kind."""
    start_ns = BASE_S * 10**9
    asked = RangeQuery(data.decode("utf-8", "replace"), start_ns, start_ns + 60 * 10**9, 5000, limits=_QUERY_LIMITS)
    with suppress(QueryError):
        _engine().engine.range("t", asked, Cancel())


@cache
def _pipelines() -> tuple[Pipeline, ...]:
    return tuple(Pipeline(stages_of(stages)) for stages in seeds.STAGES)


def _line(data: bytes) -> None:
    """Any lines are read by every parser."""
    frame = line_frame(*data.decode("utf-8", "replace").split("\n")[:20])
    for pipeline in _pipelines():
        lines_of(pipeline(frame))


def _parameters(data: bytes) -> None:
    with suppress(HttpError, QueryError):
        parameters = parse_parameters(data)
        parse_range_query(parameters, NOW_NS, _QUERY_LIMITS, False)
        parse_instant_query(parameters, NOW_NS, _QUERY_LIMITS, False)


def _headers(data: bytes) -> None:
    with suppress(HttpError):
        parse_authorization(data)
    with suppress(HttpError):
        tenant_of(data, auth_enabled=True)


def _credentials(data: bytes) -> None:
    with suppress(CredentialError):
        parse_records(data, TokenRecord)


TARGETS: Mapping[str, Target] = {
    "push-json": Target(_push_json, seeds.PUSH_JSON),
    "push-legacy": Target(_push_legacy, seeds.PUSH_JSON),
    "push-protobuf": Target(_push_protobuf, seeds.PUSH_PROTOBUF),
    "push-snappy": Target(_push_snappy, tuple(map(snappy, seeds.PUSH_PROTOBUF))),
    "push-encoded": Target(_push_encoded, seeds.ENCODED),
    "otlp-json": Target(_otlp_json, seeds.OTLP_JSON),
    "otlp-protobuf": Target(_otlp_protobuf, seeds.OTLP_PROTOBUF),
    "labels": Target(_labels, seeds.LABELS),
    "query": Target(_query, seeds.QUERIES),
    "answer": Target(_answer, seeds.QUERIES),
    "line": Target(_line, tuple(line.encode() for line in seeds.LINES)),
    "parameters": Target(_parameters, seeds.PARAMETERS),
    "headers": Target(_headers, seeds.HEADERS),
    "credentials": Target(_credentials, seeds.CREDENTIALS),
}
