"""The stages of a log query as one function over frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from logql.ast import LineFilter, Stage
from logql.errors import NotBuilt
from logql.scan.frame import Frame
from logql.stages.line_filter import line_filter_stage

__all__ = ["Pipeline"]


class Pipeline:
    """``stages`` in order. Raises NotBuilt for a stage that cannot be executed yet."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        runs = [list(run) for _, run in groupby(stages, key=lambda stage: isinstance(stage, LineFilter))]
        self._steps = [_step(run) for run in runs]

    def __call__(self, frame: Frame) -> Frame:
        for step in self._steps:
            if not len(frame):
                break
            frame = step(frame)
        return frame

    @property
    def reads_lines(self) -> bool:
        return bool(self._steps)


def _step(run: Sequence[Stage]) -> Callable[[Frame], Frame]:
    """One step for consecutive stages of one kind."""
    filters = [stage for stage in run if isinstance(stage, LineFilter)]
    if not filters:
        raise NotBuilt(f"the stage '{run[0]}'")
    return line_filter_stage(filters)
