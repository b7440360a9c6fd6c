"""The paths of before ``/loki/api/v1``."""

from __future__ import annotations

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


def test_json_is_refused_rather_than_lost(api: Api) -> None:
    body = {"streams": [{"labels": '{a="b"}', "entries": [{"ts": "2026-11-22T17:19:13.4Z", "line": "x"}]}]}
    answer = api.post("/api/prom/push", json=body)
    assert (answer.status_code, answer.text) == (
        400,
        "JSON is only taken at /loki/api/v1/push: push there, or send protobuf here\n",
    )


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
