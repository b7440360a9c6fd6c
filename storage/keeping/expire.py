"""Carrying out what retention plans: parts dropped, parts rewritten without the rows whose time is over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from storage.merge import Merger
from storage.part import Part
from storage.retention import Action, Retention, Step, expired_rows
from storage.source import Source
from storage.tenant import Tenant

__all__ = ["expire"]

logger = logging.getLogger(__name__)


def expire(tenant: Tenant, steps: Sequence[Step], retention: Retention, now_ns: int, merger: Merger) -> int:
    """Do what was planned; answers how many parts went or shrank. Raises StorageUnavailable."""
    parts = {part.index.key: part for part in tenant.parts}
    for step in steps:
        part = parts[step.part.key]
        merger.rewrite(tenant, part, _nothing if step.action is Action.DROP else _unexpired(part, retention, now_ns))
        logger.info("tenant %s: %s %s: %s", tenant.name, step.action, step.part.key, step.reason)
    return len(steps)


def _nothing(source: Source) -> NDArray[np.bool_]:
    return np.zeros(len(source), np.bool_)


def _unexpired(part: Part, retention: Retention, now_ns: int) -> Callable[[Source], NDArray[np.bool_]]:
    cutoffs = retention.cutoffs(part.index.streams, now_ns)

    def keep(source: Source) -> NDArray[np.bool_]:
        return ~expired_rows(source.stream(), source.ts(), cutoffs)

    return keep
