"""OTLP logs through the whole application."""

from __future__ import annotations

import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from google.rpc.status_pb2 import Status

from storage.batch import Batch
from storage.errors import StorageUnavailable
from tests.server.application import Api
from tests.server.push.otlp.requests import JSON, PROTOBUF, as_protobuf, logs, record, request

LOGS = "/otlp/v1/logs"


def post(api: Api, *resource_logs: dict[str, Any], **headers: str) -> httpx.Response:
    return api.post(LOGS, content=orjson.dumps(request(*resource_logs)), headers={"Content-Type": JSON, **headers})


def now(body: str = "hello", **fields: Any) -> dict[str, Any]:
    return logs(record(body, time.time_ns(), **fields))


def lines(api: Api, query: str = '{service_name="shop"}', **headers: str) -> list[str]:
    asked = {"query": query, "since": "1h", "end": str(time.time_ns() + 10**10)}
    streams = api.get("/loki/api/v1/query_range", params=asked, headers=headers).json()["data"]["result"]
    return [value[1] for stream in streams for value in stream["values"]]


def refusal(answer: httpx.Response) -> str:
    """The message of an error, which is protobuf whatever was sent."""
    assert answer.headers["content-type"] == "application/octet-stream"
    status = Status.FromString(answer.content)
    assert (status.code, len(status.details)) == (0, 0)
    message: str = status.message
    return message


def test_records_are_found_at_once(api: Api) -> None:
    answer = post(api, now())
    assert (answer.status_code, answer.content) == (204, b"")
    body = as_protobuf(request(now("from protobuf", attributes={"user.id": 7})))
    assert api.post(LOGS, content=body, headers={"Content-Type": PROTOBUF}).status_code == 204
    assert sorted(lines(api)) == ["from protobuf", "hello"]
    assert lines(api, '{service_name="shop"} | user_id=`7`') == ["from protobuf"]


def test_a_big_body_goes_the_other_way_to_the_same_end(api: Api) -> None:
    records = [record("x" * 100, time.time_ns() + place) for place in range(2000)]
    body = as_protobuf(request(logs(*records)))
    assert api.post(LOGS, content=body, headers={"Content-Type": PROTOBUF}).status_code == 204
    counted = api.get("/loki/api/v1/query", params={"query": 'sum(count_over_time({service_name="shop"}[1h]))'})
    assert counted.json()["data"]["result"][0]["value"][1] == "2000"


@pytest.mark.parametrize(
    ("body", "headers", "status", "text"),
    [
        (b"{}", {"Content-Type": JSON}, 422, "error at least one valid stream is required for ingestion"),
        (b"{}", {}, 400, "content type:  is not supported"),
        (b"junk", {"Content-Type": PROTOBUF}, 400, "cannot decode the OTLP request: "),
        (b"", {"Content-Type": PROTOBUF, "Content-Encoding": "deflate"}, 400, "unsupported content encoding deflate"),
    ],
)
def test_errors_are_protobuf(api: Api, body: bytes, headers: dict[str, str], status: int, text: str) -> None:
    answer = api.post(LOGS, content=body, headers=headers)
    assert (answer.status_code, refusal(answer)[: len(text)]) == (status, text)


def test_good_records_beside_bad_ones_are_kept(guarded_api: Api) -> None:
    tenant = {"X-Scope-OrgID": "team"}
    answer = post(guarded_api, now("good"), logs(record("old", ts=1)), **tenant)
    assert answer.status_code == 400
    assert refusal(answer).startswith("entry for stream '{service_name=\"shop\"}' has timestamp too old")
    assert lines(guarded_api, **tenant) == ["good"]


def test_a_body_over_the_limit(tmp_path: Path) -> None:
    with Api(tmp_path, "distributor.max_recv_msg_size=2000") as api:
        answer = post(api, now("x" * 3000))
        assert answer.status_code == 413
        assert refusal(answer).startswith("request body too large: message size too large than max (")


def test_over_the_rate(tmp_path: Path) -> None:
    rate = ["limits_config.ingestion_rate_mb=0.001", "limits_config.ingestion_burst_size_mb=0.001"]
    with Api(tmp_path, *rate) as api:
        answer = post(api, now("x" * 2000))
        assert answer.status_code == 429
        assert refusal(answer).startswith("ingestion rate limit exceeded for user fake")


def test_a_tenant_has_to_be_named_and_is_told_so_in_words(guarded_api: Api) -> None:
    answer = post(guarded_api, now())
    assert (answer.status_code, answer.text) == (401, "no org id\n")
    assert post(guarded_api, now(), **{"X-Scope-OrgID": "team"}).status_code == 204


@pytest.mark.parametrize(
    ("error", "text"),
    [(StorageUnavailable("no space left on device"), "no space left"), (RuntimeError("bug"), "internal error: ")],
)
def test_what_is_our_fault_is_worth_a_repeat(
    api: Api, monkeypatch: pytest.MonkeyPatch, error: Exception, text: str
) -> None:
    def refuse(tenant: str, batch: Batch) -> Future[None]:
        raise error

    monkeypatch.setattr(api.database, "append", refuse)
    answer = post(api, now())
    assert (answer.status_code, refusal(answer)[: len(text)]) == (503, text)
    panics = 0 if isinstance(error, StorageUnavailable) else 1
    assert f"loki_panic_total {panics}\n" in api.get("/metrics").text


def test_that_the_store_is_not_ready_is_told_in_protobuf(api: Api) -> None:
    api.app.state.services.is_stopping = True
    answer = post(api, now())
    assert (answer.status_code, refusal(answer)) == (503, "Application is stopping")
    assert answer.headers["retry-after"] == "1"


def test_records_are_counted_apart(api: Api) -> None:
    post(api, now("12345"))
    text = api.get("/metrics").text
    assert (
        'loki_distributor_lines_received_total{tenant="fake",is_internal_stream="false",policy="",format="otlp"} 1'
        in text
    )
    route = 'method="POST",route="otlp_v1_logs",status_code="204",ws="false"'
    assert f"loki_request_duration_seconds_count{{{route}}} 1" in text


def test_rules_of_the_configuration_hold_and_are_told(tmp_path: Path) -> None:
    rules = '{"log_attributes": [{"action": "index_label", "attributes": ["tier"]}]}'
    with Api(tmp_path, f"limits_config.otlp_config={rules}") as api:
        assert post(api, now(attributes={"tier": "gold"})).status_code == 204
        assert lines(api, '{tier="gold"}') == ["hello"]
        told = api.get("/loki/api/v1/drilldown-limits").json()["limits"]["otlp_config"]
        first = told["resource_attributes"]["attributes_config"][0]
        assert (first["action"], first["attributes"][0]) == ("index_label", "service.name")
        assert told["log_attributes"] == [{"action": "index_label", "attributes": ["tier"]}]
