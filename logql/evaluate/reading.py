"""Reading the rows of a range: the chunks that some window sees, through the pipeline, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from logql.ast import LogRange, Unwrap
from logql.evaluate.context import Context
from logql.evaluate.counting import Counting
from logql.labels.start import ERROR
from logql.samples.grid import Grid
from logql.scan.frame import Frame
from logql.scan.needles import Needles
from logql.scan.selection import Selection
from logql.scan.wanted import wanted_sources
from logql.stages.needed import filtered_names, read_names
from logql.stages.pipeline import Pipeline
from logql.streams import stream_matcher
from storage.counts import Counts
from storage.source import Source

__all__ = ["Reading", "keeps_parser_errors", "read_rows"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read for a range: which rows, through which stages, and whether their lines are looked at.

    ``counting`` spares sources from being read; None where the rows themselves are wanted.
    """

    selection: Selection
    pipeline: Pipeline
    reads_lines: bool
    counting: Counting | None

    @classmethod
    def of(
        cls, log_range: LogRange, grid: Grid, weighs_bytes: bool, names: Collection[str] | None, only_counts: bool
    ) -> Reading:
        """As ``read_rows``; ``only_counts`` when rows may be replaced by cells of counts."""
        pipeline = Pipeline.sampling(log_range.query.stages, _needed(log_range.unwrap, names), weighs_bytes)
        matches, needles = stream_matcher(log_range.query.selector), Needles(log_range.query.stages)
        selection = Selection(matches, *grid.read_window(log_range), needles)
        counting = Counting(log_range, grid, selection.start_ns, names) if only_counts and not pipeline.stages else None
        return cls(selection, pipeline, pipeline.reads_lines or weighs_bytes, counting)


def read_rows(
    log_range: LogRange,
    context: Context,
    weighs_bytes: bool,
    names: Collection[str] | None,
    take: Callable[[int, Frame], None],
    take_counted: Callable[[Frame, Counts], None] | None = None,
) -> None:
    """Call ``take``, from many threads, with rows that left the pipeline and their place in the order of ingestion.

    ``names``: the labels that ``take`` looks at besides those that unwrap reads; None means all. ``take_counted``, for
    who only counts, is called in this thread with cells of counts in place of rows that need not be read.
    """
    reading = Reading.of(log_range, context.grid, weighs_bytes, names, take_counted is not None)
    if context.explained is not None:
        context.explained.append(reading)
        return
    selection, pipeline = reading.selection, reading.pipeline

    def read(task: tuple[int, Source]) -> None:
        order, source = task
        frame = _seen(selection.frame(source), log_range, context)
        context.tally.selected(source, frame, reading.reads_lines)
        frame = pipeline(frame)
        context.tally.passed(len(frame))
        if len(frame):
            take(order, frame)

    wanted = wanted_sources(context.sources, selection, context.tally)
    if reading.counting is not None and take_counted is not None:
        counting, take_cells = reading.counting, take_counted

        def is_counted(source: Source) -> bool:
            context.cancel.check()
            counts = counting.of(source)
            if counts is None:
                return False
            frame = _seen(selection.frame(counts.cells), log_range, context)
            if len(frame):
                take_cells(frame, counts)
            return True

        wanted = [task for task in wanted if not is_counted(task[1])]
    context.tally.will_read([source for _, source in wanted])
    if wanted:
        context.workers.run(wanted, read, context.cancel)


def keeps_parser_errors(log_range: LogRange, names: Collection[str] | None) -> bool:
    """Whether lines that a parser could not read are counted: a query that looks at ``__error__`` deals with them.

    That is for series of which only the labels ``names`` are wanted; those with all labels never carry an error.
    """
    read, needed = read_names(log_range.query.stages), _needed(log_range.unwrap, names)
    return read is not None and needed is not None and ERROR in read | needed


def _needed(unwrap: Unwrap | None, names: Collection[str] | None) -> frozenset[str] | None:
    if names is None:
        return None
    if unwrap is None:
        return frozenset(names)
    return frozenset({*names, unwrap.name}).union(*map(filtered_names, unwrap.filters))


def _seen(frame: Frame, log_range: LogRange, context: Context) -> Frame:
    """Without the rows between two windows: nobody may be told of their errors."""
    if context.grid.sees_all(log_range) or not len(frame):
        return frame
    first, after = context.grid.seen_by(frame.ts(), log_range)
    return frame.keep(first < after)
