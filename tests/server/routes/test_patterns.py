"""Patterns through the whole application."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.server.application import Api

PATH = "/loki/api/v1/patterns"
T0_S = 1_795_168_800
WINDOW = {"start": str(T0_S), "end": str(T0_S + 120)}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_patterns_by_level_and_time(api: Api, method: str) -> None:
    lines = [(0, "level=error user bob in"), (1, "level=error user eve in"), (70, "level=info user eve in")]
    assert api.push({"app": "web"}, *([f"{T0_S + second}000000000", line] for second, line in lines)).status_code == 204
    answer = api.request(method, PATH, params={**WINDOW, "query": '{app="web"}', "step": "60"})
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.json() == {
        "status": "success",
        "data": [
            {"pattern": "level=<_> user <_> in", "level": "error", "samples": [[T0_S, 2]]},
            {"pattern": "level=<_> user <_> in", "level": "info", "samples": [[T0_S + 60, 1]]},
        ],
    }


def test_a_pattern_finds_its_lines(api: Api) -> None:
    values = [[f"{T0_S}{number:09d}", f'{{"msg":"job {number} done","n":{number}}}'] for number in range(5)]
    assert api.push({"app": "web"}, *values).status_code == 204
    (found,) = api.get(PATH, params={**WINDOW, "query": '{app="web"}'}).json()["data"]
    query = f'{{app="web"}} |> `{found["pattern"]}`'
    streams = api.get("/loki/api/v1/query_range", params={**WINDOW, "query": query}).json()["data"]["result"]
    assert sum(len(stream["values"]) for stream in streams) == 5


def test_nothing_is_an_empty_list(api: Api) -> None:
    answer = api.get(PATH, params={**WINDOW, "query": '{app="web"}'})
    assert answer.content == b'{"status":"success","data":[]}\n'


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({}, "parse error : syntax error: unexpected $end"),
        ({"query": "{}"}, "parse error : queries require at least one regexp or equality matcher"),
        ({"query": '{app="web"} |= "x"'}, "only label matchers are supported"),
        ({"query": '{app="web"}', "step": "0"}, "zero or negative query resolution step widths are not accepted"),
        ({"query": '{app="web"}', "step": "1ms"}, "exceeded maximum resolution of 11,000 points per time series"),
        ({"query": '{app="web"}', "start": "2", "end": "1"}, "end timestamp must not be before or equal to start"),
        ({"query": '{app="web"}', "start": "0", "end": str(T0_S)}, "the query time range exceeds the limit"),
    ],
)
def test_bad_requests(api: Api, parameters: dict[str, str], text: str) -> None:
    answer = api.get(PATH, params=parameters)
    assert (answer.status_code, answer.text[: len(text)]) == (400, text)


def test_switched_off_they_are_not_there(tmp_path: Path) -> None:
    with Api(tmp_path, "pattern_ingester.enabled=false") as api:
        answer = api.get(PATH, params={"query": '{app="web"}'})
        limits = api.get("/loki/api/v1/drilldown-limits").json()
    assert (answer.status_code, answer.content) == (404, b"")
    assert limits["pattern_ingester_enabled"] is False


def test_no_tenant_sees_the_patterns_of_another(guarded_api: Api) -> None:
    line = [str(time.time_ns()), "up"]
    assert guarded_api.push({"app": "web"}, line, headers={"X-Scope-OrgID": "one"}).status_code == 204
    found = [
        len(guarded_api.get(PATH, params={"query": '{app="web"}'}, headers={"X-Scope-OrgID": tenant}).json()["data"])
        for tenant in ("one", "two")
    ]
    assert found == [1, 0]
    answer = guarded_api.get(PATH, params={"query": '{app="web"}'})
    assert (answer.status_code, answer.text) == (401, "no org id\n")
