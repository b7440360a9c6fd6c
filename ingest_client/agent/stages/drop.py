"""``drop``: lines for which all given conditions hold go no further."""

from __future__ import annotations

from dataclasses import dataclass

from ingest_client.agent.config.section import Section
from ingest_client.agent.regex import Regex
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.regex import read_regex
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["Conditions", "DropStage", "build"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What makes a line go; an empty condition holds always. Ages in nanoseconds, lengths in bytes."""

    sources: tuple[str, ...]
    separator: str
    value: str
    regex: Regex | None
    older_than_ns: int
    longer_than_bytes: int


class DropStage(Stage):
    """Counts what it drops by its reason."""

    def __init__(self, conditions: Conditions, reason: str, context: Context) -> None:
        self._conditions, self._reason, self._context = conditions, reason, context
        self.uses = frozenset(conditions.sources)

    def process(self, rows: list[Row]) -> list[Row]:
        now_ns = self._context.now_ns()
        kept = [row for row in rows if not self._drops(row, now_ns)]
        self._context.dropped[self._reason] += len(rows) - len(kept)
        return kept

    def _drops(self, row: Row, now_ns: int) -> bool:
        asked = self._conditions
        if asked.older_than_ns and now_ns - row.ts_ns <= asked.older_than_ns:
            return False
        if asked.longer_than_bytes and len(row.line.encode("utf-8", "replace")) <= asked.longer_than_bytes:
            return False
        if not asked.sources:
            return asked.regex is None or asked.regex.is_in(row.line)
        texts = [as_text(row.extracted.get(source)) for source in asked.sources]
        if None in texts:
            return False
        text = asked.separator.join(each or "" for each in texts)
        if asked.value and text != asked.value:
            return False
        return asked.regex is None or asked.regex.is_in(text)


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``drop``."""
    section = parent.section("drop")
    conditions = Conditions(
        tuple(section.texts("source")),
        section.text("separator", ";"),
        section.text("value"),
        read_regex(section, "expression"),
        round(section.duration_s("older_than", 0.0) * 1e9),
        section.size_bytes("longer_than", 0),
    )
    reason = section.text("drop_counter_reason", "drop_stage")
    given = [section.has(name) for name in ("source", "expression", "older_than", "longer_than")]
    section.finish()
    if not any(given):
        section.mistake("give at least one of source, expression, older_than and longer_than")
    if conditions.value and not conditions.sources:
        section.mistake("needs source, the extracted value to compare with", "value")
    if conditions.value and conditions.regex:
        section.mistake("give value or expression, not both")
    return DropStage(conditions, reason, context)
