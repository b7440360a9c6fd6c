"""A line a minute about the agent itself, in ``{job="ingest-client", host}``: where nobody scrapes, the logs tell.

A host whose line is missing is down, and one whose ``waiting_bytes`` grow cannot reach the server.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ingest_client.agent.config.model import HeartbeatConfig, ScrapeConfig
from ingest_client.agent.files.tail import Tail
from ingest_client.agent.pipeline import Pipeline
from ingest_client.agent.row import Row

__all__ = ["HeartbeatJob"]

_JOB = "ingest-client"


class HeartbeatJob:
    """Looks like a job of files. ``figures`` are asked when a line is due, the first after one interval."""

    def __init__(
        self,
        config: HeartbeatConfig,
        figures: Callable[[], Mapping[str, int]],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config, self.pipeline = ScrapeConfig(_JOB, "heartbeat"), Pipeline([])
        self._interval_s, self._figures, self._monotonic_s = config.interval_s, figures, monotonic_s
        self._labels = {"job": _JOB, "host": socket.gethostname(), **config.labels}
        self._due_s = monotonic_s() + config.interval_s

    @property
    def tails(self) -> list[Tail]:
        """There are no files."""
        return []

    def discover(self) -> None:
        """There is nothing to find."""

    def read(self, max_bytes: int) -> Iterator[list[Row]]:
        """The line, when it is due."""
        now_s = self._monotonic_s()
        if now_s < self._due_s:
            return
        self._due_s = now_s + self._interval_s
        line = json.dumps(dict(self._figures()), separators=(",", ":"))
        yield [Row(line, time.time_ns(), self._labels, _JOB, {"event": "heartbeat", "level": "info"})]

    def changes(self) -> dict[str, dict[str, Any]]:
        """It has no positions."""
        return {}

    def close(self) -> None:
        """There is nothing to let go of."""
