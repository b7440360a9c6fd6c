"""``name="text"``, ``!=``, ``=~``, ``!~``: the label as it is; a missing label is the empty text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.ast import Matcher
from logql.labels import LabelState

__all__ = ["matching_rows"]


def matching_rows(matcher: Matcher, state: LabelState) -> NDArray[np.bool_]:
    """(rows,) where the matcher passes; each distinct value is tested once."""
    column = state.lookup(matcher.name)
    # The code -1 of a missing label picks the last element.
    passes = [*map(matcher.matches, column.values.to_pylist()), matcher.matches_empty]
    return np.array(passes, np.bool_)[column.codes]
