"""Detected labels, fields and values through the whole application."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.server.application import Api

T0 = 1_795_168_800_000_000_000
WINDOW = {"start": str(T0), "end": str(T0 + 60 * 10**9)}
LABELS, FIELDS, VALUES = (
    f"/loki/api/v1/{path}" for path in ("detected_labels", "detected_fields", "detected_field/size/values")
)


@pytest.fixture
def filled(api: Api) -> Api:
    values: list[list[Any]] = [
        [str(T0), '{"user":{"id":1},"size":"2kb"}', {"trace_id": "a"}],
        [str(T0 + 1), "size=59kb level=warn", {"trace_id": "b"}],
        [str(T0 + 2), "size=1kb level=warn"],
    ]
    assert api.push({"app": "web", "pod": "1", "shard": "7"}, *values).status_code == 204
    return api


@pytest.mark.parametrize("query", ["", '{app="web"}'])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_labels_worth_browsing(filled: Api, query: str, method: str) -> None:
    answer = filled.request(method, LABELS, params={**WINDOW, "query": query})
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.json() == {
        "detectedLabels": [{"label": name, "cardinality": 1} for name in ("app", "pod", "service_name")]
    }


def test_fields_of_lines_and_metadata(filled: Api) -> None:
    answer = filled.get(FIELDS, params={**WINDOW, "query": '{app="web"}'})
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.json() == {
        "fields": [
            {"label": "detected_level", "type": "string", "cardinality": 2, "parsers": None},
            {"label": "level", "type": "string", "cardinality": 1, "parsers": ["logfmt"]},
            {"label": "size", "type": "bytes", "cardinality": 3, "parsers": ["json", "logfmt"], "jsonPath": ["size"]},
            {"label": "trace_id", "type": "string", "cardinality": 2, "parsers": None},
            {"label": "user_id", "type": "int", "cardinality": 1, "parsers": ["json"], "jsonPath": ["user", "id"]},
        ],
        "limit": 1000,
    }


@pytest.mark.parametrize(
    ("parameters", "labels"),
    [
        ({"query": '{app="web"}', "line_limit": "1"}, {"detected_level", "level", "size"}),
        ({"query": '{app="web"}', "limit": "1"}, {"detected_level"}),
        ({"query": '{app="web"}', "field_limit": "1"}, {"detected_level"}),
        ({"query": '{app="web"} |= "user"'}, {"detected_level", "size", "trace_id", "user_id"}),
        (
            {"query": '{app="web"} | regexp "(?P<first>.)" |= "59kb"'},
            {"detected_level", "first", "level", "size", "trace_id"},
        ),
        (
            {"query": '{app="web"} | json | logfmt | drop __error__, __error_details__', "line_limit": "1"},
            {"detected_level", "level", "size"},
        ),
        ({"query": '{app="web"} | line_format "made=up"'}, {"detected_level", "made", "trace_id"}),
    ],
)
def test_the_sample_is_what_the_query_finds(filled: Api, parameters: dict[str, str], labels: set[str]) -> None:
    found = filled.get(FIELDS, params={**WINDOW, **parameters}).json()["fields"]
    assert {each["label"] for each in found} == labels


def test_values(filled: Api) -> None:
    answer = filled.get(VALUES, params={**WINDOW, "query": '{app="web"}'})
    assert answer.content == b'{"values":["1.0kB","59kB","2.0kB"],"limit":1000}\n'
    answer = filled.get(VALUES, params={**WINDOW, "query": '{app="web"}', "limit": "1"})
    assert answer.content == b'{"values":["1.0kB"],"limit":1}\n'


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (LABELS, '{app="nope"}'),
        (FIELDS, '{app="nope"}'),
        (VALUES, '{app="nope"}'),
        ("/loki/api/v1/detected_field/app/values", '{app="web"}'),
        ("/loki/api/v1/detected_field/nope/values", '{app="web"}'),
    ],
)
def test_nothing_is_an_empty_object(filled: Api, path: str, query: str) -> None:
    answer = filled.get(path, params={**WINDOW, "query": query})
    assert (answer.status_code, answer.content) == (200, b"{}\n")


@pytest.mark.parametrize(
    ("path", "parameters", "text"),
    [
        (LABELS, {"query": "{}"}, "parse error : queries require at least one regexp or equality matcher"),
        (LABELS, {"query": '{app="web"} | json'}, "only label matchers are supported"),
        (LABELS, {"start": "2", "end": "1"}, "end timestamp must not be before or equal to start time"),
        (LABELS, {"start": "0", "end": "1795168800"}, "the query time range exceeds the limit"),
        *(
            (path, parameters, text)
            for path in (FIELDS, VALUES)
            for parameters, text in (
                ({}, "parse error : syntax error: unexpected $end"),
                ({"query": 'rate({app="web"}[5m])'}, "only log selector is supported"),
                ({"query": '{app="web"} |'}, "parse error at line 1"),
                (
                    {"query": '{app="web"}', "line_limit": "5001"},
                    "max entries limit per query exceeded, limit > max_entries_limit_per_query (5001 > 5000)",
                ),
                ({"query": '{app="web"}', "line_limit": "0"}, "limit must be a positive value"),
                ({"query": '{app="web"}', "limit": "x"}, 'strconv.Atoi: parsing "x": invalid syntax'),
                ({"query": '{app="web"}', "step": "0"}, "zero or negative query resolution step widths"),
                (
                    {"query": '{app="web"}', "start": "0", "end": "1795168800", "step": "1w"},
                    "the query time range exceeds",
                ),
            )
        ),
    ],
)
def test_bad_requests(api: Api, path: str, parameters: dict[str, str], text: str) -> None:
    answer = api.get(path, params=parameters)
    assert (answer.status_code, answer.text[: len(text)]) == (400, text)


@pytest.mark.parametrize("path", [LABELS, FIELDS, VALUES])
def test_no_tenant_sees_what_another_has(guarded_api: Api, path: str) -> None:
    line = [str(time.time_ns()), "size=1kb"]
    assert guarded_api.push({"app": "web"}, line, headers={"X-Scope-OrgID": "one"}).status_code == 204
    found = [
        guarded_api.get(path, params={"query": '{app="web"}'}, headers={"X-Scope-OrgID": tenant}).json()
        for tenant in ("one", "two")
    ]
    assert (bool(found[0]), found[1]) == (True, {})
    answer = guarded_api.get(path, params={"query": '{app="web"}'})
    assert (answer.status_code, answer.text) == (401, "no org id\n")
