"""The lines of ``tegrastats``: their form differs by release, so each value is looked for by itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading

from ingest_client.agent.gpu.reading import GpuReading
from ingest_client.agent.gpu.xids import Xid

__all__ = ["TegrastatsDevice", "open_tegrastats", "parse_tegrastats"]

_RAM = re.compile(r"\bRAM (\d+)/(\d+)([kMG])B")
_LOAD = re.compile(r"\bGR3D_FREQ (\d+)%(?:@\[?(\d+))?")
_TEMPERATURE = re.compile(r"\b(?:GPU|gpu)@(-?[\d.]+)C")
_POWER = re.compile(r"\b(?:VDD_GPU_SOC|VDD_CPU_GPU_CV|VDD_SYS_GPU|POM_5V_GPU|VDD_GPU) (\d+)(?:mW)?/\d+")
_UNITS = {"k": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_OFF_C = -200.0
_PROGRAM = "tegrastats"


def parse_tegrastats(line: str) -> GpuReading | None:
    """The reading of a line; None for one that is none. A sensor that is off (-256C) tells nothing."""
    memory = _RAM.search(line)
    if memory is None:
        return None
    load, temperature, power = _LOAD.search(line), _TEMPERATURE.search(line), _POWER.search(line)
    temp_c = float(temperature[1]) if temperature else None
    unit = _UNITS[memory[3]]
    return GpuReading(
        gpu="0",
        gpu_util=float(load[1]) if load else None,
        mem_used_bytes=int(memory[1]) * unit,
        mem_total_bytes=int(memory[2]) * unit,
        temp_c=None if temp_c is None or temp_c < _OFF_C else temp_c,
        power_w=int(power[1]) / 1000 if power else None,
        sm_mhz=int(load[2]) if load and load[2] and load[2] != "0" else None,
        source="jetson",
    )


def open_tegrastats(interval_s: float) -> TegrastatsDevice | None:
    """The running program; None where there is none."""
    path = shutil.which(_PROGRAM)
    if path is None:
        return None
    return TegrastatsDevice([path, "--interval", str(max(100, round(interval_s * 1000)))])


class TegrastatsDevice:
    """A program that writes a line an interval; the last one is the reading."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace"
        )
        self._last: GpuReading | None = None
        self._thread = threading.Thread(target=self._follow, name="tegrastats", daemon=True)
        self._thread.start()

    def read(self) -> list[GpuReading]:
        last, self._last = self._last, None
        return [last] if last is not None else []

    def xids(self) -> list[Xid]:
        """Boards tell them in the kernel's log only."""
        return []

    def close(self) -> None:
        self._process.terminate()
        self._thread.join(5.0)
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _follow(self) -> None:
        for line in self._process.stdout or ():
            self._last = parse_tegrastats(line) or self._last
