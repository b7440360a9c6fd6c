"""Blocked tenants and labels that streams must have, through the whole application."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from tests.server.application import Api

UNNAMED = '{a="b", service_name="unknown_service"}'
FUTURE = "limits_config.block_ingestion_until=2999-01-01T00:00:00Z"


def now() -> str:
    return str(time.time_ns())


def pushed(folder: Path, streams: Sequence[dict[str, str]], *settings: str) -> tuple[httpx.Response, int, str]:
    """The answer, how many lines are found afterwards, and the metrics."""
    with Api(folder, *settings) as api:
        body = {"streams": [{"stream": labels, "values": [[now(), "x"]]} for labels in streams]}
        answer = api.post("/loki/api/v1/push", json=body)
        found = api.get("/loki/api/v1/query_range", params={"query": '{service_name=~".+"}'}).json()
        lines = sum(len(stream["values"]) for stream in found["data"]["result"])
        return answer, lines, api.get("/metrics").text


def test_a_blocked_tenant_is_told_until_when(tmp_path: Path) -> None:
    answer, lines, metrics = pushed(tmp_path, [{"a": "b"}], FUTURE)
    told = "ingestion blocked for user 'fake' until '2999-01-01T00:00:00Z' with status code '260'\n"
    assert (answer.status_code, answer.text, lines) == (260, told, 0)
    assert 'loki_discarded_samples_total{reason="blocked_ingestion",tenant="fake"' in metrics


def test_a_blocked_tenant_may_be_told_nothing(tmp_path: Path) -> None:
    answer, lines, _ = pushed(tmp_path, [{"a": "b"}], FUTURE, "limits_config.block_ingestion_status_code=200")
    assert (answer.status_code, lines) == (204, 0)


def test_a_block_of_the_past_blocks_nothing(tmp_path: Path) -> None:
    answer, lines, _ = pushed(tmp_path, [{"a": "b"}], "limits_config.block_ingestion_until=2020-01-01T00:00:00+01:00")
    assert (answer.status_code, lines) == (204, 1)


@pytest.mark.parametrize(
    ("streams", "told", "kept"),
    [
        ([{"must": "x", "too": "y"}], None, 1),
        (
            [{"a": "b"}, {"must": "x", "too": "y"}],
            f"missing required labels 'must,too' for user 'fake' for stream '{UNNAMED}' (policy: '')",
            1,
        ),
    ],
)
def test_streams_need_the_labels_that_are_enforced(
    tmp_path: Path, streams: list[dict[str, str]], told: str | None, kept: int
) -> None:
    answer, lines, metrics = pushed(tmp_path, streams, "limits_config.enforced_labels=must,too")
    assert (answer.status_code, answer.text) == ((204, "") if told is None else (400, told + "\n"))
    assert lines == kept
    assert ('reason="missing_enforced_labels"' in metrics) == (told is not None)


def test_a_stream_that_is_too_fast_keeps_what_fitted(tmp_path: Path) -> None:
    limits = ("limits_config.per_stream_rate_limit=1B", "limits_config.per_stream_rate_limit_burst=3B")
    with Api(tmp_path, *limits) as api:
        answer = api.push({"a": "b"}, *([now(), "x"] for _ in range(5)))
    assert answer.status_code == 429
    assert "total ignored: 2 out of 5 for stream: " in answer.text
