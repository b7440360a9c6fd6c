"""Queries that a tenant's operator has blocked are refused with Loki's words, counted, and not run."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.server.application import Api

RULES = (
    """[{"pattern": ".*secret.*", "regex": true}, {"types": "metric", "pattern": "sum(rate({app=\\"web\\"}[1m]))"}]"""
)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/loki/api/v1/query_range", '{app="secret"}', 400),
        ("/loki/api/v1/query_range", '{app="web"}', 200),
        ("/loki/api/v1/query_range", 'sum(rate({app="web"}[1m]))', 400),
        ("/loki/api/v1/query", 'sum(rate({app="web"}[1m]))', 400),
        ("/loki/api/v1/query", 'sum(rate({app="web"}[2m]))', 200),
        ("/api/prom/query", '{app="secret"}', 400),
    ],
)
def test_a_blocked_query_is_refused_and_counted(tmp_path: Path, path: str, query: str, status: int) -> None:
    with Api(tmp_path, f"limits_config.blocked_queries={RULES}") as api:
        answer = api.get(path, params={"query": query})
        assert answer.status_code == status
        assert (answer.text == "query blocked by policy") == (status == 400)
        counted = 'loki_blocked_queries{user="fake"} 1' in api.get("/metrics").text
        assert counted == (status == 400)


def test_what_is_no_query_is_refused_as_ever(tmp_path: Path) -> None:
    with Api(tmp_path, f"limits_config.blocked_queries={RULES}") as api:
        assert api.get("/loki/api/v1/query_range", params={"query": "{secret"}).text.startswith("parse error")
        assert "loki_blocked_queries{" not in api.get("/metrics").text


def test_the_hash_to_block_a_query_by_is_in_the_log(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    query = '{stream="stdout",pod="loki-canary-9w49x"}'
    with caplog.at_level(logging.INFO, "skaldlog.query"):
        api.get("/loki/api/v1/query_range", params={"query": query})
    (told,) = [vars(record)["skaldlog_fields"] for record in caplog.records if record.name == "skaldlog.query"]
    assert told["query_hash"] == 2943214005
