"""``regex``: named groups of an RE2 expression to the extracted map."""

from __future__ import annotations

from ingest_client.agent.config.section import Section
from ingest_client.agent.regex import BadRegex, Regex
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage, names, text_of

__all__ = ["RegexStage", "build", "read_regex"]


class RegexStage(Stage):
    """Lines that do not match go on as they are."""

    def __init__(self, regex: Regex, source: str) -> None:
        self._regex, self._source = regex, source
        self.uses, self.produces = names([source]), frozenset(regex.names)

    def process(self, rows: list[Row]) -> list[Row]:
        groups, source = self._regex.groups, self._source
        for row in rows:
            text = text_of(row, source)
            found = groups(text) if text is not None else None
            if found:
                row.extracted.update((name, value or "") for name, value in found.items())
        return rows


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``regex``."""
    section = parent.section("regex")
    regex = read_regex(section, "expression", required=True)
    source = section.text("source")
    section.boolean("labels_from_groups")
    section.finish()
    if regex is None:
        return None
    if not regex.names:
        section.warn("finds nothing: name at least one group, as in (?P<level>\\w+)", "expression")
    return RegexStage(regex, source)


def read_regex(section: Section, name: str, required: bool = False) -> Regex | None:
    """The expression below a key; None when there is none or a wrong one, which is noted."""
    expression = section.text(name, required=required)
    if not expression:
        return None
    try:
        return Regex(expression)
    except BadRegex as error:
        section.mistake(str(error), name)
        return None
