"""Each query leaves one line: who, what, how long, at what cost or with which error."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest

from tests.server.application import Api


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record)["skaldlog_fields"] for record in caplog.records if record.name == "skaldlog.query"]


def test_a_query_tells_its_cost(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    api.push({"app": "web"}, *([str(time.time_ns() + n), f"line {n}"] for n in range(10)))
    query = '{app="web"} |= "line 7"'
    with caplog.at_level(logging.INFO, "skaldlog.query"):
        api.get("/loki/api/v1/query_range", params={"query": query, "since": "10m", "end": str(time.time_ns() + 10**9)})
    (told,) = lines(caplog)
    assert (told["org_id"], told["status"], told["query"], told["range_type"]) == ("fake", 200, query, "range")
    assert (told["total_lines"], told["post_filter_lines"], told["total_entries"]) == (10, 1, 1)
    assert (told["total_bytes"], told["length_s"], told["limit"]) == (60, pytest.approx(600, abs=2), 100)


@pytest.mark.parametrize(
    ("query", "limit", "bytes_read"),
    [
        ('{app="web"}', 100, 60),
        ('{app="web"}', 3, 18),
        ('{app="web"} | label_format a="b"', 2, 12),
        ('{app="web"} | detected_level="info"', 100, 0),
        ('{app="web"} |= "line"', 3, 60),
        ('{app="web"} | logfmt | line_format "{{.line}} and more"', 3, 18),
    ],
)
def test_lines_that_are_only_shown_are_read_too(
    api: Api, caplog: pytest.LogCaptureFixture, query: str, limit: int, bytes_read: int
) -> None:
    api.push({"app": "web"}, *([str(time.time_ns() + n), f"line {n}"] for n in range(10)))
    with caplog.at_level(logging.INFO, "skaldlog.query"):
        window = {"since": "10m", "end": str(time.time_ns() + 10**9)}
        answer = api.get("/loki/api/v1/query_range", params={"query": query, "limit": str(limit), **window}).json()
    (told,) = lines(caplog)
    assert told["total_bytes"] == bytes_read
    assert answer["data"]["stats"]["summary"]["totalBytesProcessed"] == bytes_read


@pytest.mark.parametrize(("path", "shape"), [("query_range", "range"), ("query", "instant")])
def test_a_refused_query_tells_why(api: Api, caplog: pytest.LogCaptureFixture, path: str, shape: str) -> None:
    with caplog.at_level(logging.INFO, "skaldlog.query"):
        api.get(f"/loki/api/v1/{path}", params={"query": "{app="})
    (told,) = lines(caplog)
    assert (told["status"], told["range_type"]) == (400, shape)
    assert told["error"].startswith("parse error at line 1")


def test_a_quiet_log_has_none(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "skaldlog.query"):
        api.get("/loki/api/v1/query", params={"query": "vector(1)"})
    assert lines(caplog) == []
