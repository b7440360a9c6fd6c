"""Asks the questions, several rounds each, and checks the answers against what the workload lets one expect."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.connection import Connection, ServerRefused
from benchmarks.questions import Question

__all__ = ["Asked", "Times", "ask", "total_of"]

QUERY_PATH = "/loki/api/v1/query_range"
NOT_BUILT = "cannot execute it yet"


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds over the rounds of one question."""

    median_s: float
    min_s: float
    max_s: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        return cls(statistics.median(seconds), min(seconds), max(seconds))


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: ``times`` and ``total``, or ``refusal``, the reason why there are none."""

    question: Question
    times: Times | None = None
    total: int | None = None
    refusal: str | None = None

    @property
    def is_wrong(self) -> bool:
        expected = self.question.expected
        return self.total is not None and expected is not None and self.total != expected


def ask(connection: Connection, question: Question, end_ns: int, rounds: int) -> Asked:
    path = f"{QUERY_PATH}?{urlencode(question.parameters(end_ns))}"
    seconds: list[float] = []
    body = b""
    try:
        for _ in range(rounds):
            started = time.perf_counter()
            body = connection.send("GET", path)
            seconds.append(time.perf_counter() - started)
    except ServerRefused as refused:
        built = refused.status != 400 or NOT_BUILT not in refused.text
        return Asked(question, refusal=str(refused) if built else "not built")
    return Asked(question, Times.of(seconds), total_of(json.loads(body)["data"]))


def total_of(data: Mapping[str, Any]) -> int:
    """Entries of a log result; the sum over all points of a metric result, rounded."""
    if data["resultType"] == "streams":
        return sum(len(stream["values"]) for stream in data["result"])
    points = (float(value) for series in data["result"] for _, value in series["values"])
    return round(sum(point for point in points if point == point))
