"""``explain`` through the whole application: the parameters, tenants and refusals of ``query_range``."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.server.application import Api

EXPLAIN = "/skaldlog/api/v1/explain"
RANGE = "/loki/api/v1/query_range"
T0 = 1_795_168_800_000_000_000


@pytest.fixture
def filled(api: Api) -> Api:
    for number, app in enumerate(("web", "db")):
        values = [[str(T0 + number * 10**12 + n), f"{app} line {n}"] for n in range(4)]
        assert api.push({"app": app}, *values).status_code == 204
        assert api.post("/flush").status_code == 204
    return api


def asked(query: str, **more: str) -> dict[str, str]:
    return {"query": query, "start": str(T0), "end": str(T0 + 60 * 10**9), **more}


def planned(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.json()["status"] == "success"
    data: dict[str, Any] = answer.json()["data"]
    return data


@pytest.mark.parametrize(
    ("selector", "skipped_by_time", "skipped_by_streams"), [('{app="web"}', 1, 0), ('{app="db"}', 1, 1)]
)
def test_chunks_are_selected_or_skipped(
    filled: Api, selector: str, skipped_by_time: int, skipped_by_streams: int
) -> None:
    (reading,) = planned(filled.get(EXPLAIN, params=asked(selector)))["readings"]
    assert reading["chunks"] == {
        "total": 2,
        "selected": 2 - skipped_by_time - skipped_by_streams,
        "skippedByTime": skipped_by_time,
        "skippedByStreams": skipped_by_streams,
        "skippedByFilters": 0,
    }


def test_bytes_are_those_that_the_query_then_reads(filled: Api) -> None:
    parameters = asked('sum by (app) (bytes_over_time({app=~".+"}[1m]))', step="60")
    (reading,) = planned(filled.get(EXPLAIN, params=parameters))["readings"]
    stats = filled.get(RANGE, params=parameters).json()["data"]["stats"]
    assert stats["querier"]["store"]["chunk"]["compressedBytes"] == reading["storedBytes"]
    assert stats["summary"]["totalBytesProcessed"] == reading["lineBytes"]
    assert stats["summary"]["totalLinesProcessed"] == reading["rows"]


def test_the_text_tells_the_same(filled: Api) -> None:
    data = planned(filled.post(EXPLAIN, data=asked('{app="web"} | json | a="b"')))
    assert data["query"] == '{app="web"} | json | a="b"'
    assert data["text"].startswith(f"query  {data['query']}\n")
    assert data["readings"][0]["stages"] == ["| json", '| a="b"']


def test_an_empty_store_has_nothing_to_read(api: Api) -> None:
    (reading,) = planned(api.get(EXPLAIN, params=asked('{app="web"}')))["readings"]
    assert (reading["rows"], reading["storedBytes"], reading["chunks"]["total"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": "foo"},
        {"query": "{", "limit": "0"},
        {"query": '{a="b"}', "limit": "5001"},
        {"query": '{a="b"}', "start": "2", "end": "1"},
        {"query": 'rate({a="b"}[5m])', "start": "0", "end": "1795168800", "step": "1w"},
        {"query": 'rate({a="b"}[5m])', "start": "0", "end": "1795168800", "step": "1"},
        {"query": '{a="b"}', "direction": "up"},
    ],
)
def test_refusals_are_those_of_the_query(api: Api, parameters: dict[str, str]) -> None:
    refused, expected = api.get(EXPLAIN, params=parameters), api.get(RANGE, params=parameters)
    assert expected.status_code == 400
    assert (refused.status_code, refused.text) == (expected.status_code, expected.text)


def test_no_tenant_sees_the_chunks_of_another(guarded_api: Api) -> None:
    entry = [str(time.time_ns()), "x"]
    assert guarded_api.push({"app": "web"}, entry, headers={"X-Scope-OrgID": "one"}).status_code == 204
    for tenant, rows in (("one", 1), ("two", 0)):
        answer = guarded_api.get(EXPLAIN, params={"query": '{app="web"}'}, headers={"X-Scope-OrgID": tenant})
        (reading,) = planned(answer)["readings"]
        assert (reading["rows"], reading["batches"]["total"]) == (rows, rows)
    answer = guarded_api.get(EXPLAIN, params={"query": '{app="web"}'})
    assert (answer.status_code, answer.text) == (401, "no org id\n")
