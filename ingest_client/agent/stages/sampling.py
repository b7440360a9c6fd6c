"""``sampling``: keeps a share of the lines."""

from __future__ import annotations

import random
from collections.abc import Callable

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["SamplingStage", "build"]


class SamplingStage(Stage):
    """``rate`` is the share that goes on, 0 to 1; ``random_unit`` returns a float in [0, 1)."""

    def __init__(self, rate: float, reason: str, context: Context, random_unit: Callable[[], float]) -> None:
        self._rate, self._reason, self._context, self._random_unit = rate, reason, context, random_unit

    def process(self, rows: list[Row]) -> list[Row]:
        kept = [row for row in rows if self._random_unit() < self._rate]
        self._context.dropped[self._reason] += len(rows) - len(kept)
        return kept


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``sampling``."""
    section = parent.section("sampling")
    rate = section.number("rate", -1.0)
    if not 0 <= rate <= 1:
        section.mistake("a share from 0 to 1 is needed", "rate")
    stage = SamplingStage(rate, section.text("drop_counter_reason", "sampling_stage"), context, random.random)
    section.finish()
    return stage
