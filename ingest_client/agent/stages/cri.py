"""``cri``: the lines of containerd and CRI-O, ``time stream flags content``, with cut lines joined."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.golang.layouts import compile_layout
from ingest_client.agent.row import Row
from ingest_client.agent.stages.partial import JoiningStage, Partials
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["CriStage", "build"]

_STREAMS = ("stdout", "stderr")


class CriStage(JoiningStage):
    """Lines of another form go on as they are."""

    produces = frozenset(["content", "time", "stream", "flags"])

    def __init__(self, partials: Partials) -> None:
        super().__init__(partials)
        self._time = compile_layout("RFC3339Nano")

    def _unwrapped(self, row: Row) -> Row | None:
        parts = row.line.split(" ", 3)
        if len(parts) < 3 or parts[1] not in _STREAMS:
            return row
        stamp, stream, flags = parts[:3]
        content = parts[3] if len(parts) == 4 else ""
        try:
            row.ts_ns = self._time(stamp)
        except ValueError:
            return row
        row.labels = {**row.labels, "stream": stream}
        row.extracted.update(time=stamp, stream=stream, flags=flags, content=content)
        row.line = content
        return self._partials.add(row, is_last=not flags.startswith("P"))


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``cri``."""
    section = parent.section("cri")
    max_parts = section.integer("max_partial_lines", 100, least=1)
    max_chars = section.size_bytes("max_partial_line_size", 0)
    truncates = section.boolean("max_partial_line_size_truncate")
    section.finish()
    return CriStage(Partials(max_parts, max_chars if truncates else 0))
