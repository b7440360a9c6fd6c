"""``structured_metadata``: extracted values, or labels, become structured metadata."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["StructuredMetadataStage", "build"]


class StructuredMetadataStage(Stage):
    """What was a label of that name is one no more."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = tuple(sources.items())
        self.uses = frozenset(sources.values())

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            labels, extracted = row.labels, row.extracted
            found = {
                name: text
                for name, source in self._sources
                if (text := as_text(extracted.get(source)) or labels.get(source))
            }
            if not found:
                continue
            row.metadata = {**row.metadata, **found}
            if not found.keys().isdisjoint(labels):
                row.labels = {name: value for name, value in labels.items() if name not in found}
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``structured_metadata`` or its old name."""
    name = "structured_metadata" if parent.has("structured_metadata") else "non_indexed_labels"
    sources = {key: source or key for key, source in parent.mapping(name).items()}
    if not sources:
        parent.mistake("name at least one key", name)
    return StructuredMetadataStage(sources)
