"""The whole road once: a line goes in through the push API and comes out of every query endpoint."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable
from itertools import count

import pytest
import zstandard

from benchmarks.protobuf import encode_entry, encode_push, encode_stream, label_text
from tests.end_to_end.conftest import ServerMaker
from tests.end_to_end.http_client import Answer, HttpClient
from tests.end_to_end.reading import find

PUSH = "/loki/api/v1/push"
LINES = ["[TRT] [W] falling back to FP32", "[ERROR] CUDA error: out of memory during enqueue", "", "ünïcode 日本 😀"]


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "deflate": raw_deflate,
    "zstd": zstandard.ZstdCompressor().compress,
}


def json_body(labels: dict[str, str], start_ns: int) -> bytes:
    values = [[str(start_ns + at), line, {"trace_id": f"t{at}"}] for at, line in enumerate(LINES)]
    return json.dumps({"streams": [{"stream": labels, "values": values}]}).encode()


def protobuf_body(labels: dict[str, str], start_ns: int) -> bytes:
    entries = [encode_entry(start_ns + at, line.encode(), {"trace_id": f"t{at}"}) for at, line in enumerate(LINES)]
    return encode_push([encode_stream(label_text(labels), entries)])


FORMATS = {"application/json": json_body, "application/x-protobuf": protobuf_body}


def send(client: HttpClient, content_type: str, encoding: str, labels: dict[str, str], start_ns: int) -> Answer:
    headers = {"Content-Type": content_type} | ({"Content-Encoding": encoding} if encoding else {})
    return client.post(PUSH, ENCODINGS[encoding](FORMATS[content_type](labels, start_ns)), headers)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("content_type", FORMATS)
def test_lines_are_found_as_they_were_pushed(client: HttpClient, mark: str, content_type: str, encoding: str) -> None:
    start_ns = time.time_ns()
    answer = send(client, content_type, encoding, {"mark": mark, "app": "road"}, start_ns)
    assert (answer.status, answer.body) == (204, b"")
    found = find(client, f'{{mark="{mark}"}}')
    assert [(each.ts_ns - start_ns, each.line, each["trace_id"]) for each in found] == [
        (at, line, f"t{at}") for at, line in enumerate(LINES)
    ]
    assert [each["detected_level"] for each in found] == ["unknown", "error", "unknown", "unknown"]
    assert {each["service_name"] for each in found} == {"road"}


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ('|= "out of memory"', [1]),
        ('!= "memory"', [0, 2, 3]),
        ('|~ "(?i)OUT.*MEMORY"', [1]),
        ('!~ "^\\\\["', [2, 3]),
        ('|= "日本"', [3]),
        ('|= "falling" |= "FP32" != "INT8"', [0]),
    ],
)
def test_line_filters(client: HttpClient, mark: str, filters: str, kept: list[int]) -> None:
    send(client, "application/json", "", {"mark": mark}, time.time_ns())
    assert [each.line for each in find(client, f'{{mark="{mark}"}} {filters}')] == [LINES[at] for at in kept]


def test_pushed_twice_is_there_once(client: HttpClient, mark: str) -> None:
    start_ns = time.time_ns()
    for content_type in (*FORMATS, *FORMATS):
        assert send(client, content_type, "", {"mark": mark}, start_ns).status == 204
    assert [each.line for each in find(client, f'{{mark="{mark}"}}')] == LINES


def test_labels_values_series_and_counts_tell_of_the_line(client: HttpClient, mark: str) -> None:
    send(client, "application/json", "", {"mark": mark, "model": "yolov5s"}, time.time_ns())
    selector = f'{{mark="{mark}"}}'
    assert client.get("/loki/api/v1/labels", {"query": selector}).json["data"] == ["mark", "model", "service_name"]
    assert mark in client.get("/loki/api/v1/label/mark/values").json["data"]
    values = client.get("/loki/api/v1/label/model/values", {"query": selector}).json
    assert values == {"status": "success", "data": ["yolov5s"]}
    series = client.get("/loki/api/v1/series", {"match[]": [selector]}).json["data"]
    assert series == [{"mark": mark, "model": "yolov5s", "service_name": "unknown_service"}]
    count_over_time = client.get("/loki/api/v1/query", {"query": f"sum(count_over_time({selector}[5m]))"}).json
    assert count_over_time["data"]["result"][0]["value"][1] == str(len(LINES))


def test_a_restart_and_a_flush_change_no_answer(make_server: ServerMaker) -> None:
    server = make_server()
    client, starts_ns = server.client(), count(time.time_ns() - 10**9, 10**6)
    send(client, "application/json", "", {"job": "a"}, next(starts_ns))
    send(client, "application/x-protobuf", "gzip", {"job": "b"}, next(starts_ns))
    before = find(client, '{job=~"a|b"}')
    assert len(before) == 2 * len(LINES)
    assert client.post("/flush").status == 204
    assert find(client, '{job=~"a|b"}') == before
    send(client, "application/x-protobuf", "", {"job": "c"}, next(starts_ns))
    everything = find(client, '{job=~".+"}')
    assert server.stop() == 0
    server.start()
    assert find(client, '{job=~".+"}') == everything
    assert len(everything) == 3 * len(LINES)


def test_tenants_see_only_their_own(make_server: ServerMaker) -> None:
    server = make_server({"auth_enabled": True})
    now_ns = time.time_ns()
    for tenant in ("one", "two"):
        assert send(server.client(tenant), "application/json", "", {"job": tenant}, now_ns).status == 204
    for tenant in ("one", "two"):
        assert {each["job"] for each in find(server.client(tenant), '{job=~".+"}')} == {tenant}
    refused = server.client().get("/loki/api/v1/labels")
    assert (refused.status, refused.text) == (401, "no org id\n")
    assert send(server.client(), "application/json", "", {"job": "x"}, now_ns).status == 401


@pytest.mark.parametrize(
    ("body", "content_type", "status", "text"),
    [
        (b"", "application/json", 400, "EOF\n"),
        (b"{}", "application/json", 422, "error at least one valid stream is required for ingestion\n"),
        (b'{"streams":[{"stream":{"a":"b"},"values":[["1"', "application/json", 400, ""),
        (b"not snappy", "application/x-protobuf", 400, "snappy: corrupt input\n"),
        (b"{}", "", 400, "mime: no media type\n"),
    ],
)
def test_bad_pushes_are_refused(client: HttpClient, body: bytes, content_type: str, status: int, text: str) -> None:
    answer = client.post(PUSH, body, {"Content-Type": content_type} if content_type else None)
    assert answer.status == status
    assert answer.text == text if text else answer.text.endswith("\n")


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"query": "{"}, "parse error"),
        ({"query": '{a="b"} | json | nope('}, "parse error"),
        ({"query": ""}, "parse error"),
        ({"query": '{a="b"}', "limit": "0"}, "limit must be a positive value"),
        ({"query": '{a="b"}', "limit": "abc"}, 'strconv.Atoi: parsing "abc": invalid syntax'),
        ({"query": '{a="b"}', "start": "now"}, "could not parse 'start' parameter"),
        ({"query": '{a="b"}', "direction": "up"}, "up"),
    ],
)
def test_bad_queries_are_refused(client: HttpClient, parameters: dict[str, str], text: str) -> None:
    answer = client.get("/loki/api/v1/query_range", parameters)
    assert answer.status == 400
    assert text in answer.text
    assert not answer.text.endswith("\n")
