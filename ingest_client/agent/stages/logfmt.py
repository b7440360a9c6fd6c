"""``logfmt``: values of ``key=value`` lines to the extracted map."""

from __future__ import annotations

import json
import re

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage, names, text_of

__all__ = ["LogfmtStage", "build"]

_PAIR = re.compile(r'([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)')


class LogfmtStage(Stage):
    """Keys that a line lacks leave the map as it is."""

    def __init__(self, mapping: dict[str, str], source: str) -> None:
        self._mapping, self._source = tuple(mapping.items()), source
        self.uses, self.produces = names([source]), frozenset(mapping)

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            text = text_of(row, self._source)
            pairs = dict(_PAIR.findall(text)) if text else {}
            for name, key in self._mapping:
                if key in pairs:
                    row.extracted[name] = _unquoted(pairs[key])
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``logfmt``."""
    section = parent.section("logfmt")
    mapping = {name: key or name for name, key in section.mapping("mapping").items()}
    if not mapping:
        section.mistake("name at least one key", "mapping")
    stage = LogfmtStage(mapping, section.text("source"))
    section.finish()
    return stage


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value[1:-1]
