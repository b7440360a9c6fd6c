"""Reads lines back through query_range."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.end_to_end.http_client import HttpClient

__all__ = ["Found", "find", "find_within"]

HOUR_NS = 3_600_000_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as a client sees it: ``labels`` are those of the stream with structured metadata merged in."""

    ts_ns: int
    line: str
    labels: tuple[tuple[str, str], ...]

    def __getitem__(self, label: str) -> str | None:
        return dict(self.labels).get(label)


def find(client: HttpClient, query: str, limit: int = 5000) -> list[Found]:
    """The entries of a log query from one hour ago to ten minutes ahead, oldest first."""
    now_ns = time.time_ns()
    window: dict[str, str | int] = {"start": now_ns - HOUR_NS, "end": now_ns + HOUR_NS // 6, "direction": "forward"}
    answer = client.get("/loki/api/v1/query_range", {"query": query, "limit": limit, **window})
    assert answer.status == 200, f"{answer.status} {answer.text}"
    found = [
        Found(int(ts), line, tuple(sorted(stream["stream"].items())))
        for stream in answer.json["data"]["result"]
        for ts, line, *_ in stream["values"]
    ]
    return sorted(found, key=lambda each: each.ts_ns)


def find_within(client: HttpClient, query: str, count: int, timeout_s: float = 10.0) -> list[Found]:
    """The entries once there are ``count`` of them, or what there is after the time."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = find(client, query)
        if len(found) >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.1)
