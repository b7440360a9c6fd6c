"""The server's own log lines: counted always, kept in a tenant of their own where one is set, never in the way."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.config import ConfigError
from server.logs.own_logs import OwnLogs
from storage.errors import StorageUnavailable
from tests.server.application import Api

KEPT = ("auth_enabled=true", "server.own_log_tenant=ops")
COUNT = 'loki_internal_log_messages_total{level="error"}'


@pytest.fixture(name="log")
def fixture_log() -> Iterator[logging.Logger]:
    log = logging.getLogger("skaldlog.test")
    yield log
    log.setLevel(logging.NOTSET)


def kept(api: Api, query: str) -> list[tuple[dict[str, str], str]]:
    answer = api.get("/loki/api/v1/query_range", params={"query": query}, headers={"X-Scope-OrgID": "ops"})
    streams = answer.json()["data"]["result"]
    return [(stream["stream"], line) for stream in streams for _, line in stream["values"]]


def taken(api: Api, *messages: str) -> None:
    """What is logged with these messages, through the handler of this server alone."""
    own = OwnLogs(api.app.state.services)
    for message in messages:
        own.emit(logging.LogRecord("skaldlog.test", logging.ERROR, "", 0, message, (), None))
    api._run(own.take())


def test_lines_are_found_in_their_tenant(tmp_path: Path) -> None:
    with Api(tmp_path, *KEPT) as api:
        taken(api, 'the disk of "a" is full', "same", "same")
        (stream, line), *_ = kept(api, '{job="skaldlog"} |= "disk"')
        assert line == 'level=error logger=skaldlog.test msg="the disk of \\"a\\" is full"'
        assert (stream["level"], stream["detected_level"], stream["logger"]) == ("error", "error", "skaldlog.test")
        assert len(kept(api, '{job="skaldlog"} |= "same"')) == 2
        assert kept(api, '{job="skaldlog"} | logfmt | msg="same" | level="error"')
        assert f"{COUNT} 3\n" in api.get("/metrics").text


def test_without_a_tenant_they_are_counted_only(tmp_path: Path) -> None:
    with Api(tmp_path, "auth_enabled=true") as api:
        taken(api, "x")
        assert kept(api, '{job="skaldlog"}') == []
        assert f"{COUNT} 1\n" in api.get("/metrics").text


def test_a_store_that_takes_nothing_costs_the_lines_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageUnavailable("full")

    with Api(tmp_path, *KEPT) as api:
        with monkeypatch.context() as patch:
            patch.setattr(api.database, "append", refuse)
            taken(api, "x", "y")
        assert "skaldlog_own_log_lines_dropped_total 2\n" in api.get("/metrics").text
        taken(api, "z")
        assert len(kept(api, '{job="skaldlog"}')) == 1


def test_what_waits_is_bounded(tmp_path: Path) -> None:
    with Api(tmp_path, *KEPT) as api:
        taken(api, *("x" for _ in range(10_005)))
        assert "skaldlog_own_log_lines_dropped_total 5\n" in api.get("/metrics").text


def test_a_running_server_takes_them_by_itself(tmp_path: Path, log: logging.Logger) -> None:
    with Api(tmp_path, *KEPT) as api:
        log.error("seen")
        api.pause(1.5)
        assert kept(api, '{job="skaldlog"} |= "seen"')
    assert not any(isinstance(handler, OwnLogs) for handler in logging.getLogger().handlers)


@pytest.mark.parametrize("name", ["a|b", "a b", "..", "x" * 151])
def test_the_tenant_has_to_be_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"server\.own_log_tenant: .* is no tenant"):
        Api(tmp_path, f"server.own_log_tenant={name}")
