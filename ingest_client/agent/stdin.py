"""Standard input as a source: the pipeline of the first entry, no files and no positions."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Iterator
from typing import Any

from ingest_client.agent.config.model import ScrapeConfig
from ingest_client.agent.files.lines import LineSplitter
from ingest_client.agent.files.tail import Tail
from ingest_client.agent.pipeline import Pipeline
from ingest_client.agent.row import Row

__all__ = ["StdinJob"]


class StdinJob:
    """Looks like a job. ``has_ended`` once the other end is closed and all lines went through the pipeline."""

    def __init__(self, config: ScrapeConfig, pipeline: Pipeline, descriptor: int = 0) -> None:
        self.config, self.pipeline, self._descriptor = config, pipeline, descriptor
        self.has_ended = False
        self._splitter = LineSplitter()
        static = config.static[0].labels if config.static else {}
        self._labels = {"job": "stdin", "hostname": socket.gethostname(), **static}

    @property
    def tails(self) -> list[Tail]:
        """There are no files."""
        return []

    def discover(self) -> None:
        """There is nothing to find."""

    def read(self, max_bytes: int) -> Iterator[list[Row]]:
        """What has come."""
        while not self.has_ended and select.select([self._descriptor], [], [], 0)[0]:
            data = os.read(self._descriptor, max_bytes)
            self.has_ended = not data
            lines = self._splitter.split(data) if data else self._splitter.finish()
            now_ns = time.time_ns()
            rows = [Row(line, now_ns + number, self._labels, "stdin") for number, line in enumerate(lines)]
            yield self.pipeline.run(rows)
        yield self.pipeline.finish() if self.has_ended else self.pipeline.tick(time.time_ns())

    def changes(self) -> dict[str, dict[str, Any]]:
        """A pipe has no positions."""
        return {}

    def close(self) -> None:
        """The descriptor is the caller's."""
