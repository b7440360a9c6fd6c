"""Readings on the ``/metrics`` page, under the names of NVIDIA's DCGM exporter, whose dashboards work, and our own."""

from __future__ import annotations

from collections.abc import Iterable

from ingest_client.agent.gpu.reading import GpuReading
from ingest_client.agent.metrics import Registry

__all__ = ["expose"]

_MIB = 1 << 20
# A GPU that does not answer any more is off the page after this.
_MAX_IDLE_S = 120.0


def expose(registry: Registry, readings: Iterable[GpuReading], host: str) -> None:
    """Set the gauges of each reading; values that are not told are left out."""
    for reading in readings:
        labels = {"gpu": reading.gpu, "UUID": reading.uuid or "", "modelName": reading.name or "", "Hostname": host}
        if reading.source:
            labels["source"] = reading.source
        labels["device"] = f"nvidia{reading.gpu}"
        own = {"gpu": reading.gpu, "host": host}
        for name, value in _of_dcgm(reading):
            if value is not None:
                registry.family(name, name, "gauge", max_idle_s=_MAX_IDLE_S).set(value, labels)
        for name, value in _of_ours(reading):
            if value is not None:
                registry.family(f"ingest_gpu_{name}", name, "gauge", max_idle_s=_MAX_IDLE_S).set(value, own)


def _of_dcgm(reading: GpuReading) -> Iterable[tuple[str, float | None]]:
    used, total = reading.mem_used_bytes, reading.mem_total_bytes
    yield "DCGM_FI_DEV_GPU_UTIL", reading.gpu_util
    yield "DCGM_FI_DEV_MEM_COPY_UTIL", reading.mem_util
    yield "DCGM_FI_DEV_FB_USED", None if used is None else used // _MIB
    yield "DCGM_FI_DEV_FB_FREE", None if used is None or total is None else (total - used) // _MIB
    yield "DCGM_FI_DEV_GPU_TEMP", reading.temp_c
    yield "DCGM_FI_DEV_POWER_USAGE", reading.power_w
    yield "DCGM_FI_DEV_SM_CLOCK", reading.sm_mhz
    yield "DCGM_FI_DEV_MEM_CLOCK", reading.mem_mhz


def _of_ours(reading: GpuReading) -> Iterable[tuple[str, float | None]]:
    yield "utilization_ratio", None if reading.gpu_util is None else reading.gpu_util / 100
    yield "memory_used_bytes", reading.mem_used_bytes
    yield "temperature_celsius", reading.temp_c
    yield "power_watts", reading.power_w
