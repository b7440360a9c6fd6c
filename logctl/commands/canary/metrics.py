"""The canary's counts for Prometheus, under the names of loki-canary where they mean the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from logctl.commands.canary.ledger import BOUNDS_S, QUERY, TAIL, Reader, Totals
from logctl.errors import CommandError, UsageError

__all__ = ["exposition", "serve_metrics"]


def exposition(totals: Totals) -> str:
    """The text of ``/metrics``."""
    lines = [*_counter("entries_total", totals.written), *_counter("refused_entries_total", totals.refused)]
    query = totals.readers[QUERY]
    tail = totals.readers.get(TAIL, Reader())
    lines += _counter("missing_entries_total", query.missing)
    lines += _counter("websocket_missing_entries_total", tail.missing)
    lines += _counter("out_of_order_entries_total", query.out_of_order + tail.out_of_order)
    lines += _counter("duplicate_entries_total", query.duplicate + tail.duplicate)
    lines += _counter("unexpected_entries_total", query.unexpected + tail.unexpected)
    lines += _counter("late_entries_total", query.late + tail.late)
    lines += _latencies(tail if TAIL in totals.readers else query)
    return "".join(f"{line}\n" for line in lines)


def _counter(name: str, value: int) -> Iterator[str]:
    yield f"# TYPE loki_canary_{name} counter"
    yield f"loki_canary_{name} {value}"


def _latencies(reader: Reader) -> Iterator[str]:
    name, count = "loki_canary_response_latency_seconds", 0
    yield f"# TYPE {name} histogram"
    for bound, observed in zip((*map(str, BOUNDS_S), "+Inf"), reader.latencies, strict=True):
        count += observed
        yield f'{name}_bucket{{le="{bound}"}} {count}'
    yield f"{name}_sum {reader.latency_sum_s:.6f}"
    yield f"{name}_count {count}"


def serve_metrics(address: str, text: Callable[[], str]) -> ThreadingHTTPServer:
    """``text`` at ``/metrics`` of ``HOST:PORT``, from a thread of its own."""
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise UsageError(f"--listen {address!r}: write it as 127.0.0.1:3500")
    try:
        server = ThreadingHTTPServer((host.strip("[]"), int(port)), _handler(text))
    except (OSError, OverflowError) as error:
        raise CommandError(f"cannot listen on {address}: {error}") from error
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _handler(text: Callable[[], str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_known = self.path == "/metrics"
            body = text().encode() if is_known else b"only /metrics is here\n"
            self.send_response(200 if is_known else 404)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
