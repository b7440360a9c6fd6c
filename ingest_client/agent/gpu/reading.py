"""What a device says at one moment. A value that it does not tell is None and left out of the line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Protocol

from ingest_client.agent.gpu.xids import Xid

__all__ = ["Device", "GpuReading"]


@dataclass(frozen=True, slots=True)
class GpuReading:
    """Units are in the names; utilisations are percent. ``gpu`` is the index that logs use for it too."""

    gpu: str
    gpu_util: float | None = None
    mem_util: float | None = None
    mem_used_bytes: int | None = None
    mem_total_bytes: int | None = None
    temp_c: float | None = None
    power_w: float | None = None
    power_limit_w: float | None = None
    sm_mhz: int | None = None
    mem_mhz: int | None = None
    pstate: int | None = None
    throttle: str | None = None
    procs: int | None = None
    uuid: str | None = None
    name: str | None = None
    source: str | None = None

    def line(self) -> str:
        """The reading as a JSON line."""
        fields = {name: value for name, value in asdict(self).items() if value is not None and name != "gpu"}
        return json.dumps(fields, separators=(",", ":"))


class Device(Protocol):
    """A way to read the GPUs of this machine."""

    def read(self) -> list[GpuReading]:
        """One reading of each GPU; none of those that do not answer."""

    def xids(self) -> list[Xid]:
        """Errors that the driver told of since the last call."""

    def close(self) -> None:
        """Let go of it."""
