"""GPUs of servers and workstations, through ``nvidia-ml-py``: any call may not be supported, and costs one value."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from ingest_client.agent.gpu.reading import GpuReading
from ingest_client.agent.gpu.xids import Xid, XidEvents

__all__ = ["NvmlDevice", "open_nvml", "throttle_reasons"]

_THROTTLES = {
    0x4: "sw_power_cap",
    0x8: "hw_slowdown",
    0x20: "sw_thermal",
    0x40: "hw_thermal",
    0x80: "power_brake",
}


def open_nvml() -> NvmlDevice | None:
    """The machine's GPUs; None without the package, the driver or a GPU."""
    try:
        nvml = importlib.import_module("pynvml")
        nvml.nvmlInit()
        count = nvml.nvmlDeviceGetCount()
    except Exception:  # the package raises errors of its own, and OSError where the library is broken
        return None
    return NvmlDevice(nvml) if count else None


def throttle_reasons(bits: int) -> str:
    """What holds the clocks down, in words; empty for nothing that matters."""
    return ",".join(name for bit, name in _THROTTLES.items() if bits & bit)


class NvmlDevice:
    """``nvml`` is the module, initialised."""

    def __init__(self, nvml: Any) -> None:
        self._nvml, self._xids = nvml, XidEvents(nvml)

    def read(self) -> list[GpuReading]:
        nvml = self._nvml
        count = _tried(nvml.nvmlDeviceGetCount) or 0
        return [reading for index in range(count) if (reading := self._read(index)) is not None]

    def xids(self) -> list[Xid]:
        return self._xids.read()

    def close(self) -> None:
        self._xids.close()
        _tried(self._nvml.nvmlShutdown)

    def _read(self, index: int) -> GpuReading | None:
        nvml = self._nvml
        handle = _tried(nvml.nvmlDeviceGetHandleByIndex, index)
        if handle is None:
            return None
        rates, memory = _tried(nvml.nvmlDeviceGetUtilizationRates, handle), _tried(nvml.nvmlDeviceGetMemoryInfo, handle)
        reasons = getattr(nvml, "nvmlDeviceGetCurrentClocksEventReasons", None)
        reasons = reasons or nvml.nvmlDeviceGetCurrentClocksThrottleReasons
        bits, processes = _tried(reasons, handle), _tried(nvml.nvmlDeviceGetComputeRunningProcesses, handle)
        return GpuReading(
            gpu=str(index),
            gpu_util=rates.gpu if rates else None,
            mem_util=rates.memory if rates else None,
            mem_used_bytes=memory.used if memory else None,
            mem_total_bytes=memory.total if memory else None,
            temp_c=_tried(nvml.nvmlDeviceGetTemperature, handle, nvml.NVML_TEMPERATURE_GPU),
            power_w=_watts(_tried(nvml.nvmlDeviceGetPowerUsage, handle)),
            power_limit_w=_watts(_tried(nvml.nvmlDeviceGetEnforcedPowerLimit, handle)),
            sm_mhz=_tried(nvml.nvmlDeviceGetClockInfo, handle, nvml.NVML_CLOCK_SM),
            mem_mhz=_tried(nvml.nvmlDeviceGetClockInfo, handle, nvml.NVML_CLOCK_MEM),
            pstate=_tried(nvml.nvmlDeviceGetPerformanceState, handle),
            throttle=throttle_reasons(bits) if bits is not None else None,
            procs=len(processes) if processes is not None else None,
            uuid=_text(_tried(nvml.nvmlDeviceGetUUID, handle)),
            name=_text(_tried(nvml.nvmlDeviceGetName, handle)),
        )


def _tried(call: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except Exception:  # NVMLError: this GPU does not tell, or not at the moment
        return None


def _watts(milliwatts: int | None) -> float | None:
    return None if milliwatts is None else milliwatts / 1000


def _text(value: object) -> str | None:
    """Old releases answer bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else None if value is None else str(value)
