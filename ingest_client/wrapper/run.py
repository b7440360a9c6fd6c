"""Run a program, ship its output between a line about its start and one about its end, and end as it did."""

from __future__ import annotations

import shlex
import signal
import sys
import time
from typing import Mapping, Sequence

from ingest_client.client import PushClient
from ingest_client.complaints import Complaints
from ingest_client.entries.entry import Stream
from ingest_client.entries.metadata import clean_metadata
from ingest_client.settings import ClientSettings
from ingest_client.wrapper.child import Child, NotStarted
from ingest_client.wrapper.output import Output
from ingest_client.wrapper.records import RecordSink

__all__ = ["run_wrapped"]

_SIGNAL_STATUS = 128
_OUTPUT_DEADLINE_S = 10.0
_STREAMS = {1: "stdout", 2: "stderr"}
_IMPORTANT = ("critical", "error", "warn")
# The tee must not wait for the parser: threads change places as often as that.
_SWITCH_S = 0.0005


class _Quiet(Complaints):
    """Keeps complaints until the program, whose terminal this is, has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def say(self, text: str) -> None:
        self.texts.append(text)


class _Shipping:
    """The client with one stream for each component."""

    def __init__(self, client: PushClient, labels: Mapping[str, object]) -> None:
        self._client, self._labels = client, labels
        self._streams: dict[str | None, Stream] = {}

    def ship(self, ts_ns: int, text: str, metadata: dict[str, str], component: str | None) -> None:
        """Queue one record."""
        if component not in self._streams:
            # What the caller names as the component is not overruled by what a line looks like.
            self._streams[component] = self._client.stream({"component": component, **self._labels})
        level = metadata.get("level")
        self._client.offer(
            ts_ns,
            text,
            clean_metadata(metadata),
            stream=self._streams[component],
            important=level in _IMPORTANT,
            urgent=level in _IMPORTANT[:2],
        )


def run_wrapped(command: Sequence[str], settings: ClientSettings, labels: Mapping[str, object]) -> int:
    """The exit status of ``command``, 128 and the number for a signal, 127 or 126 if it cannot be run.

    Raises InvalidSettings or InvalidLabels before anything runs. What the client has to complain about is told on
    stderr at the end.
    """
    sys.setswitchinterval(_SWITCH_S)
    complaints = _Quiet()
    client = PushClient(settings, labels, complaints)
    try:
        status = _Run(command, client, labels).status()
    finally:
        client.close()
        _tell(client, complaints)
    return status


class _Run:
    """One run of the program."""

    def __init__(self, command: Sequence[str], client: PushClient, labels: Mapping[str, object]) -> None:
        self._command, self._ship = command, _Shipping(client, labels).ship
        self._started_s = time.monotonic()
        self._sinks = {number: RecordSink(self._ship, {"stream": name}) for number, name in _STREAMS.items()}

    def status(self) -> int:
        """Run it to its end."""
        output = Output(self._sinks)
        try:
            child = Child(self._command, output.add)
        except NotStarted as error:
            print(f"logctl run: {error}", file=sys.stderr)
            self._say(f"cannot be run: {error}", {"level": "error", "event": "run_end"})
            return error.status
        pid = {"pid": str(child.pid)}
        self._say(f"started: {shlex.join(self._command)}", {"level": "info", "event": "run_start", **pid})
        code = child.wait()
        output.finish(_OUTPUT_DEADLINE_S)
        if output.dropped_bytes:
            self._say(f"{output.dropped_bytes} bytes of output were dropped: they came too fast", {"level": "warn"})
        self._say_end(code, pid)
        return code if code >= 0 else _SIGNAL_STATUS - code

    def _say_end(self, code: int, pid: dict[str, str]) -> None:
        seconds = time.monotonic() - self._started_s
        metadata = {"duration_s": f"{seconds:.3f}", "status": str(code if code >= 0 else _SIGNAL_STATUS - code), **pid}
        if code >= 0:
            level = "error" if code else "info"
            self._say(
                f"ended with status {code} after {seconds:.1f} s", {"level": level, "event": "run_end", **metadata}
            )
            return
        name = _signal_name(-code)
        last = [f"{_STREAMS[number]}: {line}" for number, sink in self._sinks.items() for line in sink.last_lines]
        text = "\n".join([f"ended by {name} after {seconds:.1f} s; its last lines:", *last])
        self._say(text, {"level": "critical", "event": "crash", "signal": name, **metadata})

    def _say(self, text: str, metadata: dict[str, str]) -> None:
        self._ship(time.time_ns(), f"logctl run: {text}", metadata, None)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _tell(client: PushClient, complaints: _Quiet) -> None:
    counters = client.counters
    if not counters.dropped and not counters.spooled:
        return
    kept = f"{counters.spooled} lines wait on disk for the next start" if counters.spooled else ""
    lost = f"{counters.dropped} lines were not delivered" if counters.dropped else ""
    why = complaints.texts[0] if complaints.texts else ""
    print("logctl run: " + "; ".join(filter(None, (lost, kept, why))), file=sys.stderr)
