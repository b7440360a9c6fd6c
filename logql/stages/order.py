"""In which order stages run, and which need not run: rewrites that no answer shows."""

from __future__ import annotations

from collections.abc import Sequence

from logql.ast import (
    Decolorize,
    JsonParser,
    LabelFormat,
    LabelTemplate,
    LineFilter,
    LineFormat,
    LogfmtParser,
    PatternParser,
    RegexpParser,
    Stage,
    UnpackParser,
)
from logql.template import Template

__all__ = ["changes_lines", "hoisted", "reads_lines", "without_unread_lines"]

_PARSERS = (JsonParser, LogfmtParser, PatternParser, RegexpParser, UnpackParser)


def changes_lines(stage: Stage) -> bool:
    return isinstance(stage, LineFormat | UnpackParser | Decolorize)


def reads_lines(stage: Stage) -> bool:
    """Whether the stage looks at the line as it is then."""
    match stage:
        case LineFormat(template):
            return Template.parse(template, "line").reads_line
        case LabelFormat(items):
            texts = (item.template for item in items if isinstance(item, LabelTemplate))
            return any(Template.parse(text, "label").reads_line for text in texts)
        case _:
            return isinstance(stage, (LineFilter, Decolorize, *_PARSERS))


def hoisted(stages: Sequence[Stage]) -> list[Stage]:
    """Line filters as early as the line is what they test: every later stage has fewer rows then."""
    ordered: list[Stage] = []
    first_place = 0
    for stage in stages:
        if isinstance(stage, LineFilter):
            ordered.insert(first_place, stage)
            first_place += 1
            continue
        ordered.append(stage)
        if changes_lines(stage):
            first_place = len(ordered)
    return ordered


def without_unread_lines(stages: Sequence[Stage]) -> list[Stage]:
    """Without each line_format whose line no later stage reads, errors of its template included, as in Loki."""
    kept: list[Stage] = []
    is_read = False
    for stage in reversed(stages):
        if isinstance(stage, LineFormat) and not is_read:
            continue
        is_read = reads_lines(stage) or (is_read and not isinstance(stage, LineFormat))
        kept.append(stage)
    return kept[::-1]
