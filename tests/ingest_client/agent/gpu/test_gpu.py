"""Readings of simulated GPUs: the line, the page, and what a device does not tell."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from ingest_client.agent.config.model import GpuConfig
from ingest_client.agent.gpu.jetson import open_jetson
from ingest_client.agent.gpu.job import GpuJob
from ingest_client.agent.gpu.nvml import NvmlDevice, open_nvml, throttle_reasons
from ingest_client.agent.gpu.tegrastats import TegrastatsDevice, parse_tegrastats
from ingest_client.agent.metrics import Registry
from tests.ingest_client.agent.gpu.simulated import SimulatedNvml, write_board

ORIN = (
    "04-11-2025 10:36:27 RAM 4321/62801MB (lfb 1759x4MB) SWAP 19/31400MB (cached 0MB) CPU [0%@729] EMC_FREQ 0%@2133 "
    "GR3D_FREQ 12%@[305,0] VIC_FREQ 729 CV0@-256C CPU@44.562C Tboard@32C gpu@41.5C VDD_GPU_SOC 2391mW/2391mW"
)
TX2 = "RAM 2020/7852MB (lfb 1164x4MB) CPU [9%@345] EMC_FREQ 0% GR3D_FREQ 0% PLL@42.5C GPU@-256C VDD_SYS_GPU 153/158"


def test_nvml_tells_everything() -> None:
    first, second = NvmlDevice(SimulatedNvml(bits=0x4)).read()
    assert (first.gpu, second.gpu) == ("0", "1")
    assert json.loads(first.line()) == {
        "gpu_util": 87,
        "mem_util": 41,
        "mem_used_bytes": 6442450944,
        "mem_total_bytes": 8589934592,
        "temp_c": 71,
        "power_w": 143.2,
        "power_limit_w": 170.0,
        "sm_mhz": 1785,
        "mem_mhz": 7001,
        "pstate": 0,
        "throttle": "sw_power_cap",
        "procs": 2,
        "uuid": "GPU-604ac76c",
        "name": "NVIDIA L4",
    }


@pytest.mark.parametrize(
    ("function", "missing"),
    [
        ("nvmlDeviceGetUtilizationRates", {"gpu_util", "mem_util"}),
        ("nvmlDeviceGetMemoryInfo", {"mem_used_bytes", "mem_total_bytes"}),
        ("nvmlDeviceGetPowerUsage", {"power_w"}),
        ("nvmlDeviceGetTemperature", {"temp_c"}),
        ("nvmlDeviceGetCurrentClocksThrottleReasons", {"throttle"}),
        ("nvmlDeviceGetComputeRunningProcesses", {"procs"}),
    ],
)
def test_what_nvml_does_not_support_costs_one_value(function: str, missing: set[str]) -> None:
    whole, some = (NvmlDevice(SimulatedNvml(1, unsupported=names)).read()[0].line() for names in (set(), {function}))
    assert json.loads(whole).keys() - json.loads(some).keys() == missing


def test_a_gpu_that_fell_off_the_bus_is_left_out() -> None:
    assert NvmlDevice(SimulatedNvml(unsupported={"nvmlDeviceGetHandleByIndex"})).read() == []
    assert NvmlDevice(SimulatedNvml(unsupported={"nvmlDeviceGetCount"})).read() == []


def test_without_a_driver_there_is_no_nvml() -> None:
    assert open_nvml() is None


@pytest.mark.parametrize(("bits", "text"), [(0, ""), (1, ""), (0x24, "sw_power_cap,sw_thermal"), (0x80, "power_brake")])
def test_throttle_reasons(bits: int, text: str) -> None:
    assert throttle_reasons(bits) == text


def test_a_board_tells_through_its_files(tmp_path: Path) -> None:
    assert open_jetson(tmp_path) is None
    write_board(tmp_path)
    device = open_jetson(tmp_path)
    assert device is not None
    (reading,) = device.read()
    assert (reading.gpu_util, reading.temp_c, reading.sm_mhz) == (87.0, 44.562, 624)
    assert (reading.mem_used_bytes, reading.mem_total_bytes) == (600 * 1024, 1000 * 1024)
    assert (reading.name, reading.source) == ("NVIDIA Jetson Orin Nano", "jetson")


def test_a_sensor_that_is_off_tells_nothing(tmp_path: Path) -> None:
    write_board(tmp_path, "-256000")
    device = open_jetson(tmp_path)
    assert device is not None
    assert device.read()[0].temp_c is None


def test_lines_of_tegrastats() -> None:
    orin, old = parse_tegrastats(ORIN), parse_tegrastats(TX2)
    assert orin is not None
    assert old is not None
    assert (orin.gpu_util, orin.sm_mhz, orin.temp_c, orin.power_w) == (12.0, 305, 41.5, 2.391)
    assert (orin.mem_used_bytes, orin.mem_total_bytes) == (4321 << 20, 62801 << 20)
    assert (old.gpu_util, old.sm_mhz, old.temp_c, old.power_w) == (0.0, None, None, 0.153)
    assert parse_tegrastats("not a line of it") is None


def test_tegrastats_is_followed(tmp_path: Path) -> None:
    program = tmp_path / "tegrastats"
    program.write_text(f"#!/bin/sh\necho broken\necho '{TX2}'\necho '{ORIN}'\nexec sleep 30\n")
    program.chmod(0o755)
    device = TegrastatsDevice([str(program)])
    deadline_s = time.monotonic() + 10
    while not (readings := device.read()) or readings[0].gpu_util != 12.0:
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
    assert device.read() == []
    device.close()


def test_a_line_for_each_gpu_and_interval_and_one_for_a_change_of_clocks() -> None:
    now_s, nvml, registry = [100.0], SimulatedNvml(), Registry()
    job = GpuJob(GpuConfig(True, 5.0, {"host": "edge"}), [NvmlDevice(nvml)], registry, lambda: now_s[0])
    (rows,) = job.read(1)
    assert [row.labels for row in rows] == [{"job": "gpu-metrics", "host": "edge", "gpu": gpu} for gpu in "01"]
    now_s[0] += 4
    assert list(job.read(1)) == []
    now_s[0] += 1
    nvml.bits = 0x20
    (rows,) = job.read(1)
    assert [row.metadata.get("event") for row in rows] == [None, "throttle", None, "throttle"]
    assert rows[1].line == "clocks of GPU 0 are held down by: sw_thermal"
    now_s[0] += 500
    assert len(list(job.read(1))) == 1
    assert len(list(job.read(1))) == 0
    job.close()
    assert nvml.is_closed


def test_an_error_of_the_driver_is_a_line_at_once() -> None:
    nvml, now_s = SimulatedNvml(), [100.0]
    job = GpuJob(GpuConfig(True, 5.0, {"host": "edge"}), [NvmlDevice(nvml)], Registry(), lambda: now_s[0])
    assert nvml.events == [(0, 8), (1, 8)]
    list(job.read(1))
    nvml.xids = [(1, 79), (0, 7), (None, 31)]
    (rows,) = job.read(1)
    assert [(row.line, row.labels.get("gpu"), row.metadata["xid"]) for row in rows] == [
        ("Xid 79 on GPU 1: GPU has fallen off the bus", "1", "79"),
        ("Xid 7 on GPU 0", "0", "7"),
        ("Xid 31: GPU memory page fault", None, "31"),
    ]
    assert {(row.metadata["event"], row.metadata["level"]) for row in rows} == {("xid", "error")}
    assert list(job.read(1)) == []
    nvml.xids = [(0, 31)] * 250
    assert [len(rows) for _ in range(3) for rows in job.read(1)] == [100, 100, 50]
    job.close()
    assert nvml.events == []


@pytest.mark.parametrize("missing", ["nvmlEventSetCreate", "nvmlDeviceRegisterEvents"])
def test_a_driver_without_events_has_readings_all_the_same(missing: str) -> None:
    nvml = SimulatedNvml(unsupported={missing}, xids=[(0, 79)])
    device = NvmlDevice(nvml)
    assert device.xids() == []
    assert len(device.read()) == 2
    device.close()


def test_the_page_has_the_names_of_dcgm() -> None:
    registry = Registry()
    job = GpuJob(GpuConfig(True, 5.0, {"host": "edge"}), [NvmlDevice(SimulatedNvml(1))], registry)
    list(job.read(1))
    page = registry.page()
    labels = '{Hostname="edge",UUID="GPU-604ac76c",device="nvidia0",gpu="0",modelName="NVIDIA L4"}'
    for name, value in {
        "DCGM_FI_DEV_GPU_UTIL": "87",
        "DCGM_FI_DEV_FB_USED": "6144",
        "DCGM_FI_DEV_FB_FREE": "2048",
        "DCGM_FI_DEV_GPU_TEMP": "71",
        "DCGM_FI_DEV_POWER_USAGE": "143.2",
        "DCGM_FI_DEV_SM_CLOCK": "1785",
    }.items():
        assert f"{name}{labels} {value}\n" in page
    assert 'ingest_gpu_utilization_ratio{gpu="0",host="edge"} 0.87\n' in page
