"""What the evaluation of one metric query shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logql.ast import RangeAggregation
from logql.cancel import Cancel
from logql.samples.budget import MemoryBudget
from logql.samples.grid import Grid
from logql.samples.label_key import LabelKey
from logql.samples.series_set import SeriesSet
from logql.scan.tally import Tally
from logql.scan.workers import Workers
from storage.source import Source

if TYPE_CHECKING:
    from logql.evaluate.reading import Reading

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """What one evaluation needs, and what it knows already.

    final       the aggregation whose series are those of the answer, if there is one
    max_series  of the answer: beyond it ``final`` may give up at once; 0 means any number
    explained   where readings are noted instead of being carried out; None, the rule, carries them out
    warnings    what the answer has to say beside its series
    known       what range aggregations gave, so that the legs of an operation that share one share its scan
    """

    sources: Sequence[Source]
    grid: Grid
    workers: Workers
    cancel: Cancel
    tally: Tally
    budget: MemoryBudget
    final: RangeAggregation | None = None
    max_series: int = 0
    explained: list[Reading] | None = None
    warnings: list[str] = field(default_factory=list)
    known: dict[tuple[RangeAggregation, LabelKey | None], SeriesSet] = field(default_factory=dict)
