"""The limits of a tenant, as clients ask for them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from server.config.table import TABLE
from server.version import VERSION
from tests.server.application import Api

PATHS = ("/loki/api/v1/drilldown-limits", "/config/tenant/v1/limits", "/loki/api/v1/cache/generation_numbers")


def test_drilldown_gets_its_limits(api: Api) -> None:
    answer = api.get("/loki/api/v1/drilldown-limits")
    body = answer.json()
    limits = body.pop("limits")
    assert answer.headers["content-type"] == "application/json"
    assert body == {"pattern_ingester_enabled": True, "version": VERSION}
    assert limits["discover_service_name"][:2] == ["service", "app"]
    assert limits["log_level_fields"][0] == "level"
    assert {name: limit for name, limit in limits.items() if not isinstance(limit, list | dict)} == {
        "discover_log_levels": True,
        "max_entries_limit_per_query": 5000,
        "max_line_size_truncate": False,
        "max_query_bytes_read": "0B",
        "max_query_length": "30d1h",
        "max_query_lookback": "0s",
        "max_query_range": "0s",
        "max_query_series": 500,
        "metric_aggregation_enabled": False,
        "pattern_persistence_enabled": False,
        "query_timeout": "1m",
        "retention_period": "0s",
        "volume_enabled": True,
        "volume_max_series": 1000,
    }


def test_all_limits_as_yaml(api: Api) -> None:
    limits = yaml.safe_load(api.get("/config/tenant/v1/limits").text)
    names = {setting.name for setting in TABLE if setting.name.startswith("limits_config.")}
    assert {f"limits_config.{name}" for name in limits} == names


@pytest.mark.parametrize(("tenant", "period"), [("one", "30d"), ("two", "0s")])
def test_limits_are_those_of_the_tenant(tmp_path: Path, tenant: str, period: str) -> None:
    with Api(tmp_path, "auth_enabled=true", 'overrides={"one": {"retention_period": "30d"}}') as api:
        headers = {"X-Scope-OrgID": tenant}
        limits = api.get("/loki/api/v1/drilldown-limits", headers=headers).json()["limits"]
        as_yaml = yaml.safe_load(api.get("/config/tenant/v1/limits", headers=headers).text)
    assert (limits["retention_period"], as_yaml["retention_period"]) == (period, period)


@pytest.mark.parametrize("path", PATHS)
def test_a_tenant_has_to_be_named(guarded_api: Api, path: str) -> None:
    answer = guarded_api.get(path)
    assert (answer.status_code, answer.text) == (401, "no org id\n")


def test_generations_never_change(api: Api) -> None:
    assert api.get("/loki/api/v1/cache/generation_numbers").json() == ""
