"""What holds for all routes: methods, paths, tenants, readiness."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from logql.engine import Engine
from server.app import create_app
from server.config import Settings, TenantSettings
from server.routes import ROUTES
from storage.database import Database
from tests.server.application import Api

STORE_PATHS = sorted(
    {(route.methods[0], route.path.replace("{name}", "x")) for route in ROUTES if route.needs_store}
    - {("GET", "/flush"), ("POST", "/ingester/shutdown")}
)


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/loki/api/v1/labels/", "/loki/api/v1/label/a%2Fb/values", "/redoc", "/docs/oauth2-redirect"]
)
def test_unknown_paths(api: Api, path: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.text) == (404, "404 page not found\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/loki/api/v1/push"),
        ("HEAD", "/loki/api/v1/push"),
        ("DELETE", "/loki/api/v1/labels"),
        ("OPTIONS", "/ready"),
        ("PUT", "/flush"),
        ("POST", "/ready"),
        ("POST", "/metrics"),
    ],
)
def test_wrong_methods_are_answered_with_nothing(api: Api, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert (answer.status_code, answer.content) == (405, b"")
    assert "allow" not in answer.headers
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("path", ["/ready", "/metrics", "/loki/api/v1/labels"])
def test_head_is_allowed_where_get_is(api: Api, path: str) -> None:
    assert api.request("HEAD", path).status_code == 200


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("//loki/api/v1/labels", "/loki/api/v1/labels"),
        ("/loki//api///v1/labels?a=b//c", "/loki/api/v1/labels?a=b//c"),
        ("/loki/api/v1/label//values", "/loki/api/v1/label/values"),
    ],
)
def test_double_slashes_are_redirected(api: Api, path: str, location: str) -> None:
    answer = api.get(f"http://test{path}")
    assert (answer.status_code, answer.headers["location"]) == (301, location)


@pytest.mark.parametrize(("method", "path"), STORE_PATHS)
def test_with_tenants_on_data_needs_one(guarded_api: Api, method: str, path: str) -> None:
    missing = guarded_api.request(method, path)
    assert (missing.status_code, missing.text) == (401, "no org id\n")
    several = guarded_api.request(method, path, headers={"X-Scope-OrgID": "a|b"})
    assert (several.status_code, several.text.rstrip("\n")) == (400, "multiple org IDs present")
    assert several.text.endswith("\n") == path.endswith(("push", "delete"))


@pytest.mark.parametrize(
    "path", ["/ready", "/metrics", "/config", "/services", "/flush", "/log_level", "/loki/api/v1/status/buildinfo"]
)
def test_operations_need_no_tenant(guarded_api: Api, path: str) -> None:
    assert guarded_api.get(path).status_code in (200, 204)


def test_no_tenant_reads_what_another_pushed(guarded_api: Api) -> None:
    guarded_api.push({"app": "web"}, [str(time.time_ns()), "x"], headers={"X-Scope-OrgID": "a"})
    for tenant, values in (("a", ["web"]), ("b", []), ("a:sub", ["web"])):
        answer = guarded_api.get("/loki/api/v1/label/app/values", headers={"X-Scope-OrgID": tenant})
        assert answer.json()["data"] == values


@pytest.mark.parametrize(("method", "path"), [("GET", "/ready"), *STORE_PATHS])
def test_before_the_log_is_replayed_nothing_is_promised(tmp_path: Path, method: str, path: str) -> None:
    api = Api(tmp_path)
    answer = api.request(method, path)
    assert answer.status_code == 503
    assert answer.text == "Ingester not ready: replaying the write-ahead log\n"
    assert answer.headers["retry-after"] == "1"
    api.close()


def test_from_the_moment_it_stops_it_says_so(api: Api) -> None:
    api.app.state.services.is_stopping = True
    assert api.get("/ready").text == "Application is stopping\n"
    api.app.state.services.is_stopping = False


async def _lifetime(app: object) -> None:
    async with app.router.lifespan_context(app):  # type: ignore[attr-defined]
        pass


def test_a_store_that_cannot_start_is_told_to_whoever_made_the_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(tmp_path)

    def fail() -> None:
        raise OSError("unreadable")

    monkeypatch.setattr(database, "start", fail)
    failures: list[BaseException] = []
    asyncio.run(_lifetime(create_app(TenantSettings(Settings()), database, Engine(database, 1), failures.append)))
    assert [str(failure) for failure in failures] == ["unreadable"]
