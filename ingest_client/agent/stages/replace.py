"""``replace``: what the groups of an expression match is replaced by a template, without groups the whole match."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.regex import Regex
from ingest_client.agent.row import Row
from ingest_client.agent.stages.regex import read_regex
from ingest_client.agent.stages.stage import Context, Stage, names, text_of
from ingest_client.agent.template import Template, TemplateError
from ingest_client.agent.template.reading import read_template

__all__ = ["ReplaceStage", "build"]


class ReplaceStage(Stage):
    """In the template ``.Value`` is what was matched. Named groups go to the extracted map, replaced."""

    def __init__(self, regex: Regex, source: str, template: Template) -> None:
        self._regex, self._source, self._template = regex, source, template
        self._names = {number: name for name, number in regex.names.items()}
        self.uses = names([source])
        self.produces = frozenset(regex.names)

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            text = text_of(row, self._source)
            if text:
                self._replace(row, text)
        return rows

    def _replace(self, row: Row, text: str) -> None:
        data = text.encode("utf-8", "replace")
        pieces: list[bytes] = []
        done = 0
        for spans in self._regex.all_spans(data):
            for number, (begin, end) in enumerate(spans):
                if (number == 0 and len(spans) > 1) or begin < done:
                    continue
                replaced = self._rendered(row, data[begin:end].decode("utf-8", "replace"))
                if number in self._names:
                    row.extracted[self._names[number]] = replaced
                pieces += (data[done:begin], replaced.encode("utf-8", "replace"))
                done = end
        if not pieces:
            return
        result = b"".join((*pieces, data[done:])).decode("utf-8", "replace")
        if self._source:
            row.extracted[self._source] = result
        else:
            row.line = result

    def _rendered(self, row: Row, value: str) -> str:
        try:
            return self._template.render({**row.extracted, "Value": value})
        except TemplateError:
            return value


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``replace``."""
    section = parent.section("replace")
    regex, source = read_regex(section, "expression", required=True), section.text("source")
    template = read_template(section, "replace")
    section.finish()
    return ReplaceStage(regex, source, template) if regex and template else None
