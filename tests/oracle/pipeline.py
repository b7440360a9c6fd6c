"""Stages in their order over one row. Nothing is hoisted, merged or skipped, but what sections 13 and 15 ask for."""

from __future__ import annotations

from typing import assert_never

from logql.ast import (
    Decolorize,
    Drop,
    JsonParser,
    Keep,
    LabelFilterStage,
    LabelFormat,
    LineFilter,
    LineFormat,
    LogfmtParser,
    ParserStage,
    PatternParser,
    RegexpParser,
    Stage,
    UnpackParser,
)
from tests.oracle.filters import passes_label_filter, passes_line_filter
from tests.oracle.formatting import LineUse, decolorize, drop, keep, label_format, line_format
from tests.oracle.json_parser import parse_json, parse_json_expressions, unpack
from tests.oracle.logfmt_parser import parse_logfmt, parse_logfmt_expressions
from tests.oracle.row import Row
from tests.oracle.text_parsers import parse_pattern, parse_regexp

__all__ = ["passes", "without_removed_lines"]


def without_removed_lines(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Quirk 12: a metric query that counts no bytes has no line_format whose line nothing reads, nor its labels."""
    kept: tuple[Stage, ...] = ()
    for stage in reversed(stages):
        if not isinstance(stage, LineFormat) or _use_by(kept) is not None:
            kept = (stage, *kept)
    return kept


def passes(row: Row, stages: tuple[Stage, ...], line_is_result: bool) -> bool:
    """Whether the row passes all stages, which change it. ``line_is_result``: log queries and bytes_*."""
    for number, stage in enumerate(stages):
        match stage:
            case LineFilter():
                if not passes_line_filter(row.line, stage):
                    return False
            case LabelFilterStage(label_filter):
                if not passes_label_filter(row, label_filter):
                    return False
            case LineFormat(template):
                line_format(row, template, LineUse.ALL if line_is_result else _use_by(stages[number + 1 :]))
            case LabelFormat():
                label_format(row, stage)
            case Decolorize():
                decolorize(row)
            case Drop(targets):
                drop(row, targets)
            case Keep(targets):
                keep(row, targets)
            case _:
                _parse_what_is_needed(row, stage)
    return True


def _use_by(later: tuple[Stage, ...]) -> LineUse | None:
    """What becomes of a formatted line in a metric query that does not count its bytes; None: nothing reads it."""
    if any(isinstance(stage, LineFilter | ParserStage) for stage in later):
        return LineUse.ALL
    return LineUse.SOME if any(_may_read_line(stage) for stage in later) else None


def _may_read_line(stage: Stage) -> bool:
    return isinstance(stage, Decolorize) or (isinstance(stage, LineFormat | LabelFormat) and "__line__" in str(stage))


def _parse_what_is_needed(row: Row, stage: ParserStage) -> None:
    """Section 13: where no label is needed parsers are skipped with their errors; unpack still changes the line."""
    if not row.needed.is_nothing:
        _parse(row, stage)
    elif isinstance(stage, UnpackParser):
        slots = row.error, row.error_details, row.is_parser_error
        unpack(row)
        row.error, row.error_details, row.is_parser_error = slots


def _parse(row: Row, stage: ParserStage) -> None:
    match stage:
        case JsonParser(()):
            parse_json(row)
        case JsonParser(extractions):
            parse_json_expressions(row, extractions)
        case LogfmtParser():
            (parse_logfmt_expressions if stage.extractions else parse_logfmt)(row, stage)
        case RegexpParser(pattern):
            parse_regexp(row, pattern)
        case PatternParser(pattern):
            parse_pattern(row, pattern)
        case UnpackParser():
            unpack(row)
        case _:
            assert_never(stage)
