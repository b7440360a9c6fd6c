"""``name = ip("10.0.0.0/8")``: some address in the label's value is in the range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.ast import LabelFilterIp
from logql.labels import LabelState
from logql.labels.columns import has_value
from logql.labels.start import ERROR
from logql.stages.line_filter.ip import ip_matcher

__all__ = ["ip_rows"]


def ip_rows(label_filter: LabelFilterIp, state: LabelState) -> NDArray[np.bool_]:
    """(rows,) that pass: never without the label, always with an error set before."""
    column = state.lookup(label_filter.name)
    holds = ip_matcher(label_filter.pattern)(column.values) != label_filter.negated
    passes = np.append(holds, False)[column.codes]
    return np.asarray(passes | has_value(state.lookup(ERROR)))
