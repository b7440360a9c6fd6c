"""What the evaluation of one metric query shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from logql.cancel import Cancel
from logql.samples.grid import Grid
from logql.scan.tally import Tally
from logql.scan.workers import Workers
from storage.source import Source

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    sources: Sequence[Source]
    grid: Grid
    workers: Workers
    cancel: Cancel
    tally: Tally
    budget_bytes: int
