"""Stages of promtail's that this agent knows by name only: a warning says so, and lines pass."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["UnsupportedStage", "build"]


class UnsupportedStage(Stage):
    """Does nothing."""

    def process(self, rows: list[Row]) -> list[Row]:
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Warn by name."""
    for name in parent.names:
        parent.raw(name)
        parent.warn("is not supported by this agent: lines pass it unchanged", name)
    return UnsupportedStage()
