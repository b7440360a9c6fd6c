"""``pack``: labels and the line become one JSON object, which ``| unpack`` takes apart again."""

from __future__ import annotations

import json

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["PackStage", "build"]


class PackStage(Stage):
    """Packed labels are labels no more. The time becomes that of packing where ``restamps``."""

    def __init__(self, packed: tuple[str, ...], restamps: bool, context: Context) -> None:
        self._packed, self._restamps, self._context = packed, restamps, context

    def process(self, rows: list[Row]) -> list[Row]:
        now_ns = self._context.now_ns()
        for number, row in enumerate(rows):
            self._pack(row)
            if self._restamps:
                row.ts_ns = now_ns + number
        return rows

    def _pack(self, row: Row) -> None:
        document = {}
        for name in self._packed:
            value = row.labels.get(name) or as_text(row.extracted.get(name))
            if value is not None:
                document[name] = value
        row.labels = {name: value for name, value in row.labels.items() if name not in document}
        document = dict(sorted(document.items()))
        row.line = json.dumps({**document, "_entry": row.line}, ensure_ascii=False, separators=(",", ":"))


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``pack``."""
    section = parent.section("pack")
    packed = tuple(section.texts("labels"))
    stage = PackStage(packed, section.boolean("ingest_timestamp", True), context)
    section.finish()
    return stage
