"""``static_labels``: labels that every line gets."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.labels import check_names
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["StaticLabelsStage", "build"]


class StaticLabelsStage(Stage):
    """Labels that are there already are overwritten."""

    def __init__(self, labels: dict[str, str]) -> None:
        self._labels = {name: value for name, value in labels.items() if value}

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            row.labels = {**row.labels, **self._labels}
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``static_labels``."""
    labels = parent.mapping("static_labels")
    check_names(parent, "static_labels", labels)
    return StaticLabelsStage(labels)
