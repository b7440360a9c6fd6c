"""``| keep a, b="x"``: removes every other label, and those whose value does not match. Error labels stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from logql.ast import Keep, Matcher
from logql.labels import LabelState
from logql.scan.frame import Frame
from logql.stages.label_filter.match import matching_rows

__all__ = ["keep_stage"]


def keep_stage(stage: Keep) -> Callable[[Frame], Frame]:
    def apply(frame: Frame) -> Frame:
        before = state = frame.labels()
        for name in before.names():
            state = state.delete(name, ~_kept(name, stage.targets, before))
        return frame.with_labels(state)

    return apply


def _kept(name: str, targets: Sequence[str | Matcher], state: LabelState) -> NDArray[np.bool_]:
    """(rows,) where some target names the label and its matcher, if any, passes."""
    if name in targets:
        return np.ones(len(state), np.bool_)
    kept = np.zeros(len(state), np.bool_)
    for target in targets:
        if isinstance(target, Matcher) and target.name == name:
            kept |= matching_rows(target, state)
    return kept
