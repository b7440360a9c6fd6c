"""The document says what the routes are, and is one that tools understand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from server.auth import Need
from server.openapi import document
from server.openapi.catalogue import OPERATIONS
from server.openapi.parameters import HEADERS, PARAMETERS, SPELLED
from server.routes import ROUTES
from tests.server.application import Api


def test_every_route_is_described_and_nothing_else() -> None:
    routes = {(route.path, method) for route in ROUTES for method in route.methods}
    described = {(path, method) for path, methods in OPERATIONS.items() for method in methods}
    assert described == routes


def test_tools_understand_it() -> None:
    OpenAPIV31SpecValidator(orjson.loads(orjson.dumps(document()))).validate()


def test_operations_have_names_of_their_own() -> None:
    names = [each["operationId"] for methods in document()["paths"].values() for each in methods.values()]
    assert len(set(names)) == len(names)


def test_every_parameter_belongs_to_an_operation() -> None:
    operations = [each for methods in OPERATIONS.values() for each in methods.values()]
    assert {name for each in operations for name in each.headers} == set(HEADERS)
    assert {name for each in operations for name in each.parameters} | {"name"} == set(PARAMETERS)
    assert set(SPELLED) < set(PARAMETERS)


def test_forms_and_urls_take_the_same() -> None:
    methods = document()["paths"]["/loki/api/v1/query_range"]
    in_url = {each["name"] for each in methods["get"]["parameters"] if each["in"] == "query"}
    (form,) = methods["post"]["requestBody"]["content"].values()
    assert set(form["schema"]["properties"]) == in_url
    assert form["schema"]["required"] == ["query"]


def test_it_says_who_may_ask() -> None:
    assert set(document()["components"]["securitySchemes"]) == {"token", "user"}
    for route in ROUTES:
        for method in route.methods:
            described = document()["paths"][route.path][method.lower()]
            assert bool(described["security"]) == (route.need is not Need.OPEN)
            assert ("Needs the right" in described.get("description", "")) == (route.need not in _NEEDS_NO_RIGHT)


_NEEDS_NO_RIGHT = {Need.OPEN, Need.PROBE, Need.ANY}


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "/otlp/v1/logs", {"content": b"{", "headers": {"Content-Type": "application/json"}}),
        ("POST", "/otlp/v1/logs", {"content": b"{", "headers": {"Content-Type": "application/x-protobuf"}}),
        ("POST", "/otlp/v1/logs", {"content": b""}),
        ("POST", "/loki/api/v1/push", {"content": b"{", "headers": {"Content-Type": "application/json"}}),
        ("GET", "/loki/api/v1/format_query", {"params": {"query": "{"}}),
        ("GET", "/loki/api/v1/query_range", {"params": {"query": "{"}}),
        ("POST", "/log_level", {"params": {"log_level": "nope"}}),
        ("GET", "/loki/api/v1/detected_fields", {}),
        ("DELETE", "/loki/api/v1/delete", {}),
        ("GET", "/loki/api/v1/tail", {}),
        ("GET", "/skaldlog/api/v1/explain", {"params": {"query": "{"}}),
    ],
)
def test_errors_have_the_first_type_that_is_told(tmp_path: Path, method: str, path: str, given: dict[str, Any]) -> None:
    with Api(tmp_path) as api:
        answer = api.request(method, path, **given)
    told = document()["paths"][path][method.lower()]["responses"]["4XX"]["content"]
    assert answer.status_code in range(400, 500)
    assert answer.headers["content-type"].partition(";")[0] == next(iter(told))
