"""Asking the skip filters of a part what a condition leaves of its chunks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from logql.ast import Stage
from logql.scan.needles.condition import ALWAYS, All, Any, Condition, LabelValue, Text
from logql.scan.needles.stages import stages_condition
from storage.filters import GramKeys, PartFilters
from storage.labels import Labels

__all__ = ["Needles"]


class Needles:
    """What the rows that pass ``stages`` must hold. Thread-safe."""

    def __init__(self, stages: Sequence[Stage] = ()) -> None:
        self._condition = stages_condition(stages)
        self._keys = cache(lambda text: GramKeys.of(text.encode()))

    def __bool__(self) -> bool:
        """Whether there is anything to ask for."""
        return self._condition != ALWAYS

    def possible(self, filters: PartFilters, streams: Sequence[Labels]) -> NDArray[np.bool_]:
        """(chunks,) False where no row can pass; ``streams`` are those of the part that ``filters`` belong to."""
        return self._possible(self._condition, filters, streams)

    def _possible(self, condition: Condition, filters: PartFilters, streams: Sequence[Labels]) -> NDArray[np.bool_]:
        match condition:
            case Text(text):
                return filters.may_hold(self._keys(text))
            case LabelValue(name, _) if any(name in labels for labels in streams):
                return np.ones(len(filters), np.bool_)
            case LabelValue(_, value):
                return self._possible(value, filters, streams) | filters.hides_text
            case All(parts):
                met: NDArray[np.bool_] = np.ones(len(filters), np.bool_)
                for part in parts:
                    met &= self._possible(part, filters, streams)
                return met
            case Any(parts):
                met = np.zeros(len(filters), np.bool_)
                for part in parts:
                    met |= self._possible(part, filters, streams)
                return met
