"""``decolorize``: takes ANSI colour codes out of the line."""

from __future__ import annotations

import re

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["DecolorizeStage", "build"]

_CODES = re.compile("[\u001b\u009b][\\[()#;?]*(?:[0-9]{1,4}(?:;[0-9]{0,4})*)?[0-9A-ORZcf-nqry=><]")


class DecolorizeStage(Stage):
    """Lines without an escape are not looked at twice."""

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            if "\u001b" in row.line or "\u009b" in row.line:
                row.line = _CODES.sub("", row.line)
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``decolorize``, which has no options."""
    section = parent.section("decolorize")
    section.finish()
    return DecolorizeStage()
