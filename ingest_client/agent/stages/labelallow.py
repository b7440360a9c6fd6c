"""``labelallow``: keeps only the named labels."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["LabelAllowStage", "build"]


class LabelAllowStage(Stage):
    """The tenant is no label and stays."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed | {"__tenant_id__"}

    def process(self, rows: list[Row]) -> list[Row]:
        allowed = self._allowed
        for row in rows:
            row.labels = {name: value for name, value in row.labels.items() if name in allowed}
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``labelallow``."""
    allowed = parent.texts("labelallow")
    if not allowed:
        parent.mistake("name at least one label", "labelallow")
    return LabelAllowStage(frozenset(allowed))
