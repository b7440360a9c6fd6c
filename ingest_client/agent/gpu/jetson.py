"""Jetson boards from sysfs and procfs, which need no package and no root: NVML answers there, but to little."""

from __future__ import annotations

from pathlib import Path

from ingest_client.agent.gpu.reading import GpuReading
from ingest_client.agent.gpu.xids import Xid

__all__ = ["JetsonDevice", "open_jetson"]

_LOADS = ("sys/devices/platform/gpu.0/load", "sys/devices/gpu.0/load", "sys/devices/platform/bus@0/17000000.gpu/load")
_OFF_C = -200.0


def open_jetson(root: Path = Path("/")) -> JetsonDevice | None:
    """The board's GPU; None where there is none."""
    device = JetsonDevice(root)
    return device if device.is_there else None


class JetsonDevice:
    """Paths differ between boards, so they are looked for once. ``root`` is where sys and proc are."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        loads = [root / name for name in _LOADS]
        loads += sorted(root.glob("sys/class/devfreq/*gpu*/device/load")) + sorted(
            root.glob("sys/class/devfreq/*ga10b*/device/load")
        )
        self._load = next((path for path in loads if path.is_file()), None)
        self._clock = next(iter(sorted(root.glob("sys/class/devfreq/*g[ap]*/cur_freq"))), None)
        self._zone = self._gpu_zone()

    @property
    def is_there(self) -> bool:
        """Whether this is a board with a GPU."""
        return self._load is not None

    def read(self) -> list[GpuReading]:
        load, hertz, millidegrees = _number(self._load), _number(self._clock), _number(self._zone)
        total, available = self._memory()
        temp_c = None if millidegrees is None else millidegrees / 1000
        return [
            GpuReading(
                gpu="0",
                gpu_util=None if load is None else load / 10,
                mem_used_bytes=None if total is None or available is None else total - available,
                mem_total_bytes=total,
                temp_c=None if temp_c is None or temp_c < _OFF_C else temp_c,
                sm_mhz=None if hertz is None else hertz // 1_000_000,
                name=self._model(),
                source="jetson",
            )
        ]

    def xids(self) -> list[Xid]:
        """Boards tell them in the kernel's log only."""
        return []

    def close(self) -> None:
        """Files are opened for each reading."""

    def _gpu_zone(self) -> Path | None:
        for path in sorted(self._root.glob("sys/class/thermal/thermal_zone*/type")):
            if "gpu" in _text(path).lower():
                return path.with_name("temp")
        return None

    def _memory(self) -> tuple[int | None, int | None]:
        """The board's memory, which the GPU shares: total and available bytes."""
        sizes = {}
        for line in _text(self._root / "proc/meminfo").splitlines():
            name, _, rest = line.partition(":")
            number = rest.split()[:1]
            if number and number[0].isdigit():
                sizes[name] = int(number[0]) * 1024
        return sizes.get("MemTotal"), sizes.get("MemAvailable")

    def _model(self) -> str | None:
        return _text(self._root / "proc/device-tree/model").strip("\0\n ") or None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _number(path: Path | None) -> int | None:
    text = _text(path).strip() if path is not None else ""
    return int(text) if text.lstrip("-").isdigit() else None
