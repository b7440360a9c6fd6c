"""The condition that the stages of a query put on the lines, metadata and stream labels as they are stored.

Stages count up to the first that changes lines; label filters only up to one that writes labels. A label that no stream
has comes from metadata or out of the line, so its value stands there, whatever the parser is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logql.ast import (
    LabelFilter,
    LabelFilterAnd,
    LabelFilterMatch,
    LabelFilterOr,
    LabelFilterStage,
    LabelFormat,
    LineFilter,
    LineFilterOp,
    LineIp,
    LineText,
    Matcher,
    Stage,
)
from logql.scan.needles.condition import ALWAYS, Condition, LabelValue, Text, all_of, any_of, with_texts
from logql.scan.needles.regex import regex_condition
from logql.stages.order import changes_lines
from storage.filters import plain_pieces

__all__ = ["stages_condition"]

_GAP = "<_>"
_OWN = "__"  # names that begin so are no part of what was stored, such as __error__


def stages_condition(stages: Sequence[Stage]) -> Condition:
    """True of every row that passes ``stages``."""
    return all_of(_conditions(stages))


def _conditions(stages: Sequence[Stage]) -> Iterator[Condition]:
    keeps_labels = True
    for stage in stages:
        if changes_lines(stage):
            return
        if isinstance(stage, LineFilter):
            yield _of_line(stage)
        elif isinstance(stage, LabelFormat):
            keeps_labels = False
        elif isinstance(stage, LabelFilterStage) and keeps_labels:
            yield _of_labels(stage.label_filter)


def _of_line(line_filter: LineFilter) -> Condition:
    if line_filter.op.is_negative:
        return ALWAYS
    return any_of(_of_alternative(line_filter.op, each) for each in line_filter.alternatives)


def _of_alternative(op: LineFilterOp, alternative: LineText | LineIp) -> Condition:
    if isinstance(alternative, LineIp):
        return ALWAYS
    text = alternative.text
    if op is LineFilterOp.MATCHES:
        return regex_condition(text)
    words = text.split(_GAP) if op is LineFilterOp.PATTERN else [text]
    return all_of(Text(word) for word in words if word)


def _of_labels(label_filter: LabelFilter) -> Condition:
    match label_filter:
        case LabelFilterAnd(filters):
            return all_of(map(_of_labels, filters))
        case LabelFilterOr(filters):
            return any_of(map(_of_labels, filters))
        case LabelFilterMatch(matcher):
            return _of_matcher(matcher)
        case _:
            return ALWAYS


def _of_matcher(matcher: Matcher) -> Condition:
    if matcher.op.is_negative or matcher.name.startswith(_OWN) or matcher.matches_empty:
        return ALWAYS
    value = regex_condition(matcher.value) if matcher.op.is_regex else Text(matcher.value)
    return with_texts(LabelValue(matcher.name, value), lambda text: all_of(map(Text, plain_pieces(text))))
