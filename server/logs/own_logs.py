"""The server's own log, counted and, if asked, kept: lines wait here until the event loop stores them once a second.

Nothing that logs ever waits for the store; what does not fit is dropped and counted.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from server.logs.events import level_name, logfmt_of
from server.services import Services
from storage.batch import Batch, MetadataColumn
from storage.errors import StorageUnavailable
from storage.labels import Labels

__all__ = ["OwnLogs"]

_LINES_MAX = 10_000
_STREAM = Labels({"job": "skaldlog", "service_name": "skaldlog"})


class OwnLogs(logging.Handler):
    """A handler for the root logger, and ``keep``, the task that empties it."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._waiting: deque[logging.LogRecord] = deque(maxlen=_LINES_MAX)
        self._last_ns = 0

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._waiting) == _LINES_MAX:
            self._services.metrics.server.own_lines_dropped.add(1)
        self._waiting.append(record)

    async def keep(self, interval_s: float = 1.0) -> None:
        """Until cancelled: take what waits, count it, and store it where a tenant is set for it."""
        logging.getLogger().addHandler(self)
        try:
            while True:
                await asyncio.sleep(interval_s)
                await self.take()
        finally:
            logging.getLogger().removeHandler(self)

    async def take(self) -> None:
        """Once. While the store takes nothing the lines are on stderr only."""
        records = [self._waiting.popleft() for _ in range(len(self._waiting))]
        for record in records:
            self._services.metrics.server.own_lines.add(1, level_name(record))
        tenant = self._services.settings.http.log_tenant
        if not tenant or not records or not self._services.database.is_ready:
            return
        try:
            await asyncio.wrap_future(self._services.database.append(tenant, self._batch(records)))
        except (StorageUnavailable, OSError):
            self._services.metrics.server.own_lines_dropped.add(len(records))

    def _batch(self, records: Sequence[logging.LogRecord]) -> Batch:
        levels = MetadataColumn.of([level_name(record) for record in records])
        return Batch(
            (_STREAM,),
            np.zeros(len(records), np.int32),
            self._times(records),
            pa.array([f"level={level_name(record)} {logfmt_of(record)}" for record in records], pa.string()),
            {
                "detected_level": levels,
                "level": levels,
                "logger": MetadataColumn.of([record.name for record in records]),
            },
        )

    def _times(self, records: Sequence[logging.LogRecord]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Strictly increasing, so that equal lines of one moment are all kept."""
        times = np.zeros(len(records), np.int64)
        for row, record in enumerate(records):
            self._last_ns = times[row] = max(int(record.created * 1e9), self._last_ns + 1)
        return times
