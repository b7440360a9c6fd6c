"""Sections 5 and 7: line filters and label filters."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from logql.ast import (
    Comparison,
    LabelFilter,
    LabelFilterAnd,
    LabelFilterBytes,
    LabelFilterDuration,
    LabelFilterIp,
    LabelFilterMatch,
    LabelFilterNumber,
    LabelFilterOr,
    LineFilter,
    LineFilterOp,
    LineIp,
    LineText,
    Matcher,
)
from logql.values import parse_byte_size, parse_float, parse_go_duration
from tests.oracle.addresses import holds_address
from tests.oracle.regexes import compiled
from tests.oracle.row import Row
from tests.oracle.text_parsers import split_pattern

__all__ = ["passes_label_filter", "passes_line_filter"]

_COMPARE: Mapping[Comparison, Callable[[float, float], bool]] = {
    Comparison.EQ: operator.eq,
    Comparison.NEQ: operator.ne,
    Comparison.GT: operator.gt,
    Comparison.GE: operator.ge,
    Comparison.LT: operator.lt,
    Comparison.LE: operator.le,
}


def passes_line_filter(line: str, line_filter: LineFilter) -> bool:
    return line_filter.op.is_negative != any(_holds(line, line_filter.op, each) for each in line_filter.alternatives)


def _holds(line: str, op: LineFilterOp, alternative: LineText | LineIp) -> bool:
    if isinstance(alternative, LineIp):
        return holds_address(line, alternative.pattern)
    if op in (LineFilterOp.CONTAINS, LineFilterOp.NOT_CONTAINS):
        return alternative.text in line
    if op in (LineFilterOp.MATCHES, LineFilterOp.NOT_MATCHES):
        return compiled(alternative.text).search(line) is not None
    return _fits_line_pattern(line, alternative.text)


def _fits_line_pattern(line: str, pattern: str) -> bool:
    """Section 5.2: greedy and without backtracking."""
    if not pattern:
        return not line
    literals = split_pattern(pattern)[::2]
    position = 0
    for number, literal in enumerate(literals):
        if not literal:
            continue
        place = line.find(literal, position)
        if place < 0 or (number > 0 and place == position):
            return False
        position = place + len(literal)
    return position == len(line) if literals[-1] else position < len(line)


def passes_label_filter(row: Row, label_filter: LabelFilter) -> bool:
    match label_filter:
        case LabelFilterAnd(filters):
            answers = [passes_label_filter(row, each) for each in filters]  # all of them run: they may record errors
            return all(answers)
        case LabelFilterOr(filters):
            return any(passes_label_filter(row, each) for each in filters)
        case LabelFilterMatch(matcher):
            return _text_matches(row.text_of(matcher.name), matcher)
        case LabelFilterIp(name, negated, pattern):
            value = row.get(name)
            if row.error or value is None:
                return bool(row.error)
            return holds_address(value, pattern) != negated
        case LabelFilterNumber(name, op, number):
            return _compares(row, name, op, number, parse_float)
        case LabelFilterDuration(name, op, duration_ns):
            return _compares(row, name, op, duration_ns, parse_go_duration)
        case LabelFilterBytes(name, op, size_bytes):
            return _compares(row, name, op, size_bytes, parse_byte_size)


def _text_matches(text: str, matcher: Matcher) -> bool:
    """Regular expressions match the whole text; ``.`` is no newline here, unlike in stream matchers."""
    if not matcher.op.is_regex:
        return matcher.matches(text)
    return (compiled(matcher.value).fullmatch(text) is not None) != matcher.op.is_negative


def _compares(row: Row, name: str, op: Comparison, limit: float, convert: Callable[[str], float]) -> bool:
    text = row.get(name)
    if text is None:
        return False
    try:
        return _COMPARE[op](convert(text), limit)
    except ValueError as error:
        if not row.error:
            row.fail("LabelFilterErr", str(error))
        return True
