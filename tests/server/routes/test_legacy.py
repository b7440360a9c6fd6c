"""The paths of before ``/loki/api/v1``."""

from __future__ import annotations

from typing import Any

import pytest

from server.render.legacy import rfc3339
from tests.server.application import Api
from tests.server.push.wire import Row, message, snappy

T0 = 1_795_168_800_000_000_000
WINDOW = {"start": str(T0), "end": str(T0 + 10**9)}


@pytest.fixture
def filled(api: Api) -> Api:
    assert api.push({"app": "web"}, [str(T0), "one"], [str(T0 + 500), "two", {"trace": "t"}]).status_code == 204
    return api


def test_lines_are_grouped_by_their_labels_text(filled: Api) -> None:
    body = filled.get("/api/prom/query", params={**WINDOW, "query": '{app="web"}'}).json()
    assert "summary" in body.pop("stats")
    labels = 'app="web", detected_level="unknown", service_name="web"'
    assert body == {
        "streams": [
            {"labels": f'{{{labels}, trace="t"}}', "entries": [{"ts": "2026-11-20T10:00:00.0000005Z", "line": "two"}]},
            {"labels": f"{{{labels}}}", "entries": [{"ts": "2026-11-20T10:00:00Z", "line": "one"}]},
        ]
    }


@pytest.mark.parametrize(("regexp", "lines"), [("t.o", ["two"]), ('"', []), ("\\w+", ["two", "one"])])
def test_regexp_filters_lines(filled: Api, regexp: str, lines: list[str]) -> None:
    body = filled.post("/api/prom/query", data={**WINDOW, "query": '{app="web"}', "regexp": regexp}).json()
    assert [entry["line"] for stream in body["streams"] for entry in stream["entries"]] == lines


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("label", ["app", "service_name"]),
        ("label/app/values", ["web"]),
        ("label/nope/values", []),
    ],
)
def test_labels_have_no_envelope(filled: Api, path: str, values: list[str]) -> None:
    assert filled.get(f"/api/prom/{path}", params=WINDOW).json() == {"values": values}


def test_series_are_as_ever(filled: Api) -> None:
    parameters = {**WINDOW, "match[]": '{app="web"}'}
    current = filled.get("/loki/api/v1/series", params=parameters)
    assert filled.get("/api/prom/series", params=parameters).content == current.content


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"query": 'rate({app="web"}[5m])'}, "legacy endpoints only support streams result type"),
        ({"query": "{"}, "parse error at line 1, col 2: syntax error: unexpected $end"),
        ({"query": '{app="web"}', "regexp": "("}, "parse error"),
        ({"query": '{app="web"}', "limit": "0"}, "limit must be a positive value"),
    ],
)
def test_bad_queries(api: Api, parameters: dict[str, str], text: str) -> None:
    answer = api.get("/api/prom/query", params=parameters)
    assert (answer.status_code, answer.text[: len(text)]) == (400, text)


def legacy(ts: Any = "2026-11-22T17:19:13.4Z", **fields: Any) -> dict[str, Any]:
    entry = {"ts": ts, "line": "old", "structuredMetadata": {"k": "v"}, **fields}
    return {"streams": [{"labels": '{app="old"}', "entries": [entry]}]}


def test_json_of_before_is_taken(api: Api) -> None:
    both = {"streams": legacy(rfc3339(T0 + 7))["streams"] + legacy(rfc3339(T0 + 8), line="b")["streams"]}
    assert api.post("/api/prom/push", json=both).status_code == 204
    asked = {**WINDOW, "query": '{app="old"}', "direction": "forward"}
    (stream,) = api.get("/loki/api/v1/query_range", params=asked).json()["data"]["result"]
    assert stream["values"] == [[str(T0 + 7), "old"], [str(T0 + 8), "b"]]
    assert (stream["stream"]["app"], stream["stream"]["k"]) == ("old", "v")


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 422, "error at least one valid stream is required for ingestion"),
        ({"streams": [1]}, 400, "cannot decode the JSON push request: streams: expected an object, found a number"),
        (
            {"streams": [{"stream": {"a": "b"}, "values": [["1", "x"]]}]},
            400,
            "streams with values are taken at /loki/api/v1/push, here they have labels and entries",
        ),
        ({"streams": [{"labels": "{}", "entries": {}}]}, 400, "cannot decode the JSON push request: entries: expected"),
        ({"streams": [{"labels": {}, "entries": [1]}]}, 400, "cannot decode the JSON push request: entries: expected"),
        (
            {"streams": [{"labels": "{a=b}", "entries": [{"ts": "2026-11-22T17:19:13Z"}]}]},
            400,
            "couldn't parse labels: 1:4: parse error",
        ),
        (legacy("1"), 400, "cannot decode the JSON push request: ts: expected a time as in 2026-11-22T17:19:13.4Z"),
        (legacy(1), 400, "cannot decode the JSON push request: ts: expected a string, found a number"),
        (legacy(line=1), 400, "cannot decode the JSON push request: line: expected a string, found a number"),
        (legacy(structuredMetadata={"a": 1}), 400, "cannot decode the JSON push request: values: a structured"),
        (legacy(structuredMetadata=[1]), 400, "cannot decode the JSON push request: values: structured metadata"),
    ],
)
def test_bad_json_of_before(api: Api, body: dict[str, Any], status: int, text: str) -> None:
    answer = api.post("/api/prom/push", json=body)
    assert (answer.status_code, answer.text[: len(text)]) == (status, text)


def test_there_are_no_others(api: Api) -> None:
    for path in ("labels", "query_range"):
        assert api.get(f"/api/prom/{path}").status_code == 404


@pytest.mark.parametrize("path", ["query", "label", "label/app/values", "series"])
def test_a_tenant_has_to_be_named(guarded_api: Api, path: str) -> None:
    assert guarded_api.get(f"/api/prom/{path}").status_code == 401


@pytest.mark.parametrize(
    ("ts_ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (1_500_000_000, "1970-01-01T00:00:01.5Z"),
        (2**63 - 1, "2262-04-11T23:47:16.854775807Z"),
    ],
)
def test_times_have_the_digits_that_they_need(ts_ns: int, text: str) -> None:
    assert rfc3339(ts_ns) == text


def test_protobuf_is_that_of_today(api: Api) -> None:
    body = snappy(message(('{app="old"}', [Row(b"line", T0)])))
    answer = api.post("/api/prom/push", content=body, headers={"Content-Type": "application/x-protobuf"})
    assert answer.status_code == 204, answer.text
    assert api.get("/api/prom/label/app/values", params=WINDOW).json() == {"values": ["old"]}
