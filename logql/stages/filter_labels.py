"""``| level="error" and status >= 500``: keeps the entries whose labels pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from logql.ast import LabelFilterStage
from logql.scan.frame import Frame
from logql.stages.label_filter import label_predicate

__all__ = ["label_filter_stage"]


def label_filter_stage(stage: LabelFilterStage) -> Callable[[Frame], Frame]:
    judge = label_predicate(stage.label_filter)

    def apply(frame: Frame) -> Frame:
        passes, state = judge(frame.labels(), np.ones(len(frame), np.bool_))
        return frame.with_labels(state).keep(passes)

    return apply
