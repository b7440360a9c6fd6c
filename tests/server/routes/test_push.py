"""Push through the whole application."""

from __future__ import annotations

import gzip
import json
import shutil
import time
from collections.abc import AsyncIterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from storage.batch import Batch
from storage.errors import StorageUnavailable
from tests.server.application import Api
from tests.server.push.wire import Row, message, snappy

PUSH = "/loki/api/v1/push"
JSON = {"Content-Type": "application/json"}


def lines(api: Api, query: str = '{app=~".+"}', **headers: str) -> list[str]:
    asked = {"query": query, "since": "1h", "end": str(time.time_ns() + 10**10), "limit": "5000"}
    answer = api.get("/loki/api/v1/query_range", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return [value[1] for stream in answer.json()["data"]["result"] for value in stream["values"]]


def now() -> str:
    return str(time.time_ns())


def test_a_push_is_answered_with_nothing_and_its_rows_are_found_at_once(api: Api) -> None:
    answer = api.push({"app": "web"}, [now(), "hello"], [now(), "world", {"id": "7"}])
    assert (answer.status_code, answer.content) == (204, b"")
    assert sorted(lines(api)) == ["hello", "world"]


def test_rows_are_durable_when_the_push_is_answered(tmp_path: Path) -> None:
    with Api(tmp_path) as api:
        assert api.push({"app": "web"}, [now(), "kept"]).status_code == 204
        # A store over a copy of the folder sees what a start after a power cut would see.
        with Api(shutil.copytree(tmp_path, tmp_path.with_name("after-power-cut"))) as other:
            assert lines(other) == ["kept"]


def test_a_big_body_goes_the_other_way_to_the_same_end(api: Api) -> None:
    assert api.push({"app": "web"}, *([str(time.time_ns() + n), "x" * 100] for n in range(500))).status_code == 204
    assert len(lines(api)) == 500


def test_good_lines_beside_bad_ones_are_kept_and_the_error_is_answered(guarded_api: Api) -> None:
    tenant = {"X-Scope-OrgID": "team"}
    answer = guarded_api.push({"app": "web"}, [now(), "good"], ["1", "old"], headers=tenant)
    assert answer.status_code == 400
    assert answer.text.startswith('entry for stream \'{app="web", service_name="web"}\' has timestamp too old')
    assert answer.text.endswith("\n")
    assert lines(guarded_api, **tenant) == ["good"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "text"),
    [
        (b"{}", JSON, 422, "error at least one valid stream is required for ingestion\n"),
        (b"", JSON, 400, "EOF\n"),
        (b"{}", {}, 400, "mime: no media type\n"),
        (b"junk", {"Content-Type": "application/x-protobuf"}, 400, "snappy: corrupt input\n"),
        (b"{}", {**JSON, "Content-Encoding": "br"}, 400, 'Content-Encoding "br" not supported\n'),
        (b"{}", {**JSON, "Content-Encoding": "gzip"}, 400, "gzip: invalid header\n"),
    ],
)
def test_bad_bodies(api: Api, body: bytes, headers: dict[str, str], status: int, text: str) -> None:
    answer = api.post(PUSH, content=body, headers=headers)
    assert (answer.status_code, answer.text) == (status, text)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_compressed_bodies_are_taken(api: Api) -> None:
    body = gzip.compress(json.dumps({"streams": [{"stream": {"app": "z"}, "values": [[now(), "zipped"]]}]}).encode())
    assert api.post(PUSH, content=body, headers={**JSON, "Content-Encoding": "gzip"}).status_code == 204
    assert lines(api) == ["zipped"]


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_body_over_the_limit_is_refused_and_nothing_is_stored(tmp_path: Path, is_announced: bool) -> None:
    body = json.dumps({"streams": [{"stream": {"app": "big"}, "values": [[now(), "x" * 2000]]}]}).encode()

    async def chunks() -> AsyncIterator[bytes]:
        yield body

    with Api(tmp_path, "distributor.max_recv_msg_size=2000") as api:
        answer = api.post(PUSH, content=body if is_announced else chunks(), headers=JSON)
        assert answer.status_code == 413
        assert answer.text == f"request body too large: message size too large than max ({len(body)} vs 2000)\n"
        assert lines(api) == []


def test_over_the_rate_the_whole_request_is_refused_with_a_retryable_status(tmp_path: Path) -> None:
    rate = ["limits_config.ingestion_rate_mb=0.001", "limits_config.ingestion_burst_size_mb=0.001"]
    with Api(tmp_path, *rate) as api:
        answer = api.push({"app": "a"}, [now(), "x" * 2000])
        assert answer.status_code == 429
        assert answer.text.startswith("ingestion rate limit exceeded for user fake (limit: 1048 bytes/sec)")
        assert lines(api) == []
        assert 'loki_discarded_samples_total{reason="rate_limited",tenant="fake"' in api.get("/metrics").text


def test_over_the_stream_limit_known_streams_are_written_and_new_ones_refused(tmp_path: Path) -> None:
    with Api(tmp_path, "limits_config.max_global_streams_per_user=1") as api:
        assert api.push({"app": "a"}, [now(), "first"]).status_code == 204
        streams = [{"stream": {"app": app}, "values": [[now(), f"{app} line"]]} for app in ("a", "b")]
        answer = api.post(PUSH, json={"streams": streams})
        stream = '{app="b", service_name="b"}'
        assert answer.status_code == 429
        assert answer.text.startswith(f"maximum active stream limit exceeded when trying to create stream {stream}, ")
        assert answer.text.endswith("user: 'fake'\n")
        assert sorted(lines(api)) == ["a line", "first"]
        assert 'loki_discarded_samples_total{reason="stream_limit",tenant="fake"' in api.get("/metrics").text


@pytest.mark.parametrize("fails_late", [False, True])
def test_a_store_that_takes_nothing_answers_503_with_a_time_to_come_back(
    api: Api, monkeypatch: pytest.MonkeyPatch, fails_late: bool
) -> None:
    def refuse(tenant: str, batch: Batch) -> Future[None]:
        if not fails_late:
            raise StorageUnavailable("no space left on device")
        failed: Future[None] = Future()
        failed.set_exception(StorageUnavailable("no space left on device"))
        return failed

    monkeypatch.setattr(api.database, "append", refuse)
    answer = api.push({"app": "a"}, [now(), "x"])
    assert (answer.status_code, answer.text) == (503, "no space left on device\n")
    assert answer.headers["retry-after"] == "1"


def test_lines_and_bytes_are_counted(api: Api) -> None:
    api.push({"app": "web"}, [now(), "12345"], [now(), "67"])
    text = api.get("/metrics").text
    rest = 'is_internal_stream="false",policy="",format="loki"'
    assert f'loki_distributor_lines_received_total{{tenant="fake",{rest}}} 2' in text
    assert f'loki_distributor_bytes_received_total{{tenant="fake",retention_hours="0",{rest}}} 7' in text
    route = 'method="POST",route="loki_api_v1_push",status_code="204",ws="false"'
    assert f"loki_request_duration_seconds_count{{{route}}} 1" in text


def test_a_line_that_is_no_utf8_is_taken_and_grows(api: Api) -> None:
    body = snappy(message(('{app="web"}', [Row(b"\xff\xfe!", time.time_ns())])))
    assert api.post(PUSH, content=body, headers={"Content-Type": "application/x-protobuf"}).status_code == 204
    assert lines(api) == ["\ufffd\ufffd!"]
