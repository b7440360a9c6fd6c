"""Parts, retention and merges over HTTP, each tenant by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.application import Api

T0 = 1_700_000_000_000_000_000


def push(api: Api, *numbers: int, tenant: str = "a") -> None:
    values = [[str(T0 + number), f"line {number}"] for number in numbers]
    assert api.push({"app": "web"}, *values, headers={"X-Scope-OrgID": tenant}).status_code == 204
    assert api.post("/flush").status_code == 204


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with Api(
        tmp_path,
        "auth_enabled=true",
        "limits_config.reject_old_samples=false",
        "storage.merges=false",
        'overrides={"b": {"retention_period": "1d"}}',
    ) as made:
        yield made


def parts(api: Api, tenant: str = "a") -> list[dict[str, object]]:
    answer = api.get("/skaldlog/api/v1/parts", headers={"X-Scope-OrgID": tenant})
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.json()["data"]
    return found


def test_parts_are_told_and_merged(api: Api) -> None:
    assert parts(api) == []
    push(api, 1, 2)
    push(api, 3)
    first, second = parts(api)
    assert (first["rows"], second["rows"], first["store"], first["is_merged"]) == (2, 1, "disk", False)
    assert (first["min_ts"], first["max_ts"]) == (str(T0 + 1), str(T0 + 2))
    assert api.post("/skaldlog/api/v1/merge", headers={"X-Scope-OrgID": "a"}).status_code == 204
    (merged,) = parts(api)
    assert (merged["rows"], merged["is_merged"]) == (3, True)
    assert parts(api, "b") == []


def test_what_has_expired_is_told_and_goes_when_asked(api: Api) -> None:
    for tenant in ("a", "b"):
        push(api, 1, 2, tenant=tenant)
    path, of_b = "/skaldlog/api/v1/retention", {"X-Scope-OrgID": "b"}
    assert api.get(path, headers={"X-Scope-OrgID": "a"}).json()["data"] == []
    (step,) = api.get(path, headers=of_b).json()["data"]
    assert (step["action"], step["rows"], step["reason"]) == ("drop", 2, "older than its retention period")
    assert len(parts(api, "b")) == 1
    assert api.post(path, headers=of_b).status_code == 204
    assert (parts(api, "b"), len(parts(api, "a"))) == ([], 1)
