"""``labels``: extracted values become labels."""

from __future__ import annotations

import re

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["LabelsStage", "build", "check_names"]

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")


class LabelsStage(Stage):
    """Values that are missing or empty make no label."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = tuple(sources.items())
        self.uses = frozenset(sources.values())

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            extracted = row.extracted
            values = {name: text for name, source in self._sources if (text := as_text(extracted.get(source)))}
            if values:
                row.labels = {**row.labels, **values}
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``labels``."""
    sources = {name: source or name for name, source in parent.mapping("labels").items()}
    if not sources:
        parent.mistake("name at least one label", "labels")
    check_names(parent, "labels", sources)
    return LabelsStage(sources)


def check_names(parent: Section, place: str, sources: dict[str, str]) -> None:
    """Note names that no server takes."""
    for name in sources:
        if not _NAME.match(name):
            parent.mistake(f"{name!r} is no name of a label: letters, digits and underscores, no digit first", place)
