"""Grafana's Logs Drilldown, replayed: the requests of its pages in their order, with times as it writes them."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.end_to_end.http_client import HttpClient

LINES = 60
TAGS = {"X-Query-Tags": "Source=grafana-lokiexplore-app"}


def line_of(at: int) -> str:
    level = "info" if at % 3 else "error"
    return json.dumps({"level": level, "msg": f"job {at} done", "took": f"{at}ms", "user": {"id": at % 4}})


@pytest.fixture
def service(client: HttpClient, mark: str) -> str:
    """A service with JSON lines, their level and a trace, in the last minutes."""
    start_ns = time.time_ns() - 5 * 60 * 10**9
    values = [[str(start_ns + at * 10**9), line_of(at), {"trace_id": f"t{at}"}] for at in range(LINES)]
    assert client.push_json([{"stream": {"service": mark, "pod": f"{mark}-0"}, "values": values}]).status == 204
    return mark


def ask(client: HttpClient, path: str, **parameters: str) -> Any:
    """RFC 3339 with milliseconds, an hour back."""
    now_s = time.time()
    times = {
        name: datetime.fromtimestamp(moment_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for name, moment_s in (("start", now_s - 3600), ("end", now_s + 1))
    }
    answer = client.get(f"/loki/api/v1/{path}", {**times, **parameters}, TAGS)
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"].lower().startswith("application/json")
    return answer.json


def test_the_start_page(client: HttpClient, service: str) -> None:
    limits = ask(client, "drilldown-limits")
    assert limits["limits"]["volume_enabled"] is True
    assert limits["limits"]["max_entries_limit_per_query"] == 5000
    assert limits["pattern_ingester_enabled"] is True
    labels = {each["label"] for each in ask(client, "detected_labels", query="")["detectedLabels"]}
    assert {"service_name", "pod"} <= labels
    volumes = ask(client, "index/volume", query="{service_name=~`.+`}", limit="5000")["data"]
    assert volumes["resultType"] == "vector"
    sizes = {each["metric"]["service_name"]: int(each["value"][1]) for each in volumes["result"]}
    assert sizes[service] > LINES * 50


def test_the_page_of_a_service(client: HttpClient, service: str) -> None:
    selector = f'{{service_name="{service}"}}'
    labels = ask(client, "detected_labels", query=selector)["detectedLabels"]
    assert {"label": "pod", "cardinality": 1} in labels
    query = f"{selector} | json | logfmt | drop __error__, __error_details__"
    fields = {each["label"]: each for each in ask(client, "detected_fields", query=query)["fields"]}
    assert fields["trace_id"]["parsers"] is None
    assert (fields["took"]["type"], fields["took"]["cardinality"]) == ("duration", LINES)
    assert (fields["user_id"]["type"], fields["user_id"]["jsonPath"]) == ("int", ["user", "id"])
    found = ask(client, "patterns", query=selector, step="10s")["data"]
    assert {each["level"] for each in found} == {"info", "error"}
    assert sum(count for each in found for _, count in each["samples"]) == LINES


def test_the_filters_of_a_service(client: HttpClient, service: str) -> None:
    selector = f'{{service_name="{service}"}}'
    values = ask(client, "detected_field/user_id/values", query=f"{selector} | json", limit="1000")["values"]
    assert sorted(values) == ["0", "1", "2", "3"]
    (pattern,) = {each["pattern"] for each in ask(client, "patterns", query=selector)["data"]}
    query = f"sum by (detected_level) (count_over_time({selector} |> `{pattern}` [1h]))"
    shown = ask(client, "query", query=query)["data"]["result"]
    assert sum(int(each["value"][1]) for each in shown) == LINES


def test_the_editor_tells_what_a_query_will_read(client: HttpClient, service: str) -> None:
    stats = ask(client, "index/stats", query=f'{{service_name="{service}"}}')
    assert (stats["streams"], stats["entries"]) == (1, LINES)
    assert stats["chunks"] >= 1
    assert stats["bytes"] > LINES * 50
