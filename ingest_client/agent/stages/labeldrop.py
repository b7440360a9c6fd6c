"""``labeldrop``: removes the named labels."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["LabelDropStage", "build"]


class LabelDropStage(Stage):
    """Rows without any of the labels keep their mapping."""

    def __init__(self, dropped: frozenset[str]) -> None:
        self._dropped = dropped

    def process(self, rows: list[Row]) -> list[Row]:
        dropped = self._dropped
        for row in rows:
            if not dropped.isdisjoint(row.labels):
                row.labels = {name: value for name, value in row.labels.items() if name not in dropped}
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``labeldrop``."""
    dropped = parent.texts("labeldrop")
    if not dropped:
        parent.mistake("name at least one label", "labeldrop")
    return LabelDropStage(frozenset(dropped))
