"""Questions about several tenants at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.application import Api

BASE = 1_795_000_020 * 10**9  # a whole minute
JOINED = {"X-Scope-OrgID": "b|a|b"}
WINDOW = {"start": str(BASE - 10**9), "end": str(BASE + 60 * 10**9)}


@pytest.fixture(params=["in memory", "in parts"])
def api(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Api]:
    settings = ("auth_enabled=true", "limits_config.reject_old_samples=false")
    overrides = 'overrides={"a": {"max_entries_limit_per_query": 7}, "b": {"max_entries_limit_per_query": 3}}'
    with Api(tmp_path, *settings, "querier.multi_tenant_queries_enabled=true", overrides) as made:
        for place, tenant in enumerate("abc"):
            mine = {"X-Scope-OrgID": tenant}
            made.push({"app": "x"}, [str(BASE + place), f"level=info src={tenant}"], headers=mine)
        made.push({"app": "y", "__tenant_id__": "pushed"}, [str(BASE + 9), "odd"], headers={"X-Scope-OrgID": "b"})
        if request.param == "in parts":
            assert made.post("/flush").status_code < 300
        yield made


def _get(api: Api, path: str, headers: dict[str, str] = JOINED, **parameters: str) -> Any:
    answer = api.get(f"/loki/api/v1/{path}", params=WINDOW | parameters, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _streams(api: Api, query: str) -> list[tuple[str, list[str]]]:
    found = _get(api, "query_range", query=query, limit="3")["data"]["result"]
    return [(each["stream"]["__tenant_id__"], [value[1] for value in each["values"]]) for each in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('{app="x"}', [("a", ["level=info src=a"]), ("b", ["level=info src=b"])]),
        ('{app="x", __tenant_id__="a"}', [("a", ["level=info src=a"])]),
        ('{__tenant_id__=~"b|c", app="x"}', [("b", ["level=info src=b"])]),
        ('{app="x"} | __tenant_id__ != "a"', [("b", ["level=info src=b"])]),
        ('{app="x"} | logfmt | src="a"', [("a", ["level=info src=a"])]),
        ('{original___tenant_id__="pushed"}', [("b", ["odd"])]),
    ],
)
def test_log_queries_see_all_named_tenants_and_no_other(
    api: Api, query: str, expected: list[tuple[str, list[str]]]
) -> None:
    assert _streams(api, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('sum by (__tenant_id__) (count_over_time({app=~".+"}[1m]))', {"a": "1", "b": "2"}),
        ('sum by (__tenant_id__) (bytes_over_time({app="x", __tenant_id__="a"} |= "info" [1m]))', {"a": "16"}),
    ],
)
def test_metric_queries_group_by_tenant(api: Api, query: str, expected: dict[str, str]) -> None:
    found = _get(api, "query", query=query, time=str(BASE + 40 * 10**9))["data"]["result"]
    assert {each["metric"]["__tenant_id__"]: each["value"][1] for each in found} == expected


def test_label_questions_know_the_tenants(api: Api) -> None:
    assert _get(api, "labels")["data"] == ["__tenant_id__", "app", "original___tenant_id__", "service_name"]
    assert _get(api, "label/__tenant_id__/values")["data"] == ["a", "b"]
    assert _get(api, "label/__tenant_id__/values", query='{app="y"}')["data"] == ["b"]
    for header, names in (("nobody", ["nobody"]), ("nobody|a|b", ["a", "b", "nobody"])):
        answer = api.get("/loki/api/v1/label/__tenant_id__/values", headers={"X-Scope-OrgID": header})
        assert answer.json()["data"] == names
    found = _get(api, "series", match='{app="x"}')["data"]
    assert found == [{"__tenant_id__": tenant, "app": "x", "service_name": "x"} for tenant in "ab"]


def test_questions_about_amounts_merge_tenants(api: Api) -> None:
    assert _get(api, "index/stats", query='{app="x"}')["entries"] == 2
    assert _get(api, "index/stats", query='{app="x", __tenant_id__="a"}')["entries"] == 1
    for query, labels in (('{app="x"}', {"app": "x"}), ('{app="x", __tenant_id__=~".+"}', {"app": "x"})):
        (volume,) = _get(api, "index/volume", query=query)["data"]["result"]
        assert (volume["metric"], volume["value"][1]) == (labels, "32")
    found = _get(api, "index/volume", query="{}")["data"]["result"]
    assert {"app": "x", "service_name": "x"} in [each["metric"] for each in found]
    by_name = _get(api, "index/volume", query="{}", aggregateBy="labels")["data"]["result"]
    assert "__tenant_id__" not in [name for each in by_name for name in each["metric"]]
    (by_tenant, _) = _get(api, "index/volume", query='{app="x"}', targetLabels="__tenant_id__")["data"]["result"]
    assert by_tenant["metric"] == {"__tenant_id__": "a"}
    detected = _get(api, "detected_labels")["detectedLabels"]
    assert "__tenant_id__" not in [each["label"] for each in detected]
    assert _get(api, "patterns", query='{app="x"}', step="10s")["data"]
    fields = _get(api, "detected_fields", query='{app="x"}', line_limit="3")["fields"]
    assert "src" in [each["label"] for each in fields]


def test_the_smallest_limit_counts(api: Api) -> None:
    parameters = WINDOW | {"query": '{app="x"}', "limit": "4"}
    answer = api.get("/loki/api/v1/query_range", params=parameters, headers=JOINED)
    assert "(4 > 3)" in answer.text
    shown = json.loads(api.get("/loki/api/v1/drilldown-limits", headers=JOINED).text)
    assert shown["limits"]["max_entries_limit_per_query"] == 3


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/loki/api/v1/push"),
        ("POST", "/loki/api/v1/delete"),
        ("GET", "/loki/api/v1/delete"),
        ("GET", "/loki/api/v1/tail"),
        ("GET", "/api/prom/tail"),
        ("GET", "/config/tenant/v1/limits"),
    ],
)
def test_what_concerns_one_tenant_refuses_several(api: Api, method: str, path: str) -> None:
    answer = api.request(method, path, headers=JOINED | {"Content-Type": "application/json"})
    assert (answer.status_code, answer.text.strip()) == (400, "multiple org IDs present")


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("a|b/c", "tenant ID 'b/c' contains unsupported character '/'"),
        ("|".join(f"t{number}" for number in range(101)), "too many tenants: 101, limit: 100"),
    ],
)
def test_bad_lists_are_refused(api: Api, header: str, text: str) -> None:
    answer = api.get("/loki/api/v1/labels", headers={"X-Scope-OrgID": header})
    assert (answer.status_code, answer.text) == (400, text)


def test_several_tenants_are_refused_while_that_is_off(guarded_api: Api) -> None:
    answer = guarded_api.get("/loki/api/v1/labels", headers=JOINED)
    assert (answer.status_code, answer.text) == (400, "multiple org IDs present")
