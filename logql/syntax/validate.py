"""Checks of the stages before they run: what a query may be formatted with, but not executed.

Errors quote the stage: ``stage '|~ "("' : error parsing regexp: ...``. Line filters are tested together with the other
line filters of their group (stages up to the next label filter, line_format or unpack), so they are quoted together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, assert_never

from logql.ast import (
    Decolorize,
    Drop,
    Expr,
    JsonParser,
    Keep,
    LabelFilter,
    LabelFilterAnd,
    LabelFilterIp,
    LabelFilterOr,
    LabelFilterStage,
    LabelFormat,
    LabelTemplate,
    LineFilter,
    LineFilterOp,
    LineFormat,
    LineIp,
    LogfmtParser,
    LogQuery,
    PatternParser,
    RegexpParser,
    Stage,
    UnpackParser,
    Unwrap,
    walk,
)
from logql.errors import ParseError
from logql.syntax.ip_pattern import IpPattern
from logql.syntax.json_expression import parse_json_expression
from logql.syntax.logfmt_expression import parse_logfmt_expression
from logql.syntax.pattern_expression import PatternExpression
from logql.template import Template, TemplateSyntaxError
from logql.values.regex import compile_regex

__all__ = ["validate"]

_ERROR_LABEL = "__error__"


def validate(expr: Expr) -> None:
    """Raises ParseError for the first stage that cannot run."""
    for node, _ in walk(expr):
        if isinstance(node, LogQuery):
            _validate_pipeline(node.stages)
        elif isinstance(node, Unwrap):
            for label_filter in node.filters:
                _check(f"| {label_filter}", LabelFilterStage(label_filter))


def _validate_pipeline(stages: tuple[Stage, ...]) -> None:
    for group in _groups(stages):
        filters = [stage for stage in group if isinstance(stage, LineFilter)]
        quoted = " ".join(map(str, filters))
        for line_filter in filters:
            _check(quoted, line_filter)
        for stage in group:
            if not isinstance(stage, LineFilter):
                _check(str(stage), stage)


def _groups(stages: tuple[Stage, ...]) -> Iterator[list[Stage]]:
    group: list[Stage] = []
    for stage in stages:
        group.append(stage)
        if isinstance(stage, LabelFilterStage | LineFormat | UnpackParser):
            yield group
            group = []
    yield group


def _check(quoted: str, stage: Stage) -> None:
    try:
        _check_stage(stage)
    except ValueError as error:
        raise ParseError(f"stage '{quoted}' : {error}") from error


def _check_stage(stage: Stage) -> None:
    match stage:
        case LineFilter():
            _check_line_filter(stage)
        case JsonParser():
            for extraction in stage.extractions:
                parse_json_expression(extraction.expression)
        case LogfmtParser():
            for extraction in stage.extractions:
                parse_logfmt_expression(extraction.expression)
        case LabelFilterStage():
            _check_label_filter(stage.label_filter)
        case LabelFormat():
            _check_label_format(stage)
        case LineFormat():
            _check_template("invalid line template", stage.template, "line")
        case RegexpParser() | PatternParser() | UnpackParser() | Decolorize() | Drop() | Keep():
            return
        case _:
            assert_never(stage)


def _check_line_filter(stage: LineFilter) -> None:
    for alternative in stage.alternatives:
        if isinstance(alternative, LineIp):
            if stage.op not in (LineFilterOp.CONTAINS, LineFilterOp.NOT_CONTAINS):
                raise ValueError("ip: invalid operation")
            IpPattern.parse(alternative.pattern)
        elif stage.op in (LineFilterOp.MATCHES, LineFilterOp.NOT_MATCHES):
            compile_regex(alternative.text)
        elif stage.op in (LineFilterOp.PATTERN, LineFilterOp.NOT_PATTERN):
            PatternExpression.for_line_filter(alternative.text)


def _check_label_filter(label_filter: LabelFilter) -> None:
    """Also inside and/or, where the reference lets a broken pattern match nothing without a word."""
    match label_filter:
        case LabelFilterIp():
            IpPattern.parse(label_filter.pattern)
        case LabelFilterAnd() | LabelFilterOr():
            for inner in label_filter.filters:
                _check_label_filter(inner)


def _check_label_format(stage: LabelFormat) -> None:
    targets: set[str] = set()
    for item in stage.items:
        if item.target == _ERROR_LABEL:
            raise ValueError(f"{_ERROR_LABEL} cannot be formatted")
        if item.target in targets:
            raise ValueError(f"multiple label name '{item.target}' not allowed in a single format operation")
        targets.add(item.target)
        if isinstance(item, LabelTemplate):
            _check_template(f"invalid template for label '{item.target}'", item.template, "label")


def _check_template(what: str, text: str, kind: Literal["line", "label"]) -> None:
    try:
        Template.parse(text, kind)
    except TemplateSyntaxError as error:
        raise ValueError(f"{what}: {error}") from error
