"""Consecutive line filters as one stage: a row mask over the lines as they are, then one copy of what is left.

Filters commute, so the cheap ones go first and the regexes see only the rows that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logql.ast import LineFilter, LineFilterOp, LineIp, LineText
from logql.cancel import check_query
from logql.scan.frame import Frame
from logql.stages.line_filter.contains import LineMatcher, contains
from logql.stages.line_filter.dense import passing_by_columns
from logql.stages.line_filter.ip import ip_matcher
from logql.stages.line_filter.pattern import pattern_matcher
from logql.stages.line_filter.regex import regex_matcher

__all__ = ["line_filter_stage"]

_COST = {"=": 0, ">": 1, "~": 2}  # by the operator's second character


def line_filter_stage(filters: Sequence[LineFilter]) -> Callable[[Frame], Frame]:
    """A stage that keeps the lines that pass all ``filters`` (at least one)."""
    ordered = sorted(filters, key=lambda each: (_COST[each.op.value[1]], each.op.is_negative))
    cheap = {each: _matcher(each) for each in ordered if not _is_regex(each)}
    regexes = [_matcher(each) for each in ordered if _is_regex(each)]

    def apply(frame: Frame) -> Frame:
        left = []
        for line_filter, matcher in cheap.items():
            passing = passing_by_columns(frame, line_filter)
            if passing is None:
                left.append(matcher)
            else:
                frame = frame.keep(passing)
        frame = _keep_matching(frame, left)
        for regex in regexes:
            frame = _keep_matching(frame, [regex])
        return frame

    return apply


def _keep_matching(frame: Frame, matchers: Sequence[LineMatcher]) -> Frame:
    if not matchers or not len(frame):
        return frame
    lines = frame.line()
    mask = matchers[0](lines)
    for matches in matchers[1:]:
        if not mask.any():
            break
        check_query()
        mask &= matches(lines)
    return frame.keep(mask)


def _is_regex(line_filter: LineFilter) -> bool:
    return line_filter.op in (LineFilterOp.MATCHES, LineFilterOp.NOT_MATCHES)


def _matcher(line_filter: LineFilter) -> LineMatcher:
    alternatives = [_alternative(line_filter.op, each) for each in line_filter.alternatives]
    if line_filter.op.is_negative:
        return lambda lines: ~_any(alternatives, lines)
    return lambda lines: _any(alternatives, lines)


def _any(alternatives: Sequence[LineMatcher], lines: pa.Array) -> NDArray[np.bool_]:
    mask = alternatives[0](lines)
    for matches in alternatives[1:]:
        check_query()
        mask = mask | matches(lines)
    return mask


def _alternative(op: LineFilterOp, alternative: LineText | LineIp) -> LineMatcher:
    if isinstance(alternative, LineIp):
        return ip_matcher(alternative.pattern)
    if op in (LineFilterOp.CONTAINS, LineFilterOp.NOT_CONTAINS):
        return contains(alternative.text)
    if op in (LineFilterOp.PATTERN, LineFilterOp.NOT_PATTERN):
        return pattern_matcher(alternative.text)
    return regex_matcher(alternative.text)
