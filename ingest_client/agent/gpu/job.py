"""GPUs as a source: a line for each and each interval, in the stream ``{job="gpu-metrics", host, gpu}``.

Read on the loop's clock and sent by the same queue as the logs, hence aligned with them. A change of what holds the
clocks down is a line of its own, ``event=throttle``, as is an error of the driver, ``event=xid``.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ingest_client.agent.config.model import GpuConfig, ScrapeConfig
from ingest_client.agent.files.tail import Tail
from ingest_client.agent.gpu.exposition import expose
from ingest_client.agent.gpu.jetson import open_jetson
from ingest_client.agent.gpu.nvml import open_nvml
from ingest_client.agent.gpu.reading import Device, GpuReading
from ingest_client.agent.gpu.tegrastats import open_tegrastats
from ingest_client.agent.gpu.xids import Xid
from ingest_client.agent.metrics import Registry
from ingest_client.agent.pipeline import Pipeline
from ingest_client.agent.row import Row

__all__ = ["GpuJob", "find_devices"]

_JOB = "gpu-metrics"


def find_devices(interval_s: float) -> list[Device]:
    """What there is on this machine: NVML, else tegrastats, else sysfs; nothing on one without a GPU."""
    for found in (open_nvml(), open_tegrastats(interval_s), open_jetson()):
        if found is not None:
            return [found]
    return []


class GpuJob:
    """Looks like a job of files. ``monotonic_s`` says when the next reading is due."""

    def __init__(
        self,
        config: GpuConfig,
        devices: Sequence[Device],
        registry: Registry,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config, self.pipeline = ScrapeConfig(_JOB, "gpu"), Pipeline([])
        self._interval_s, self._devices, self._registry = config.interval_s, devices, registry
        self._labels = {"job": _JOB, "host": socket.gethostname(), **config.labels}
        self._monotonic_s = monotonic_s
        self._due_s = monotonic_s()
        self._throttles: dict[str, str] = {}

    @property
    def tails(self) -> list[Tail]:
        """There are no files."""
        return []

    def discover(self) -> None:
        """Devices are found at the start."""

    def read(self, max_bytes: int) -> Iterator[list[Row]]:
        """What went wrong, at once; the readings, when they are due."""
        xids = [self._xid_row(xid) for device in self._devices for xid in device.xids()]
        if xids:
            yield xids
        now_s = self._monotonic_s()
        if now_s < self._due_s:
            return
        # After a pause of the machine one reading is enough.
        next_s = self._due_s + self._interval_s
        self._due_s = next_s if next_s > now_s else now_s + self._interval_s
        readings = [reading for device in self._devices for reading in device.read()]
        expose(self._registry, readings, self._labels["host"])
        yield [row for reading in readings for row in self._rows(reading)]

    def changes(self) -> dict[str, dict[str, Any]]:
        """Devices have no positions."""
        return {}

    def close(self) -> None:
        """Let go of the devices."""
        for device in self._devices:
            device.close()

    def _xid_row(self, xid: Xid) -> Row:
        labels = {**self._labels, "gpu": xid.gpu} if xid.gpu else self._labels
        metadata = {"event": "xid", "level": "error", "xid": str(xid.number)}
        return Row(xid.line(), time.time_ns(), labels, _JOB, metadata)

    def _rows(self, reading: GpuReading) -> Iterator[Row]:
        labels, now_ns = {**self._labels, "gpu": reading.gpu}, time.time_ns()
        yield Row(reading.line(), now_ns, labels, _JOB)
        before, now = self._throttles.get(reading.gpu, ""), reading.throttle or ""
        self._throttles[reading.gpu] = now
        if before != now:
            metadata = {"event": "throttle", "level": "warn" if now else "info"}
            yield Row(
                f"clocks of GPU {reading.gpu} are held down by: {now or 'nothing'}", now_ns + 1, labels, _JOB, metadata
            )
