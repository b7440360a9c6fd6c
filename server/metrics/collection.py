"""All instruments of a server, by subject. Names of Loki where they mean the same, so that its dashboards work."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping

from server.metrics.bucket import BucketMetrics
from server.metrics.deletes import DeleteMetrics
from server.metrics.figures import figure_lines
from server.metrics.instruments import Instrument, sample_line
from server.metrics.process import process_metrics
from server.metrics.pushes import PushMetrics
from server.metrics.queries import QueryMetrics
from server.metrics.requests import RequestMetrics
from server.metrics.server import ServerMetrics
from server.metrics.tails import TailMetrics
from server.version import VERSION

__all__ = ["Metrics"]


class Metrics:
    """One of these a server; ``exposition`` prints it."""

    def __init__(self) -> None:
        self.requests = RequestMetrics()
        self.pushes = PushMetrics()
        self.server = ServerMetrics()
        self.queries = QueryMetrics()
        self.tails = TailMetrics()
        self.deletes = DeleteMetrics()
        self.bucket = BucketMetrics()

    def exposition(self, storage: Mapping[str, float]) -> bytes:
        """The text of ``/metrics``; ``storage`` are the store's own figures, by name without a prefix."""
        told = (line for instrument in self.all for line in instrument.lines())
        lines = [*told, *_build_info(), *_process(), *figure_lines(storage)]
        return ("\n".join(lines) + "\n").encode()

    @property
    def all(self) -> tuple[Instrument, ...]:
        """In the order in which they are printed."""
        return tuple(instrument for subject in vars(self).values() for instrument in vars(subject).values())


def _build_info() -> Iterator[str]:
    labels = {
        "version": VERSION,
        "revision": "",
        "branch": "",
        "goversion": f"python{platform.python_version()}",
        "goos": platform.system().lower(),
        "goarch": platform.machine(),
        "tags": "skaldlog",
    }
    yield "# HELP loki_build_info What is running; always 1."
    yield "# TYPE loki_build_info gauge"
    yield sample_line("loki_build_info", list(labels.items()), 1)


def _process() -> Iterator[str]:
    for name, kind, text, value in process_metrics():
        yield f"# HELP {name} {text}"
        yield f"# TYPE {name} {kind}"
        yield sample_line(name, (), value)
