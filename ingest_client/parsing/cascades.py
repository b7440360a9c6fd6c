"""Cascades: one CUDA error makes every later call fail. The first after a healthy time is the root, others follow.

Reports of one fault by several libraries of a process share an incident, so that they can be counted as one.
"""

from __future__ import annotations

import hashlib

__all__ = ["Cascades"]

_FOLLOW_NS = 2_000_000_000
_INCIDENT_NS = 5_000_000_000
_CASCADING = {"cuda_error", "oom", "xid", "cuda_init"}
_MAX_PROCESSES = 256


class Cascades:
    """The last fault of each process of one source."""

    def __init__(self, source: str = "") -> None:
        self._source = source
        # By process: time of the last fault, time and name of the incident's first.
        self._last: dict[str, tuple[int, int, str]] = {}

    def judge(self, event: str | None, level: str | None, process: str, ts_ns: int) -> dict[str, str]:
        """``cascade`` and ``incident`` of a line; nothing for lines that are no fault."""
        if event not in _CASCADING or level not in ("error", "critical"):
            return {}
        last_ns, began_ns, incident = self._last.get(process, (0, 0, ""))
        follows = bool(incident) and ts_ns - last_ns <= _FOLLOW_NS
        if not incident or ts_ns - max(began_ns, last_ns) > _INCIDENT_NS:
            began_ns, incident = ts_ns, self._name(process, ts_ns)
        if process not in self._last and len(self._last) >= _MAX_PROCESSES:
            self._last.clear()
        self._last[process] = (ts_ns, began_ns, incident)
        return {"cascade": "follow" if follows else "root", "incident": incident}

    def _name(self, process: str, ts_ns: int) -> str:
        return hashlib.sha256(f"{self._source}\0{process}\0{ts_ns}".encode()).hexdigest()[:12]
