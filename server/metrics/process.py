"""The ``process_*`` metrics that dashboards' resource panels read."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["process_metrics"]

_STARTED = time.time()
_STATM = Path("/proc/self/statm")
_DESCRIPTORS = Path("/proc/self/fd")


def process_metrics() -> Iterator[tuple[str, str, str, float]]:
    """Name, kind, help and value of each; those that the system does not tell are left out."""
    times = os.times()
    yield "process_cpu_seconds_total", "counter", "CPU time used, user and system.", times.user + times.system
    yield "process_start_time_seconds", "gauge", "When the process started, Unix time.", _STARTED
    yield "process_max_fds", "gauge", "How many files may be open.", resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if _STATM.exists():
        pages = _STATM.read_text().split()
        page_bytes = resource.getpagesize()
        yield "process_virtual_memory_bytes", "gauge", "Size of the address space.", int(pages[0]) * page_bytes
        yield "process_resident_memory_bytes", "gauge", "Memory in RAM.", int(pages[1]) * page_bytes
        yield "process_open_fds", "gauge", "How many files are open.", len(list(_DESCRIPTORS.iterdir()))
