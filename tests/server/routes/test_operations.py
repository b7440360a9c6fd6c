"""Routes for operators."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from server.logs.events import set_log_level
from server.version import VERSION
from tests.server.application import Api


@pytest.fixture
def restored_log_level() -> Iterator[None]:
    yield
    set_log_level("info")


def test_ready(api: Api) -> None:
    answer = api.get("/ready")
    assert (answer.text, answer.headers["content-type"]) == ("ready\n", "text/plain; charset=utf-8")


def test_build_info_is_flat(api: Api) -> None:
    info = api.get("/loki/api/v1/status/buildinfo").json()
    assert info["version"] == VERSION
    assert {"revision", "branch", "buildUser", "buildDate", "goVersion"} < set(info)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_flush_turns_heads_into_parts_and_loses_nothing(api: Api, method: str) -> None:
    api.push({"app": "web"}, [str(time.time_ns()), "x"])
    answer = api.request(method, "/flush")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "skaldlog_parts 1" in api.get("/metrics").text
    assert api.get("/loki/api/v1/label/app/values").json()["data"] == ["web"]


def test_config_is_what_is_used_and_defaults_on_demand(tmp_path: Path) -> None:
    with Api(tmp_path, "limits_config.max_query_series=7") as api:
        used = yaml.safe_load(api.get("/config").text)
        defaults = yaml.safe_load(api.get("/config", params={"mode": "defaults"}).text)
    assert (used["limits_config"]["max_query_series"], defaults["limits_config"]["max_query_series"]) == (7, 500)
    assert used["limits_config"]["max_query_length"] == "30d1h"


def test_services_are_listed(api: Api) -> None:
    assert "distributor => Running\n" in api.get("/services").text


@pytest.mark.usefixtures("restored_log_level")
def test_the_log_level_can_be_read_and_changed(api: Api) -> None:
    answer = api.post("/log_level", params={"log_level": "debug"})
    assert answer.json() == {"status": "success", "message": "Log level set to debug"}
    assert logging.getLogger("skaldlog.http").isEnabledFor(logging.DEBUG)
    assert api.get("/log_level").json() == {"message": "Current log level is debug"}


def test_an_unknown_log_level_is_refused(api: Api) -> None:
    answer = api.post("/log_level", params={"log_level": "nope"})
    assert (answer.status_code, answer.json()["message"]) == (400, 'unrecognized log level "nope"')


def test_metrics_are_prometheus_text(api: Api) -> None:
    answer = api.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    for name in (
        "loki_build_info{",
        "process_cpu_seconds_total ",
        "process_resident_memory_bytes ",
        "skaldlog_streams ",
    ):
        assert f"\n{name}" in answer.text
