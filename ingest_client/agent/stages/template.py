"""``template``: a Go template over the extracted map makes or changes one of its values."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.stage import Context, Stage
from ingest_client.agent.template import Template, TemplateError
from ingest_client.agent.template.reading import read_template

__all__ = ["TemplateStage", "build"]


class TemplateStage(Stage):
    """``.Value`` is the value that is there, ``.Entry`` the line. An empty result takes the value away."""

    def __init__(self, source: str, template: Template) -> None:
        self._source, self._template = source, template
        self.produces = frozenset([source])

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            extracted = row.extracted
            value = as_text(extracted.get(self._source))
            try:
                text = self._template.render({**extracted, "Value": value or "", "Entry": row.line})
            except TemplateError:
                continue
            if text:
                extracted[self._source] = text
            else:
                extracted.pop(self._source, None)
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``template``."""
    section = parent.section("template")
    source, template = section.text("source", required=True), read_template(section, "template")
    section.finish()
    return TemplateStage(source, template) if template else None
