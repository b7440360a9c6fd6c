"""A running server follows its file of overrides, and says when it cannot."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.server.application import Api

RELOADED = "loki_runtime_config_last_reload_successful"


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline


def limit_of(api: Api, tenant: str) -> str:
    answer = api.get("/config/tenant/v1/limits", headers={"X-Scope-OrgID": tenant})
    return next(line for line in answer.text.splitlines() if line.startswith("max_line_size:"))


def test_a_running_server_follows_the_file(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    path.write_text("overrides: {a: {max_line_size: 1KB}}\n")
    with Api(
        tmp_path / "data", "auth_enabled=true", f"runtime_config.file={path}", "runtime_config.period=10ms"
    ) as api:
        assert [limit_of(api, "a"), limit_of(api, "b")] == ["max_line_size: 1KB", "max_line_size: 256KB"]
        path.write_text("overrides: {b: {max_line_size: 20KB}}\n")
        eventually(lambda: limit_of(api, "b") == "max_line_size: 20KB")
        assert limit_of(api, "a") == "max_line_size: 256KB"
        assert f"{RELOADED} 1\n" in api.get("/metrics").text
        path.write_text("overrides: {b: {max_line_size: huge}}\n")
        eventually(lambda: f"{RELOADED} 0\n" in api.get("/metrics").text)
        assert limit_of(api, "b") == "max_line_size: 20KB"
