"""The stages of a query as one function over frames, with no more work in it than its purpose needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from logql.ast import LabelFilterStage, LabelFormat, LineFilter, Stage
from logql.cancel import check_query
from logql.scan.frame import Frame
from logql.stages.build import build_stage
from logql.stages.line_filter import line_filter_stage
from logql.stages.needed import clears_errors, closed, read_names, reads_errors
from logql.stages.order import changes_lines, hoisted, reads_lines, without_unread_lines

__all__ = ["Pipeline"]


class Pipeline:
    """All of ``stages``; ``needed`` are the labels that must be right afterwards, None meaning all of them.

    Raises QueryError for a stage that cannot be built.
    """

    def __init__(self, stages: Sequence[Stage], needed: frozenset[str] | None = None) -> None:
        read = read_names(stages)
        self._needed = None if needed is None or read is None else closed(needed | read)
        self._stages = [stage for stage in hoisted(stages) if self._needed != frozenset() or _works_without(stage)]
        self._uses_labels = any(not isinstance(stage, LineFilter) for stage in self._stages)
        runs = [list(run) for _, run in groupby(self._stages, key=lambda stage: isinstance(stage, LineFilter))]
        self._steps = [step for run in runs for step in _steps(run, self._needed)]

    @classmethod
    def deciding(cls, stages: Sequence[Stage]) -> Pipeline:
        """What decides which entries of a log query stay: nothing after the last filter, labels only for filters."""
        filters = [number for number, stage in enumerate(stages) if isinstance(stage, LineFilter | LabelFilterStage)]
        deciding = stages[: filters[-1] + 1] if filters else ()
        return cls(deciding, None if reads_errors(deciding) else frozenset())

    @classmethod
    def sampling(cls, stages: Sequence[Stage], needed: frozenset[str] | None, weighs_lines: bool) -> Pipeline:
        """For a metric query; without ``weighs_lines`` a formatted line that nothing reads is not written."""
        return cls(stages if weighs_lines else without_unread_lines(stages), needed)

    def __call__(self, frame: Frame) -> Frame:
        if self._uses_labels and len(frame):
            frame = frame.with_labels(frame.labels(self._needed))
        for step in self._steps:
            if not len(frame):
                break
            check_query()
            frame = step(frame)
        return frame

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What runs, in the order in which it does."""
        return tuple(self._stages)

    @property
    def needed(self) -> frozenset[str] | None:
        """The labels that parsers extract where lines have them; None means all."""
        return self._needed

    @property
    def reads_lines(self) -> bool:
        return any(map(reads_lines, self._stages))

    @property
    def only_filters_lines(self) -> bool:
        """Whether entries leave it with the lines and labels with which they came."""
        return not self._uses_labels


def _works_without(stage: Stage) -> bool:
    """Whether a stage does anything when no label matters: drops lines, changes them, makes or clears errors."""
    return (
        isinstance(stage, LineFilter | LabelFilterStage | LabelFormat) or changes_lines(stage) or clears_errors(stage)
    )


def _steps(run: Sequence[Stage], needed: frozenset[str] | None) -> list[Callable[[Frame], Frame]]:
    """One step for consecutive line filters, one for each other stage."""
    filters = [stage for stage in run if isinstance(stage, LineFilter)]
    return [line_filter_stage(filters)] if filters else [build_stage(stage, needed) for stage in run]
