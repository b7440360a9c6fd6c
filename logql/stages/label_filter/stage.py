"""A label filter as a function of label states: which rows pass, and which errors came up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from logql.ast import (
    LabelFilter,
    LabelFilterAnd,
    LabelFilterBytes,
    LabelFilterDuration,
    LabelFilterIp,
    LabelFilterMatch,
    LabelFilterNumber,
    LabelFilterOr,
)
from logql.cancel import check_query
from logql.labels import LabelState
from logql.stages.label_filter.compare import compared_rows
from logql.stages.label_filter.ip import ip_rows
from logql.stages.label_filter.match import filtered_rows
from logql.values import parse_byte_size, parse_float, parse_go_duration

__all__ = ["LabelPredicate", "label_predicate"]

Rows = NDArray[np.bool_]
LabelPredicate = Callable[[LabelState, Rows], tuple[Rows, LabelState]]


def label_predicate(label_filter: LabelFilter) -> LabelPredicate:
    """From a state and the rows to judge (others may be answered anyhow) to the rows that pass and the state after."""
    match label_filter:
        case LabelFilterMatch(matcher):
            return lambda state, _: (filtered_rows(matcher, state), state)
        case LabelFilterNumber(name, op, value):
            return lambda state, rows: compared_rows(name, op, value, parse_float, state, rows)
        case LabelFilterDuration(name, op, value_ns):
            return lambda state, rows: compared_rows(name, op, value_ns, parse_go_duration, state, rows)
        case LabelFilterBytes(name, op, value_bytes):
            return lambda state, rows: compared_rows(name, op, value_bytes, parse_byte_size, state, rows)
        case LabelFilterIp():
            return lambda state, _: (ip_rows(label_filter, state), state)
        case LabelFilterAnd(filters):
            return _all([label_predicate(each) for each in filters])
        case LabelFilterOr(filters):
            return _any([label_predicate(each) for each in filters])


def _all(predicates: list[LabelPredicate]) -> LabelPredicate:
    """Every filter judges every row, so that each may mark it with an error."""

    def judge(state: LabelState, rows: Rows) -> tuple[Rows, LabelState]:
        passes = rows
        for predicate in predicates:
            check_query()
            passed, state = predicate(state, rows)
            passes = passes & passed
        return passes, state

    return judge


def _any(predicates: list[LabelPredicate]) -> LabelPredicate:
    """A filter judges the rows that none before it let pass."""

    def judge(state: LabelState, rows: Rows) -> tuple[Rows, LabelState]:
        passes = np.zeros(len(rows), np.bool_)
        for predicate in predicates:
            check_query()
            passed, state = predicate(state, rows & ~passes)
            passes = passes | (passed & rows)
        return passes, state

    return judge
