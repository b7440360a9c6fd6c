"""``tenant``: whose line it is, from a label, an extracted value, or fixed."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.stage import Context, Stage, names

__all__ = ["TENANT_LABEL", "TenantStage", "build"]

TENANT_LABEL = "__tenant_id__"


class TenantStage(Stage):
    """Rows without the value stay with the tenant of the client."""

    def __init__(self, label: str, source: str, value: str) -> None:
        self._label, self._source, self._value = label, source, value
        self.uses = names([source])

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            tenant = self._value or row.labels.get(self._label) or as_text(row.extracted.get(self._source))
            if tenant:
                row.labels = {**row.labels, TENANT_LABEL: tenant}
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``tenant``."""
    section = parent.section("tenant")
    given = section.text("label"), section.text("source"), section.text("value")
    section.finish()
    if sum(map(bool, given)) != 1:
        section.mistake("give exactly one of label, source and value")
    return TenantStage(*given)
