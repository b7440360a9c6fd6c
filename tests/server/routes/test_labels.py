"""Label names, values and series through the whole application."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.server.application import Api

T0 = 1_795_168_800_000_000_000
WINDOW = {"start": str(T0 - 1), "end": str(T0 + 10**9)}
EMPTY_COMPATIBLE = "parse error : queries require at least one regexp or equality matcher"


@pytest.fixture
def filled(api: Api) -> Api:
    for app, env in (("web", "prod"), ("db", "prod"), ("db", "test")):
        assert api.push({"app": app, "env": env}, [str(T0), "x level=error", {"trace": "1"}]).status_code == 204
    return api


@pytest.mark.parametrize("path", ["/loki/api/v1/labels", "/loki/api/v1/label"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_names_are_those_of_streams_and_sorted(filled: Api, path: str, method: str) -> None:
    answer = filled.request(method, path, params=WINDOW)
    assert answer.content == b'{"status":"success","data":["app","env","service_name"]}\n'
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"


@pytest.mark.parametrize(
    ("name", "query", "values"),
    [
        ("app", "", ["db", "web"]),
        ("env", '{app="web"}', ["prod"]),
        ("env", '{app=~"w.*"}', ["prod"]),
        ("trace", "", []),
        ("detected_level", "", []),
        ("a-b", "", []),
    ],
)
def test_values(filled: Api, name: str, query: str, values: list[str]) -> None:
    answer = filled.get(f"/loki/api/v1/label/{name}/values", params={**WINDOW, "query": query})
    assert answer.json() == {"status": "success", "data": values}


@pytest.mark.parametrize(
    "matchers", [[], ["{}"], ["{ }"], ['{app=~".+"}'], ['{app="web"}', '{env="prod"}', '{env="test"}']]
)
@pytest.mark.parametrize("parameter", ["match", "match[]"])
def test_series_are_united(filled: Api, parameter: str, matchers: list[str]) -> None:
    found = filled.get(
        "/loki/api/v1/series", params=[*WINDOW.items(), *((parameter, each) for each in matchers)]
    ).json()
    assert sorted(each["app"] + each["env"] for each in found["data"]) == ["dbprod", "dbtest", "webprod"]


def test_nothing_is_found_outside_the_window(filled: Api) -> None:
    for path in ("labels", "label/app/values", "series"):
        assert filled.get(f"/loki/api/v1/{path}", params={"start": "1", "end": "2"}).json()["data"] == []


@pytest.mark.parametrize(
    ("path", "parameters", "text"),
    [
        ("labels", {"query": "{}"}, EMPTY_COMPATIBLE),
        ("labels", {"query": '{app="web"} |= "x"'}, "only label matchers are supported"),
        ("labels", {"query": "{"}, "parse error at line 1, col 2: syntax error: unexpected $end"),
        ("labels", {"start": "2", "end": "1"}, "end timestamp must not be before or equal to start time"),
        ("labels", {"start": "x"}, "could not parse 'start' parameter: strconv.ParseInt"),
        (
            "labels",
            {"start": "0", "end": str(T0)},
            "the query time range exceeds the limit (query length: 498658h0m0s, ",
        ),
        ("label/app/values", {"query": "{}"}, EMPTY_COMPATIBLE),
        ("series", {"match": ["{}", '{app="web"}']}, "0 matchers in group: {}"),
        ("series", {"match[]": ""}, "parse error : syntax error: unexpected $end"),
        ("series", {"match": ['{app="web"}', ""]}, "parse error : syntax error: unexpected $end"),
        ("series", {"match": '{app=~".*"}'}, EMPTY_COMPATIBLE),
        ("series", {"match": "app"}, "parse error at line 1, col 1: syntax error: unexpected IDENTIFIER"),
        ("series", {"match": '{app="web"} | json'}, "only label matchers are supported"),
    ],
)
def test_bad_requests(api: Api, path: str, parameters: dict[str, str], text: str) -> None:
    answer = api.get(f"/loki/api/v1/{path}", params=parameters)
    assert (answer.status_code, answer.text[: len(text)]) == (400, text)


@pytest.mark.parametrize(("age_s", "values"), [(2 * 3600, []), (60, ["web"])])
def test_the_lookback_limit_hides_what_is_older(tmp_path: Path, age_s: int, values: list[str]) -> None:
    with Api(tmp_path, "limits_config.max_query_lookback=1h") as api:
        now = time.time_ns()
        assert api.push({"app": "web"}, [str(now - age_s * 10**9), "x"]).status_code == 204
        asked = {"start": str(now - 24 * 3600 * 10**9), "end": str(now + 10**9)}
        assert api.get("/loki/api/v1/label/app/values", params=asked).json()["data"] == values
