"""``docker``: the JSON lines of Docker's json-file driver to line, stream and time."""

from __future__ import annotations

import contextlib
import json

from ingest_client.agent.config.section import Section
from ingest_client.agent.golang.layouts import compile_layout
from ingest_client.agent.row import Row
from ingest_client.agent.stages.partial import JoiningStage, Partials
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["DockerStage", "build"]


class DockerStage(JoiningStage):
    """Docker cuts lines at 16 KiB: parts have no newline at their end and are joined."""

    produces = frozenset(["output", "timestamp", "stream"])

    def __init__(self) -> None:
        super().__init__(Partials())
        self._time = compile_layout("RFC3339Nano")

    def _unwrapped(self, row: Row) -> Row | None:
        try:
            document = json.loads(row.line)
            text = document["log"]
        except (ValueError, TypeError, KeyError):
            return row
        if not isinstance(text, str):
            return row
        stream, stamp = document.get("stream"), document.get("time")
        if isinstance(stream, str) and stream:
            row.labels = {**row.labels, "stream": stream}
        row.extracted.update(output=text, timestamp=stamp, stream=stream)
        # Without a time that can be read, the time of reading stays.
        with contextlib.suppress(ValueError, TypeError):
            row.ts_ns = self._time(stamp)
        row.line = text.rstrip("\r\n")
        return self._partials.add(row, is_last=text.endswith("\n") or "\n" in text)


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``docker``, which has no options."""
    parent.section("docker").finish()
    return DockerStage()
