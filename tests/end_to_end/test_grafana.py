"""Grafana's data source, replayed: the requests of "Save & test" and of Explore, and what it reads of the answers."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.end_to_end.http_client import HttpClient

CATEGORIZE = {"X-Loki-Response-Encoding-Flags": "categorize-labels"}
MINUTE_NS = 60_000_000_000
ENTRIES = 50


@pytest.fixture
def selector(client: HttpClient, mark: str) -> str:
    """Fifty lines of the last minutes, ten of them errors."""
    start_ns = time.time_ns() - 5 * MINUTE_NS
    levels = ["info" if at % 5 else "error" for at in range(ENTRIES)]
    values = [
        [str(start_ns + at * 1_000_000_000), f"level={level} batch={at}", {"trace_id": f"t{at}"}]
        for at, level in enumerate(levels)
    ]
    assert client.push_json([{"stream": {"job": mark, "model": "yolov5s"}, "values": values}]).status == 204
    return f'{{job="{mark}"}}'


def window() -> dict[str, str | int]:
    """Grafana's times: whole milliseconds as nanoseconds."""
    now_ms = time.time_ns() // 1_000_000
    return {"start": (now_ms - 3_600_000) * 1_000_000, "end": (now_ms + 1000) * 1_000_000}


def explore(client: HttpClient, parameters: Mapping[str, str | int], tag: str = "") -> dict[str, Any]:
    headers = CATEGORIZE | ({"X-Query-Tags": f"Source={tag}"} if tag else {})
    answer = client.get("/loki/api/v1/query_range", {**window(), "direction": "backward", **parameters}, headers)
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    data: dict[str, Any] = answer.json["data"]
    return data


def test_save_and_test(client: HttpClient) -> None:
    health = {"direction": "backward", "query": "vector(1)+vector(1)", "time": "4000000000"}
    answer = client.get("/loki/api/v1/query", health)
    assert answer.status == 200
    data = answer.json["data"]
    assert data["resultType"] == "vector"
    assert [sample["value"][1] for sample in data["result"]] == ["2"]


def test_opening_explore_and_the_label_browser(client: HttpClient, mark: str, selector: str) -> None:
    assert {"job", "model"} <= set(client.get("/loki/api/v1/labels", window()).json["data"])
    assert mark in client.get("/loki/api/v1/label/job/values", window()).json["data"]
    models = client.get("/loki/api/v1/label/model/values", {**window(), "query": selector}).json["data"]
    assert models == ["yolov5s"]
    series = client.get("/loki/api/v1/series", {**window(), "match[]": [selector]}).json["data"]
    assert series == [{"job": mark, "model": "yolov5s", "service_name": mark}]


def test_a_log_query_in_explore(client: HttpClient, selector: str) -> None:
    data = explore(client, {"query": selector, "limit": 1000, "step": "2000ms"})
    assert data["resultType"] == "streams"
    assert data["encodingFlags"] == ["categorize-labels"]
    rows = [row for stream in data["result"] for row in stream["values"]]
    assert len(rows) == ENTRIES
    assert [int(row[0]) for row in rows] == sorted((int(row[0]) for row in rows), reverse=True)
    assert {row[2]["structuredMetadata"]["detected_level"] for row in rows} == {"error", "info"}
    assert all("trace_id" not in stream["stream"] for stream in data["result"])
    assert isinstance(data["stats"], dict)


def test_keys_come_in_the_order_that_the_streaming_reader_needs(client: HttpClient, selector: str) -> None:
    parameters = {**window(), "query": selector, "limit": 10, "direction": "backward"}
    pairs = json.loads(client.get("/loki/api/v1/query_range", parameters, CATEGORIZE).body, object_pairs_hook=list)
    data = dict(pairs)["data"]
    assert [name for name, _ in data] == ["resultType", "encodingFlags", "result", "stats"]
    assert all([name for name, _ in stream] == ["stream", "values"] for stream in dict(data)["result"])


def test_the_log_volume_above_the_lines(client: HttpClient, selector: str) -> None:
    query = f"sum by (level, detected_level) (count_over_time({selector}[1m]))"
    data = explore(client, {"query": query, "step": "60000ms"}, tag="logvolhist")
    assert data["resultType"] == "matrix"
    totals = {
        series["metric"].get("detected_level"): sum(float(value) for _, value in series["values"])
        for series in data["result"]
    }
    assert totals == {"error": ENTRIES / 5, "info": ENTRIES * 4 / 5}


def test_the_sample_for_hints(client: HttpClient, selector: str) -> None:
    data = explore(client, {"query": selector, "limit": 10, "step": "2000ms"}, tag="datasample")
    assert sum(len(stream["values"]) for stream in data["result"]) == 10


def test_the_context_of_a_line(client: HttpClient, selector: str) -> None:
    data = explore(client, {"query": selector, "limit": 1000})
    rows = sorted(int(row[0]) for stream in data["result"] for row in stream["values"])
    middle, two_hours_ns = rows[ENTRIES // 2], 120 * MINUTE_NS
    ways = {
        "backward": {"start": middle - two_hours_ns, "end": middle},
        "forward": {"start": middle, "end": middle + two_hours_ns},
    }
    for direction, times in ways.items():
        found = explore(client, {"query": selector, "limit": 5, "direction": direction, **times})
        near = [int(row[0]) for stream in found["result"] for row in stream["values"]]
        wanted = rows[ENTRIES // 2 : ENTRIES // 2 + 5] if direction == "forward" else rows[: ENTRIES // 2][-5:]
        assert sorted(near) == wanted


def test_an_alert_rule(client: HttpClient, selector: str) -> None:
    query = f'sum(count_over_time({selector} |= "level=error" [1h]))'
    answer = client.get("/loki/api/v1/query", {"query": query, "time": time.time_ns(), "direction": "backward"})
    assert [sample["value"][1] for sample in answer.json["data"]["result"]] == [str(ENTRIES // 5)]


@pytest.mark.parametrize("step", ["[2s]", "[500ms]", "[1h30m]", "[86400s]"])
def test_ranges_that_grafana_writes(client: HttpClient, selector: str, step: str) -> None:
    assert explore(client, {"query": f"sum(rate({selector}{step}))", "step": "15000ms"})["resultType"] == "matrix"


def test_a_bad_query_is_shown_to_the_user(client: HttpClient) -> None:
    answer = client.get("/loki/api/v1/query_range", {**window(), "query": '{job="x"'}, CATEGORIZE)
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("parse error")
