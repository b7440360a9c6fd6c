"""What retention would do to the parts of a tenant now: drop whole ones, rewrite mixed ones.

A part is dropped when all of its rows have expired, and rewritten when a whole stream of it has, so the price is paid
once a stream and not once a minute. A row therefore goes at the latest when the last one of its stream in its part
does, and parts hold a day at most; no row goes before its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from storage.part import PartIndex
from storage.retention.policy import Retention

__all__ = ["Action", "Step", "expired_rows", "plan_retention"]


class Action(StrEnum):
    DROP = "drop"
    REWRITE = "rewrite"


@dataclass(frozen=True, slots=True)
class Step:
    """One part that has to go or to shrink, and why. ``rows`` leave by it; for REWRITE at least so many."""

    part: PartIndex
    action: Action
    rows: int
    stored_bytes: int
    reason: str


def plan_retention(parts: Sequence[PartIndex], retention: Retention, now_ns: int, max_bytes: int = 0) -> list[Step]:
    """By age first; then, where ``max_bytes`` is not 0, the oldest of what is left until the rest fits."""
    steps = [] if retention.keeps_everything else list(_expired(parts, retention, now_ns))
    dropped = {step.part.key for step in steps if step.action is Action.DROP}
    left = [part for part in parts if part.key not in dropped]
    return steps + list(_too_much(left, max_bytes))


def expired_rows(stream: NDArray[np.int32], ts: NDArray[np.int64], cutoffs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(rows,) which rows have expired, by the cutoffs of the part's streams."""
    return ts < cutoffs[stream]


def _expired(parts: Iterable[PartIndex], retention: Retention, now_ns: int) -> Iterable[Step]:
    latest_cutoff = now_ns - retention.shortest_ns
    for part in parts:
        if part.min_ts >= latest_cutoff:
            continue  # its rules need not be asked, stream by stream
        gone = part.newest_ts < retention.cutoffs(part.streams, now_ns)
        if not gone.any():
            continue
        rows = sum(int(chunk.rows[gone[chunk.streams]].sum()) for chunk in part.chunks)
        if gone.all():
            yield Step(part, Action.DROP, rows, part.arrow_bytes, "older than its retention period")
        else:
            share = part.arrow_bytes * rows // max(part.rows, 1)
            reason = f"{int(gone.sum())} of {len(gone)} streams are older than their retention periods"
            yield Step(part, Action.REWRITE, rows, share, reason)


def _too_much(parts: Sequence[PartIndex], max_bytes: int) -> Iterable[Step]:
    excess = sum(part.arrow_bytes for part in parts) - max_bytes
    if not max_bytes:
        return
    for part in sorted(parts, key=lambda each: (each.max_ts, each.key)):
        if excess <= 0:
            return
        excess -= part.arrow_bytes
        yield Step(part, Action.DROP, part.rows, part.arrow_bytes, "the oldest, and all parts exceed the size limit")
