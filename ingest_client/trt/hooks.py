"""What else TensorRT tells besides its log, for those who ask for it: errors by code, phases of a build, layer times.

Made from the TensorRT package in use, like the logger. They write where the logger writes and, like it, never raise.
"""

from __future__ import annotations

import atexit
import time
from collections import deque
from types import ModuleType
from typing import Any

from ingest_client.client import PushClient

__all__ = ["error_recorder", "layer_profiler", "progress_monitor"]

_MAX_ERRORS = 1024
_STEP_EVERY_S = 5.0


def error_recorder(trt: ModuleType, client: PushClient, pid: str, chain: Any) -> Any:
    """An ``IErrorRecorder`` that forwards: with a recorder set, errors do not reach the logger any more.

    ``chain`` is the recorder that was there, which goes on to be told, and whose word on what is fatal counts.
    """

    class ErrorRecorder(trt.IErrorRecorder):  # type: ignore[name-defined, misc]
        """Keeps the last errors, and tells the client of each."""

        def __init__(self) -> None:
            trt.IErrorRecorder.__init__(self)
            self._errors: deque[tuple[Any, str]] = deque(maxlen=_MAX_ERRORS)
            self._reported = 0

        def report_error(self, code: Any, description: str) -> bool:
            """Forward one error; True asks TensorRT to take it as fatal."""
            try:
                self._errors.append((code, description))
                self._reported += 1
                metadata = {"level": "error", "via": "error_recorder", "error_code": str(int(code)), "pid": pid}
                client.offer(time.time_ns(), description, metadata, important=True, urgent=True)
            except BaseException:
                pass
            try:
                return bool(chain.report_error(code, description)) if chain is not None else True
            except BaseException:
                return True

        def get_num_errors(self) -> int:
            """How many are kept."""
            return len(self._errors)

        def num_errors(self) -> int:
            """The same under the name that readers use."""
            return len(self._errors)

        def get_error_code(self, index: int) -> Any:
            """The code of an error."""
            return self._errors[index][0]

        def get_error_desc(self, index: int) -> str:
            """Its text."""
            return self._errors[index][1]

        def has_overflowed(self) -> bool:
            """Whether some are not kept any more."""
            return self._reported > _MAX_ERRORS

        def clear(self) -> None:
            """Forget what is kept; it was forwarded."""
            self._errors.clear()
            self._reported = 0

    return ErrorRecorder()


def progress_monitor(trt: ModuleType, client: PushClient, pid: str) -> Any:
    """An ``IProgressMonitor`` that tells of the phases of a build, and never ends one."""

    class ProgressMonitor(trt.IProgressMonitor):  # type: ignore[name-defined, misc]
        """Anything but True from ``step_complete`` would cancel the build."""

        def __init__(self) -> None:
            trt.IProgressMonitor.__init__(self)
            self._phases: dict[str, tuple[float, str, int]] = {}
            self._told_at_s = 0.0

        def phase_start(self, phase_name: str, parent_phase: Any, num_steps: int) -> None:
            """A phase begins."""
            try:
                parent = parent_phase or ""
                self._phases[phase_name] = (time.monotonic(), parent, num_steps)
                self._tell(f"{phase_name}: started, {num_steps} steps", phase_name, parent, {})
            except BaseException:
                pass

        def step_complete(self, phase_name: str, step: int) -> bool:
            """A step is done; told every few seconds."""
            try:
                now_s = time.monotonic()
                if now_s - self._told_at_s >= _STEP_EVERY_S:
                    self._told_at_s = now_s
                    _, parent, steps = self._phases.get(phase_name, (now_s, "", 0))
                    self._tell(f"{phase_name}: step {step + 1} of {steps}", phase_name, parent, {"step": str(step)})
            except BaseException:
                pass
            return True

        def phase_finish(self, phase_name: str) -> None:
            """A phase is over, maybe before all of its steps were told."""
            try:
                started_s, parent, _ = self._phases.pop(phase_name, (time.monotonic(), "", 0))
                elapsed_s = f"{time.monotonic() - started_s:.3f}"
                self._tell(f"{phase_name}: finished after {elapsed_s} s", phase_name, parent, {"elapsed_s": elapsed_s})
            except BaseException:
                pass

        def _tell(self, text: str, phase: str, parent: str, more: dict[str, str]) -> None:
            metadata = {"level": "info", "event": "build_phase", "phase": phase, "pid": pid, **more}
            client.offer(time.time_ns(), text, {**metadata, "parent": parent} if parent else metadata)

    return ProgressMonitor()


def layer_profiler(trt: ModuleType, client: PushClient, pid: str, interval_s: float) -> Any:
    """An ``IProfiler`` that sums up: one line for each layer each ``interval_s``, written on the sender's thread."""

    def write(layers: dict[str, list[float]]) -> None:
        ts_ns = time.time_ns()
        for layer, times_ms in layers.items():
            average, largest = sum(times_ms) / len(times_ms), max(times_ms)
            metadata = {"level": "info", "event": "layer_time", "layer": layer, "pid": pid}
            metadata.update(ms_avg=f"{average:.4f}", ms_max=f"{largest:.4f}", n=str(len(times_ms)))
            client.offer(ts_ns, f"{layer}: {average:.4f} ms on average, {largest:.4f} ms at most", metadata)

    class LayerProfiler(trt.IProfiler):  # type: ignore[name-defined, misc]
        """Makes every execution wait for its layers: not for production."""

        def __init__(self) -> None:
            trt.IProfiler.__init__(self)
            self._layers: dict[str, list[float]] = {}
            self._due_at_s = time.monotonic() + interval_s

        def report_layer_time(self, layer_name: str, ms: float) -> None:
            """Note one layer of one execution."""
            try:
                self._layers.setdefault(layer_name, []).append(ms)
                if time.monotonic() >= self._due_at_s:
                    layers = self._taken()
                    client.call_soon(lambda: write(layers))
            except BaseException:
                pass

        def flush(self) -> None:
            """Write what was noted so far; done at exit."""
            write(self._taken())

        def _taken(self) -> dict[str, list[float]]:
            layers, self._layers = self._layers, {}
            self._due_at_s = time.monotonic() + interval_s
            return layers

    profiler = LayerProfiler()
    atexit.register(profiler.flush)
    return profiler
