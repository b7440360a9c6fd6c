"""Which days rows belong to: a flush writes a part for each, and merges join parts of the same.

Rows that are strewn over decades would make a part of every day. They share longer slots: what must stay small is the
number of files of one flush, which anybody who may push decides.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Slot", "slot_of", "slots_of"]

_DAY_NS = 86_400 * 10**9
_LENGTHS_DAYS = (1, 32, 1024, 32_768, 1_048_576)  # the last one is longer than all of time
_MOST_SLOTS = 64  # of one flush


class Slot(NamedTuple):
    """The time from ``number * days`` to ``(number + 1) * days`` days since the epoch."""

    days: int
    number: int

    @property
    def end_s(self) -> int:
        return (self.number + 1) * self.days * 86_400


def slot_of(min_ts: int, max_ts: int) -> Slot:
    """The shortest slot that holds both times."""
    first, last = min_ts // _DAY_NS, max_ts // _DAY_NS
    days = next(days for days in _LENGTHS_DAYS if first // days == last // days or days == _LENGTHS_DAYS[-1])
    return Slot(days, first // days)


def slots_of(ts: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for the slot of each row: days, or the shortest slots of which there are not too many."""
    first_day, last_day = int(ts.min()) // _DAY_NS, int(ts.max()) // _DAY_NS
    if first_day == last_day:
        return np.full(len(ts), first_day)
    day = ts // _DAY_NS
    for days in _LENGTHS_DAYS:
        slots = day // days
        if slots.min() == slots.max() or len(np.unique(slots)) <= _MOST_SLOTS:
            break
    return slots
