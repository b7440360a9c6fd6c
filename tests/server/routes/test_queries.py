"""Queries through the whole application, as Grafana asks them."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from logql.cancel import Cancel
from logql.requests import RangeQuery
from logql.results import Answer
from tests.server.application import Api

RANGE = "/loki/api/v1/query_range"
INSTANT = "/loki/api/v1/query"
CATEGORIZE = {"X-Loki-Response-Encoding-Flags": "categorize-labels"}
T0 = 1_795_168_800_000_000_000


@pytest.fixture
def filled(api: Api) -> Api:
    for app in ("web", "db"):
        values = [[str(T0 + n * 10**9), f"{app} line {n}", {"id": str(n % 2)}] for n in range(4)]
        assert api.push({"app": app}, *values).status_code == 204
    return api


def asked(query: str, **more: str) -> dict[str, str]:
    return {"query": query, "start": str(T0), "end": str(T0 + 60 * 10**9), **more}


def streams(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    found: list[dict[str, Any]] = answer.json()["data"]["result"]
    return found


def test_save_and_test_gets_one_sample_of_two(api: Api) -> None:
    asked_by_grafana = {"direction": "backward", "query": "vector(1)+vector(1)", "time": "4000000000"}
    data = api.get(INSTANT, params=asked_by_grafana, headers=CATEGORIZE).json()["data"]
    assert (data["resultType"], data["result"]) == ("vector", [{"metric": {}, "value": [4000000000, "2"]}])


def test_labels_are_merged_without_the_flag_and_apart_with_it(filled: Api) -> None:
    merged = streams(filled.get(RANGE, params=asked('{app="web"}')))
    assert [each["stream"]["id"] for each in merged] == ["0", "1"]
    apart = streams(filled.get(RANGE, params=asked('{app="web"}'), headers=CATEGORIZE))
    assert [each["stream"] for each in apart] == [{"app": "web", "service_name": "web"}]
    assert [value[2]["structuredMetadata"]["id"] for value in apart[0]["values"]] == ["1", "0", "1", "0"]


@pytest.mark.parametrize(
    ("direction", "lines"), [("forward", ["web line 0", "web line 1"]), ("BACKWARD", ["web line 3", "web line 2"])]
)
def test_limit_and_direction(filled: Api, direction: str, lines: list[str]) -> None:
    found = streams(filled.get(RANGE, params=asked('{app="web"}', limit="2", direction=direction), headers=CATEGORIZE))
    assert [value[1] for value in found[0]["values"]] == lines


def test_a_form_counts_before_the_url(filled: Api) -> None:
    answer = filled.post(RANGE, params=asked('{app="web"}'), data={"query": '{app="db"}', "limit": "1"})
    assert [each["stream"]["app"] for each in streams(answer)] == ["db"]


def test_a_json_body_has_no_parameters(filled: Api) -> None:
    answer = filled.post(RANGE, json=asked('{app="web"}'))
    assert (answer.status_code, answer.text) == (400, "parse error : syntax error: unexpected $end")


def test_a_form_over_its_limit_is_refused(api: Api) -> None:
    answer = api.post(RANGE, data={"query": "x" * (10 << 20)})
    assert (answer.status_code, answer.text) == (413, "http: request body too large")


def test_a_metric_query_counts_by_label_on_the_grid(filled: Api) -> None:
    query = 'sum by (app) (count_over_time({app=~".+"}[1m]))'
    found = streams(filled.get(RANGE, params=asked(query, step="60000ms"), headers=CATEGORIZE))
    assert found == [
        {"metric": {"app": "db"}, "values": [[T0 // 10**9, "1"], [T0 // 10**9 + 60, "3"]]},
        {"metric": {"app": "web"}, "values": [[T0 // 10**9, "1"], [T0 // 10**9 + 60, "3"]]},
    ]


@pytest.mark.parametrize(
    ("path", "parameters", "text"),
    [
        (RANGE, {}, "parse error : syntax error: unexpected $end"),
        (RANGE, {"query": "foo"}, "parse error at line 1, col 1: syntax error: unexpected IDENTIFIER"),
        (
            RANGE,
            {"query": '{a="b"}', "limit": "5001"},
            "max entries limit per query exceeded, limit > max_entries_limit_per_query (5001 > 5000)",
        ),
        (RANGE, {"query": "{", "limit": "0"}, "limit must be a positive value"),
        (
            RANGE,
            {"query": '{a="b"}', "start": "0", "end": "1795168800", "step": "1w"},
            "the query time range exceeds the limit (query length: 498658h0m0s, limit: 30d1h)",
        ),
        (
            INSTANT,
            {"query": '{a="b"}'},
            "log queries are not supported as an instant query type, please change your query to a range query type",
        ),
        (INSTANT, {"query": "1+1", "time": "x"}, 'strconv.ParseInt: parsing "x": invalid syntax'),
    ],
)
def test_bad_queries_have_the_texts_that_clients_know(
    api: Api, path: str, parameters: dict[str, str], text: str
) -> None:
    answer = api.get(path, params=parameters)
    assert (answer.status_code, answer.text) == (400, text)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_over_the_series_limit_drilldown_gets_a_part_and_others_an_error(tmp_path: Any) -> None:
    with Api(tmp_path, "limits_config.reject_old_samples=false", "limits_config.max_query_series=2") as api:
        for app in ("a", "b", "c"):
            assert api.push({"app": app}, [str(T0 + 1), "x"]).status_code == 204
        parameters = asked('count_over_time({app=~".+"}[1m])', step="60")
        assert api.get(RANGE, params=parameters).text.startswith(
            "maximum number of series (2) reached for a single query;"
        )
        answer = api.get(RANGE, params=parameters, headers={"X-Query-Tags": "Source=grafana-lokiexplore-app"}).json()
        assert len(answer["data"]["result"]) == 2
        assert answer["warnings"] == [
            "maximum number of series (2) reached for a single query; returning partial results"
        ]


def test_a_client_that_leaves_cancels_its_query(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Cancel] = []
    is_cancelled = threading.Event()

    def endless(tenant: str, query: RangeQuery, cancel: Cancel) -> Answer:
        seen.append(cancel)
        deadline = time.monotonic() + 10
        while not cancel.is_cancelled and time.monotonic() < deadline:
            time.sleep(0.005)
        if cancel.is_cancelled:
            is_cancelled.set()
        cancel.check()
        raise AssertionError("was never cancelled")

    monkeypatch.setattr(api.engine, "range", endless)
    statuses = api.leave_early("GET", RANGE, b"query=%7Ba%3D%22b%22%7D")
    assert is_cancelled.wait(5)
    assert statuses == [499]
    assert 'route="loki_api_v1_query_range",status_code="499"' in api.get("/metrics").text


def test_an_internal_error_is_counted_and_does_not_leak(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Answer:
        raise RuntimeError("secret")

    monkeypatch.setattr(api.engine, "range", fail)
    answer = api.get(RANGE, params=asked('{a="b"}'))
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "loki_panic_total 1" in api.get("/metrics").text


def test_format_query_answers_in_json_also_when_it_fails(api: Api) -> None:
    good = api.get("/loki/api/v1/format_query", params={"query": '{ app = "web" }'})
    assert (good.status_code, good.json()) == (200, {"status": "success", "data": '{app="web"}'})
    bad = api.get("/loki/api/v1/format_query", params={"query": "{"})
    assert bad.status_code == 400
    assert json.loads(bad.text)["status"] == "invalid-query"


def test_each_tenant_has_its_own_limits(tmp_path: Path) -> None:
    overrides = 'overrides={"a": {"max_entries_limit_per_query": 2, "max_line_size": "10B"}}'
    with Api(tmp_path, "auth_enabled=true", overrides) as api:
        now = time.time_ns()
        for tenant, pushed, asked in (("a", 400, 400), ("b", 204, 200)):
            headers = {"X-Scope-OrgID": tenant}
            assert api.push({"app": "web"}, [str(now), "x" * 20], headers=headers).status_code == pushed
            assert api.push({"app": "web"}, [str(now), "short"], headers=headers).status_code == 204
            parameters = {"query": '{app="web"}', "limit": "3"}
            assert api.get("/loki/api/v1/query_range", params=parameters, headers=headers).status_code == asked
