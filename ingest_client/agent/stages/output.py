"""``output``: an extracted value becomes the line."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["OutputStage", "build"]


class OutputStage(Stage):
    """Rows without the value keep their line."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.uses = frozenset([source])

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            text = as_text(row.extracted.get(self._source))
            if text is not None:
                row.line = text
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``output``."""
    section = parent.section("output")
    stage = OutputStage(section.text("source", required=True))
    section.finish()
    return stage
