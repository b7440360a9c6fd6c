"""What becomes of OTLP requests, in both of their forms."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from server.limits import PushLimits
from server.otlp_rules import DEFAULT_LABELS, DEFAULT_RULES, Action, OtlpRule, OtlpRules
from server.push.errors import PushError
from server.push.otlp import receive_otlp
from server.push.receive import Received
from tests.server.push.otlp.requests import (
    JSON,
    PROTOBUF,
    RECEIVERS,
    SPAN,
    TRACE,
    Message,
    as_protobuf,
    labels_of,
    lines_of,
    logs,
    metadata_of,
    receive_json,
    receive_protobuf,
    record,
    request,
)
from tests.server.push.wire import NOW_NS, block, levels_of, number, rows_of

Receiver = Callable[..., Received]
both = pytest.mark.parametrize("receive", RECEIVERS)
NO_LEVELS = PushLimits(discover_log_levels=False)


@both
def test_the_example_of_the_protocol(receive: Receiver) -> None:
    fields: Message = {"severityNumber": 9, "severityText": "Info", "traceId": TRACE, "spanId": SPAN, "flags": 1}
    fields["observedTimeUnixNano"] = str(NOW_NS + 5)
    sent = record("hello", attributes={"user.id": 7}, **fields)
    received = receive(request(logs(sent, scope={"name": "lib", "version": "1.2"})))
    assert rows_of(received) == [
        (
            '{service_name="shop"}',
            NOW_NS,
            "hello",
            {
                "flags": "1",
                "observed_timestamp": str(NOW_NS + 5),
                "scope_name": "lib",
                "scope_version": "1.2",
                "severity_number": "9",
                "severity_text": "Info",
                "span_id": SPAN,
                "trace_id": TRACE,
                "user_id": "7",
            },
        )
    ]
    assert levels_of(received) == ["info"]


@both
@pytest.mark.parametrize(
    ("body", "line"),
    [
        (None, ""),
        ("", ""),
        ("text ünd <b>", "text ünd <b>"),
        (42, "42"),
        (-(2**63), "-9223372036854775808"),
        (True, "true"),
        (False, "false"),
        (1.0, "1"),
        (0.1, "0.1"),
        (-2.5e-7, "-2.5e-7"),
        (0.00001, "0.00001"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
        (b"\x00\xff", "AP8="),
        ([], "[]"),
        ({}, "{}"),
        ({"b": 1, "a": {"x": [1.0, None, True, 'q"<']}}, '{"a":{"x":[1,null,true,"q\\"<"]},"b":1}'),
        (["a", b"\x01", float("inf")], '["a","AQ==","+Inf"]'),
    ],
)
def test_bodies_of_every_kind_become_lines(receive: Receiver, body: Any, line: str) -> None:
    assert lines_of(receive(request(logs(record(body))))) == [line]


@both
@pytest.mark.parametrize(
    ("attributes", "metadata"),
    [
        ({"a.b-c": "x"}, {"a_b_c": "x"}),
        ({"1st": "x"}, {"key_1st": "x"}),
        ({"i": -7, "t": True, "f": 0.5, "n": None, "e": ""}, {"i": "-7", "t": "true", "f": "0.5"}),
        ({"raw": b"\xff"}, {"raw": "/w=="}),
        ({"list": [1, "a"]}, {"list": '[1,"a"]'}),
        (
            {"http": {"method": "GET", "st.code": 200}, "z": "1"},
            {"http_method": "GET", "http_st_code": "200", "z": "1"},
        ),
        ({"a": {"b": {"c": {}, "d": 1}}}, {"a_b_d": "1"}),
        ({"a": {}}, {}),
        ({"x.y": "first", "x_y": "last"}, {"x_y": "last"}),
        ({"trace.id": "mine"}, {"trace_id": "mine"}),
        ({"service.name": "log"}, {"service_name": "log"}),
    ],
)
def test_attributes_become_metadata(receive: Receiver, attributes: dict[str, Any], metadata: dict[str, str]) -> None:
    received = receive(request(logs(record(attributes=attributes))), NO_LEVELS)
    assert metadata_of(received) == metadata


@both
def test_what_is_said_last_wins(receive: Receiver) -> None:
    own = record(attributes={"flags": "own", "host.name": "own", "scope.name": "own", "only": "own"}, flags=3)
    resource = {"service.name": "s", "host.name": "resource", "scope.version": "resource", "only.resource": "r"}
    scope = {"name": "n", "version": "v", "droppedAttributesCount": 2, "attributes": []}
    received = receive(request(logs(own, record(), resource=resource, scope=scope)), NO_LEVELS)
    shared = {
        "host_name": "resource",
        "only_resource": "r",
        "scope_dropped_attributes_count": "2",
        "scope_name": "n",
        "scope_version": "v",
    }
    assert metadata_of(received) == {**shared, "flags": "3", "only": "own"}
    assert metadata_of(received, 1) == shared


@both
def test_a_resource_that_is_empty_somewhere_hides_what_the_line_says(receive: Receiver) -> None:
    received = receive(request(logs(record(attributes={"a": "own"}), resource={"a": ""})), NO_LEVELS)
    assert metadata_of(received) == {}


@both
@pytest.mark.parametrize(
    ("resource", "labels"),
    [
        ({}, '{service_name="unknown_service"}'),
        ({"service.name": 0}, '{service_name="0"}'),
        ({"service.name": False}, '{service_name="false"}'),
        ({"service.name": []}, '{service_name="[]"}'),
        ({"service.name": ""}, '{service_name="unknown_service"}'),
        ({"service.name": 7}, '{service_name="7"}'),
        (
            {"container.name": "c", "k8s.container.name": "k"},
            '{container_name="c", k8s_container_name="k", service_name="c"}',
        ),
        (
            {"k8s.container.name": "k", "container.name": "c"},
            '{container_name="c", k8s_container_name="k", service_name="k"}',
        ),
        ({"k8s.job.name": "", "k8s.pod.name": "p"}, '{k8s_pod_name="p", service_name="unknown_service"}'),
        ({"app": "no label"}, '{service_name="unknown_service"}'),
        ({"service.name": 'q"ü'}, '{service_name="q\\"ü"}'),
    ],
)
def test_labels_come_from_the_resource(receive: Receiver, resource: dict[str, Any], labels: str) -> None:
    assert labels_of(receive(request(logs(record(), resource=resource)))) == labels


@both
def test_every_default_label_is_one(receive: Receiver) -> None:
    names = DEFAULT_LABELS[3:]
    received = receive(request(logs(record(), resource=dict.fromkeys(names, "x"))))
    assert received.error is None
    labels = labels_of(received)
    assert all(f'{name.replace(".", "_")}="x"' in labels for name in names)
    assert not metadata_of(received).keys() - {"detected_level"}


@both
def test_without_service_names_there_is_none(receive: Receiver) -> None:
    limits = PushLimits(discover_service_name=())
    labels = labels_of(receive(request(logs(record(), resource={"k8s.container.name": "k"})), limits))
    assert labels == '{k8s_container_name="k"}'


@both
@pytest.mark.parametrize(
    ("time_ns", "observed_ns", "ts", "metadata"),
    [
        (NOW_NS - 5, NOW_NS, NOW_NS - 5, {"observed_timestamp": str(NOW_NS)}),
        (0, NOW_NS - 7, NOW_NS - 7, {}),
        (NOW_NS - 5, 0, NOW_NS - 5, {}),
        (0, 0, NOW_NS, {}),
    ],
)
def test_times(receive: Receiver, time_ns: int, observed_ns: int, ts: int, metadata: dict[str, str]) -> None:
    sent = record(ts=time_ns, observedTimeUnixNano=str(observed_ns))
    assert rows_of(receive(request(logs(sent)), NO_LEVELS)) == [('{service_name="shop"}', ts, "hello", metadata)]


@both
@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"severityNumber": 17}, "error"),
        ({"severityNumber": 17, "severityText": "INFO"}, "info"),
        ({"severityText": "WARNING"}, "warn"),
        ({"severityNumber": 24}, "fatal"),
        ({}, "debug"),
    ],
)
def test_levels(receive: Receiver, fields: Message, level: str) -> None:
    assert levels_of(receive(request(logs(record("[debug] x", **fields))))) == [level]


@both
def test_ids_of_zeros_are_none(receive: Receiver) -> None:
    received = receive(request(logs(record(traceId="0" * 32, spanId="0" * 16))), NO_LEVELS)
    assert metadata_of(received) == {}


@both
@pytest.mark.parametrize(
    ("message", "status", "text"),
    [
        (request(), 422, "error at least one valid stream is required for ingestion"),
        (request(logs()), 422, "error at least one valid stream is required for ingestion"),
        (request(logs(record(attributes={"": "x"}))), 400, "symbolizer lookup: label name is empty"),
        (
            request(logs(record(attributes={"a": {"": "x"}, "__": "x"}))),
            400,
            'symbolizer lookup: normalization for label name "__" resulted in invalid name "_"',
        ),
        (request(logs(record(), resource={"": "x"})), 400, "symbolizer lookup: label name is empty"),
        (
            request(logs(record(), scope={"name": "", "attributes": [{"key": ""}]})),
            400,
            "symbolizer lookup: label name is empty",
        ),
    ],
)
def test_refusals_of_the_whole(receive: Receiver, message: Message, status: int, text: str) -> None:
    with pytest.raises(PushError) as raised:
        receive(message)
    assert (raised.value.status, raised.value.text) == (status, text)


@both
def test_rows_are_judged_with_all_that_is_said_about_them(receive: Receiver) -> None:
    limits = PushLimits(max_structured_metadata_size=20, max_structured_metadata_entries_count=2)
    long = logs(record(), resource={"service.name": "s", "name": "x" * 17})
    many = logs(record(attributes={"a": "1", "b": "2"}), resource={"service.name": "s", "c": "3"})
    good = logs(record("good"), resource={"service.name": "s", "name": "x" * 16})
    old = logs(record(ts=1))
    received = receive(request(long, many, good, old), limits)
    assert lines_of(received) == ["good"]
    assert metadata_of(received) == {"detected_level": "unknown", "name": "x" * 16}
    assert received.error is not None
    text = received.error.text
    assert "stream '{service_name=\"s\"}' has structured metadata too large: '21' bytes, limit: '20' bytes" in text
    assert "stream '{service_name=\"s\"}' has too many structured metadata labels: '3', limit: '2'" in text
    assert "entry for stream '{service_name=\"shop\"}' has timestamp too old: 1970-01-01T00:00:00Z" in text
    assert (received.lines, received.bytes) == (1, len("good") + 20)


RULES = OtlpRules(
    resource=(OtlpRule(Action.INDEX_LABEL, regex="host.*"), OtlpRule(Action.DROP, ("secret",)), *DEFAULT_RULES),
    scope=(OtlpRule(Action.DROP, regex="s.*"),),
    log=(OtlpRule(Action.DROP, ("http.url", "deep")), OtlpRule(Action.INDEX_LABEL, ("tier", "map"))),
    severity_text_as_label=True,
)


@both
def test_rules_decide_by_the_name_as_it_was_sent(receive: Receiver) -> None:
    limits = replace(NO_LEVELS, otlp_rules=RULES)
    scope = {"name": "n", "attributes": [{"key": "secret", "value": {"stringValue": "x"}}]}
    resource = {"service.name": "s", "host.name": "h", "secret": "x", "xhost": "y"}
    first = record(
        "1", attributes={"http.url": "u", "tier": "gold", "deep": {"a": 1}, "map": {"k": 1}, "kept": {"a": 1}}
    )
    second = record("2", attributes={"http_url": "u"}, severityText="WARN")
    received = receive(request(logs(first, second, resource=resource, scope=scope)), limits)
    labels = (
        '{host_name="h", map_k="1", service_name="s", tier="gold"}',
        '{host_name="h", service_name="s", severity_text="WARN"}',
    )
    shared = {"scope_name": "n", "xhost": "y"}
    assert rows_of(received) == [
        (labels[0], NOW_NS, "1", {**shared, "kept_a": "1"}),
        (labels[1], NOW_NS, "2", {**shared, "http_url": "u", "severity_text": "WARN"}),
    ]


texts = st.text("aB.é_1", max_size=4)
plain = st.one_of(
    texts, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.binary(max_size=3), st.none()
)
nested = st.recursive(plain, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2))
named = st.dictionaries(
    st.text("ab.é", min_size=1, max_size=3).filter(lambda text: text.strip(".é")), nested, max_size=3
)


@st.composite
def requests(draw: st.DrawFn) -> Message:
    def one() -> Message:
        fields: Message = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "severityNumber": st.integers(0, 24),
                    "severityText": texts,
                    "droppedAttributesCount": st.integers(0, 2**32 - 1),
                    "flags": st.integers(0, 2**32 - 1),
                    "traceId": st.sampled_from([TRACE, "00" * 16, ""]),
                    "spanId": st.sampled_from([SPAN, "00" * 8]),
                    "observedTimeUnixNano": st.sampled_from(["0", str(NOW_NS)]),
                },
            )
        )
        return record(draw(nested), draw(st.sampled_from([0, NOW_NS, NOW_NS - 9])), draw(named), **fields)

    def source() -> Message:
        scope = {"name": draw(texts), "version": draw(texts), "droppedAttributesCount": draw(st.integers(0, 3))}
        records = [one() for _ in range(draw(st.integers(0, 3)))]
        return logs(*records, resource=draw(named) | {"service.name": draw(texts)}, scope=scope)

    return request(*(source() for _ in range(draw(st.integers(1, 3)))))


def outcome(receive: Receiver, message: Message, limits: PushLimits) -> Any:
    try:
        received = receive(message, limits)
    except PushError as error:
        return error.status, error.text
    return rows_of(received), received.lines, received.bytes, received.error and received.error.text


@given(
    message=requests(),
    rules=st.sampled_from([OtlpRules(), RULES, OtlpRules(log=(OtlpRule(Action.INDEX_LABEL, regex="a.*"),))]),
)
def test_json_and_protobuf_are_the_same(message: Message, rules: OtlpRules) -> None:
    limits = PushLimits(otlp_rules=rules)
    assert outcome(receive_json, message, limits) == outcome(receive_protobuf, message, limits)


GOOD = as_protobuf(request(logs(record())))


def lz4_frame(body: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "lz4") as stream:
        stream.write(body)
    framed: bytes = sink.getvalue().to_pybytes()
    return framed


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("", bytes),
        ("gzip", gzip.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("lz4", lz4_frame),
    ],
)
def test_encodings(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    assert lines_of(receive_otlp(encode(GOOD), PROTOBUF, encoding, PushLimits(), NOW_NS)) == ["hello"]


UNKNOWN = "unsupported content encoding {}: only gzip, lz4 and zstd are supported"


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "status", "text"),
    [
        (GOOD, "text/plain", "", 400, "content type: text/plain is not supported"),
        (GOOD, PROTOBUF + "; charset=utf-8", "", 400, f"content type: {PROTOBUF}; charset=utf-8 is not supported"),
        (GOOD, None, "", 400, "content type:  is not supported"),
        (GOOD, PROTOBUF, "deflate", 400, UNKNOWN.format("deflate")),
        (GOOD, PROTOBUF, "snappy", 400, UNKNOWN.format("snappy")),
        (GOOD, PROTOBUF, "gzip", 400, "gzip: invalid header"),
        (GOOD, PROTOBUF, "lz4", 400, "lz4: "),
        (GOOD, PROTOBUF, "zstd", 400, "zstd: "),
        (b"", PROTOBUF, "", 422, "error at least one valid stream"),
        (b"", JSON, "", 422, "error at least one valid stream"),
        (b"{}", JSON, "", 422, "error at least one valid stream"),
        (b"{", JSON, "", 400, "cannot decode the JSON push request: "),
        (b"junk", PROTOBUF, "", 400, "cannot decode the OTLP request: "),
        (b"x" * 2001, PROTOBUF, "", 413, "request body too large: message size too large than max (2001 vs 2000)"),
        (
            gzip.compress(bytes(5001), mtime=0),
            PROTOBUF,
            "gzip",
            400,
            "decompressed message size too large than max (5001 vs 5000)",
        ),
    ],
)
def test_bodies_that_cannot_be_read(
    body: bytes, content_type: str | None, encoding: str, status: int, text: str
) -> None:
    limits = PushLimits(max_recv_msg_size=2000, max_decompressed_size=5000)
    with pytest.raises(PushError) as raised:
        receive_otlp(body, content_type, encoding, limits, NOW_NS)
    assert (raised.value.status, raised.value.text[: len(text)]) == (status, text)


def log_record(*fields: bytes) -> bytes:
    return block(1, block(2, block(2, b"".join(fields))))


DEEP = b"x"
for _ in range(70):
    DEEP = block(1, block(1, b"k") + block(2, block(6, DEEP)))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            log_record(block(5, block(6, b"\x0a"))),
            "cannot decode the OTLP request: unexpected end of the message, at byte 0 of a value",
        ),
        (
            log_record(block(5, block(5, number(1, 1)))),
            "cannot decode the OTLP request: a field has the wrong wire type",
        ),
        (
            block(1, block(1, b"\x0a") + block(2, block(2, b""))),
            "cannot decode the OTLP request: unexpected end of the message, at byte 0 of a resource",
        ),
        (
            block(1, block(2, block(1, number(1, 1)) + block(2, b""))),
            "cannot decode the OTLP request: a field has the wrong wire type, at byte 0 of a scope",
        ),
        (
            log_record(block(5, block(6, b"\x18\x00" * 1_000_001))),
            "too many fields in maps, arrays and resources of one push: limit 1000000",
        ),
        (log_record(block(5, block(6, DEEP))), "maps and arrays are nested too deeply: limit 64 levels"),
        (
            log_record(block(5, block(5, block(1, b"") * 250_001))),
            "too many values in maps and arrays of one push: limit 250000",
        ),
    ],
)
def test_odd_parts_are_checked_too(body: bytes, text: str) -> None:
    with pytest.raises(PushError) as raised:
        receive_otlp(body, PROTOBUF, "", PushLimits(), NOW_NS)
    assert (raised.value.status, raised.value.text[: len(text)]) == (400, text)


def test_bytes_that_are_no_text_are_replaced() -> None:
    pair = block(6, block(1, b"k") + block(2, block(1, b"a\xff")))
    received = receive_otlp(log_record(block(5, block(1, b"\xffx")), pair), PROTOBUF, "", NO_LEVELS, NOW_NS)
    assert (lines_of(received), metadata_of(received)) == (["�x"], {"k": "a "})


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"timeUnixNano": "soon"}, "timeUnixNano: expected a whole number, found 'soon'"),
        ({"timeUnixNano": -1}, "timeUnixNano: -1 is out of range"),
        ({"timeUnixNano": 1.5}, "timeUnixNano: expected a whole number, found '1.5'"),
        ({"traceId": "W47/95gDgQPSabYzgT/GDA=="}, "traceId: expected 32 hexadecimal digits"),
        ({"spanId": "ab"}, "spanId: expected 16 hexadecimal digits, found 'ab'"),
        ({"severityNumber": "LOUD"}, "severityNumber: expected a whole number, found 'LOUD'"),
        ({"severityText": 5}, "severityText: expected a string, found a number"),
        ({"body": "text"}, "value: expected an object, found a string"),
        ({"body": {"stringValue": 1}}, "stringValue: expected a string, found a number"),
        ({"body": {"intValue": "x"}}, "intValue: expected a whole number"),
        ({"body": {"boolValue": 1}}, "boolValue: expected a boolean, found a number"),
        ({"body": {"doubleValue": "x"}}, "doubleValue: expected a number, found 'x'"),
        ({"body": {"bytesValue": "?"}}, "bytesValue: "),
        ({"body": {"arrayValue": {"values": 1}}}, "values: expected an array, found a number"),
        ({"attributes": {}}, "attributes: expected an array, found an object"),
        ({"flags": 2**32}, "flags: 4294967296 is out of range"),
    ],
)
def test_json_of_wrong_types(fields: Message, text: str) -> None:
    with pytest.raises(PushError) as raised:
        receive_json(request(logs({**record(), **fields})))
    assert raised.value.status == 400
    assert raised.value.text.removeprefix("cannot decode the JSON push request: ").startswith(text)


def test_names_may_be_in_snake_case_and_enums_words() -> None:
    sent = {
        "time_unix_nano": NOW_NS,
        "severity_number": "SEVERITY_NUMBER_ERROR2",
        "trace_id": TRACE.upper(),
        "body": {"kvlist_value": {"values": [{"key": "a", "value": {"int_value": 1}}]}},
    }
    received = receive_json({"resource_logs": [{"scope_logs": [{"log_records": [sent]}]}]}, NO_LEVELS)
    metadata = {"severity_number": "18", "trace_id": TRACE}
    assert rows_of(received) == [('{service_name="unknown_service"}', NOW_NS, '{"a":1}', metadata)]


@both
@pytest.mark.parametrize(
    ("limits", "message", "text"),
    [
        (
            PushLimits(max_entries_per_push=2),
            request(logs(record(), record(), record())),
            "too many entries in one push: 3, limit: 2",
        ),
        (
            PushLimits(max_entries_per_push=1),
            request(logs(record(attributes={str(n): n for n in range(9)}))),
            "too many pairs of structured metadata in one push: 9, limit: 8",
        ),
        (
            PushLimits(max_entries_per_push=1),
            request(logs(record(attributes={"m": {str(n): n for n in range(9)}}))),
            "too many pairs of structured metadata in one push: 9, limit: 8",
        ),
        (
            PushLimits(max_entries_per_push=1),
            request(logs(record(), resource={str(n): n for n in range(9)})),
            "too many pairs of structured metadata in one push: 9, limit: 8",
        ),
        (
            PushLimits(max_streams_per_push=1),
            request(logs(record()), logs(record(), resource={})),
            "too many streams in one push: 2, limit: 1",
        ),
    ],
)
def test_what_one_push_may_hold(receive: Receiver, limits: PushLimits, message: Message, text: str) -> None:
    with pytest.raises(PushError) as raised:
        receive(message, limits)
    assert (raised.value.status, raised.value.text[: len(text)]) == (400, text)
