"""``| drop a, b="x"``: removes labels, with a matcher only where the value matches; clears error slots by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from logql.ast import Drop, Matcher
from logql.labels.start import ERROR, ERROR_DETAILS
from logql.scan.frame import Frame
from logql.stages.label_filter.match import matching_rows

__all__ = ["drop_stage"]


def drop_stage(stage: Drop) -> Callable[[Frame], Frame]:
    def apply(frame: Frame) -> Frame:
        state = frame.labels()
        for target in stage.targets:
            name = target.name if isinstance(target, Matcher) else target
            rows = matching_rows(target, state) if isinstance(target, Matcher) else np.ones(len(frame), np.bool_)
            is_slot = name in (ERROR, ERROR_DETAILS)
            state = state.clear_error(name, rows) if is_slot else state.delete(name, rows)
        return frame.with_labels(state)

    return apply
