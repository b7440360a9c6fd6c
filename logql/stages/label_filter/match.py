"""``name="text"``, ``!=``, ``=~``, ``!~``: the label as it is; a missing label is the empty text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.ast import Matcher
from logql.labels import LabelState
from logql.values.regex import compile_regex

__all__ = ["filtered_rows", "matching_rows"]


def matching_rows(matcher: Matcher, state: LabelState) -> NDArray[np.bool_]:
    """(rows,) where the matcher passes; each distinct value is tested once."""
    column = state.lookup(matcher.name)
    # The code -1 of a missing label picks the last element.
    passes = [*map(matcher.matches, column.values.to_pylist()), matcher.matches_empty]
    return np.array(passes, np.bool_)[column.codes]


def filtered_rows(matcher: Matcher, state: LabelState) -> NDArray[np.bool_]:
    """As ``matching_rows``, but ``.`` does not match newline: so it is in label filters, other than in selectors."""
    if not matcher.op.is_regex:
        return matching_rows(matcher, state)
    regex, column = compile_regex(matcher.value), state.lookup(matcher.name)
    values = [*column.values.to_pylist(), ""]
    passes = [(regex.fullmatch(value) is None) == matcher.op.is_negative for value in values]
    return np.array(passes, np.bool_)[column.codes]
