"""Devices that are not there: NVML's functions over a table, and the files of a Jetson board."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

__all__ = ["NvmlError", "SimulatedNvml", "write_board"]


class NvmlError(Exception):
    """What NVML raises for what it does not support."""


@dataclass
class SimulatedNvml:
    """The part of ``pynvml`` that is read; functions named in ``unsupported`` raise, ``bits`` are throttle reasons."""

    count: int = 2
    bits: int = 0
    unsupported: set[str] = field(default_factory=set)
    is_closed: bool = False
    # Of a GPU: its index, None for one that fell off the bus.
    xids: list[tuple[int | None, int]] = field(default_factory=list)
    events: list[object] = field(default_factory=list)
    nvmlEventTypeXidCriticalError = 8
    NVML_TEMPERATURE_GPU = 0
    NVML_CLOCK_SM = 1
    NVML_CLOCK_MEM = 2

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("nvml") or name not in _ANSWERS:
            raise AttributeError(name)
        if name in self.unsupported:
            return self._refuse
        return lambda *arguments: _ANSWERS[name](self, *arguments)

    def next_xid(self, timeout_ms: int) -> SimpleNamespace:
        """The oldest error; as NVML does, none is an error too. Waiting would stop the agent."""
        if timeout_ms or not self.xids:
            raise NvmlError("Timeout")
        device, number = self.xids.pop(0)
        return SimpleNamespace(device=device, eventData=number, eventType=8)

    def _refuse(self, *_: object) -> None:
        raise NvmlError("Not Supported")


_ANSWERS: dict[str, Any] = {
    "nvmlDeviceGetCount": lambda nvml: nvml.count,
    "nvmlDeviceGetHandleByIndex": lambda nvml, index: index,
    "nvmlDeviceGetUtilizationRates": lambda nvml, gpu: SimpleNamespace(gpu=87, memory=41),
    "nvmlDeviceGetMemoryInfo": lambda nvml, gpu: SimpleNamespace(used=6 << 30, total=8 << 30),
    "nvmlDeviceGetTemperature": lambda nvml, gpu, kind: 71,
    "nvmlDeviceGetPowerUsage": lambda nvml, gpu: 143_200,
    "nvmlDeviceGetEnforcedPowerLimit": lambda nvml, gpu: 170_000,
    "nvmlDeviceGetClockInfo": lambda nvml, gpu, kind: {1: 1785, 2: 7001}[kind],
    "nvmlDeviceGetPerformanceState": lambda nvml, gpu: 0,
    "nvmlDeviceGetCurrentClocksThrottleReasons": lambda nvml, gpu: nvml.bits,
    "nvmlDeviceGetComputeRunningProcesses": lambda nvml, gpu: [1, 2],
    "nvmlDeviceGetUUID": lambda nvml, gpu: b"GPU-604ac76c",
    "nvmlDeviceGetName": lambda nvml, gpu: "NVIDIA L4",
    "nvmlEventSetCreate": lambda nvml: nvml.events,
    "nvmlEventSetFree": lambda nvml, events: events.clear(),
    "nvmlDeviceRegisterEvents": lambda nvml, gpu, kind, events: events.append((gpu, kind)),
    "nvmlEventSetWait_v2": lambda nvml, events, timeout_ms: nvml.next_xid(timeout_ms),
    "nvmlDeviceGetIndex": lambda nvml, device: device if device is not None else nvml._refuse(),
    "nvmlShutdown": lambda nvml: setattr(nvml, "is_closed", True),
}


def write_board(root: Path, temperature: str = "44562") -> None:
    """The files of a board, below ``root``."""
    files = {
        "sys/devices/platform/gpu.0/load": "870\n",
        "sys/class/devfreq/17000000.gpu/cur_freq": "624750000\n",
        "sys/class/thermal/thermal_zone0/type": "CPU-therm\n",
        "sys/class/thermal/thermal_zone1/type": "GPU-therm\n",
        "sys/class/thermal/thermal_zone1/temp": f"{temperature}\n",
        "proc/meminfo": "MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    400 kB\nHugePages_Total: 0\n",
        "proc/device-tree/model": "NVIDIA Jetson Orin Nano\0",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
