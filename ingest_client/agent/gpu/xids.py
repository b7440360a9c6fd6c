"""Xid errors as NVML tells them: what the driver writes into the kernel's log, without reading it.

NVML keeps the events until it is asked, so the loop asks now and then and no thread has to wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Xid", "XidEvents"]

# Those that mean something to who runs a model; NVIDIA documents all of them.
_MEANINGS = {
    13: "graphics engine exception",
    31: "GPU memory page fault",
    43: "GPU stopped processing",
    45: "preemptive cleanup after an earlier error",
    48: "double bit ECC error",
    63: "ECC page retirement or row remapping",
    64: "ECC page retirement or row remapping failed",
    74: "NVLink error",
    79: "GPU has fallen off the bus",
    94: "contained ECC error",
    95: "uncontained ECC error",
    119: "GSP timeout",
}
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Xid:
    """One error; ``gpu`` is the index that logs use for it, empty where NVML does not tell."""

    gpu: str
    number: int

    def line(self) -> str:
        """The error in words, as the kernel's log begins it."""
        meaning = _MEANINGS.get(self.number)
        where = f" on GPU {self.gpu}" if self.gpu else ""
        return f"Xid {self.number}{where}{f': {meaning}' if meaning else ''}"


class XidEvents:
    """``nvml`` is the module, initialised. Where it has no events, as on consumer boards, there are none."""

    def __init__(self, nvml: Any) -> None:
        self._nvml, self._events = nvml, None
        try:
            events = nvml.nvmlEventSetCreate()
            for index in range(nvml.nvmlDeviceGetCount()):
                handle = nvml.nvmlDeviceGetHandleByIndex(index)
                nvml.nvmlDeviceRegisterEvents(handle, nvml.nvmlEventTypeXidCriticalError, events)
        except Exception:  # NVMLError, or a release without events
            return
        self._events = events

    def read(self) -> list[Xid]:
        """What happened since the last call, at most a hundred."""
        return list(self._waiting()) if self._events is not None else []

    def close(self) -> None:
        """Let go of the events."""
        events, self._events = self._events, None
        if events is not None:
            self._nvml.nvmlEventSetFree(events)

    def _waiting(self) -> Iterator[Xid]:
        for _ in range(_AT_ONCE):
            try:
                event = self._nvml.nvmlEventSetWait_v2(self._events, 0)
            except Exception:  # NVMLError_Timeout: there is none
                return
            yield Xid(self._index(event.device), int(event.eventData))

    def _index(self, device: Any) -> str:
        try:
            return str(self._nvml.nvmlDeviceGetIndex(device))
        except Exception:  # a GPU that fell off the bus has no index any more
            return ""
