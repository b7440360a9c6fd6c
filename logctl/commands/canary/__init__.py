"""``logctl canary``: writes lines, reads them back in two ways, and counts what is not as it should be."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from logctl import times
from logctl.commands.canary.ledger import QUERY, TAIL, Ledger
from logctl.commands.canary.metrics import exposition, serve_metrics
from logctl.commands.canary.readers import QueryReader, TailReader
from logctl.commands.canary.report import report_json, report_lines
from logctl.commands.canary.writer import Writer
from logctl.errors import CommandError, UsageError
from logctl.log_output import label_text
from logctl.options import Connection, Display
from logctl.pairs import pairs_of

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("logctl canary --for 1m", "is all well? The status is 1 when a line was lost, doubled or out of order"),
    ("logctl canary --listen 127.0.0.1:3500", "for ever, with /metrics for Prometheus"),
    ("logctl canary --interval 100ms --for 1h -o json", "a soak test"),
)
_OPEN_WITHIN_S = 10.0
_ROUND_S = 0.5
_NS = 1e9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    for flag, default, text in (
        ("--interval", "1s", "write a line so often"),
        ("--query-interval", "10s", "ask for the lines so often"),
        ("--wait", "60s", "a line that was not seen for so long is missing"),
        ("--late", "5s", "a tail may take so long"),
    ):
        parser.add_argument(flag, default=default, metavar="DURATION", help=f"{text} (default {default})")
    parser.add_argument("--for", dest="length", metavar="DURATION", help="end after so long (default never)")
    parser.add_argument("--size", type=int, default=100, metavar="N", help="bytes of a line (default 100)")
    parser.add_argument(
        "--label", action="append", default=[], metavar="NAME=VALUE", help="stream label (default job=canary)"
    )
    parser.add_argument("--no-tail", action="store_true", help="read by queries only")
    parser.add_argument("--listen", metavar="HOST:PORT", help="serve /metrics there")


def run(args: argparse.Namespace) -> int:
    """Print a report; 1 when lines were refused, missing, doubled, out of order or strange."""
    display, canary = Display.from_args(args), _Canary(args)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = serve_metrics(args.listen, lambda: exposition(canary.ledger.totals)) if args.listen else None
    try:
        canary.live(_seconds(args.length) if args.length else None)
    except KeyboardInterrupt:
        pass  # what was found until then is told
    finally:
        canary.stopping.set()
        if server is not None:
            server.shutdown()
    totals = canary.ledger.totals
    print(report_json(totals) if display.output in ("json", "jsonl") else "\n".join(report_lines(totals)))
    if totals.faults and not display.quiet:
        for trouble in dict.fromkeys(canary.troubles()):
            print(f"logctl: {trouble}", file=sys.stderr)
    return 1 if totals.faults else 0


class _Canary:
    """Its threads end soon after ``stopping`` is set; that of the tail may wait for a message and is not waited for."""

    def __init__(self, args: argparse.Namespace) -> None:
        if args.size < 1:
            raise UsageError("--size must be at least 1")
        connection = Connection.from_args(args)
        # A run sees its own lines only.
        labels = {**(pairs_of("--label", args.label) or {"job": "canary"}), "canary_run": uuid.uuid4().hex[:12]}
        query = label_text(sorted(labels.items()))
        self._wait_s, self._query_interval_s = _seconds(args.wait), _seconds(args.query_interval)
        self.ledger = Ledger(self._wait_s, _seconds(args.late), (QUERY,) if args.no_tail else (QUERY, TAIL))
        self._writer = Writer(connection, labels, args.size, _seconds(args.interval), self._wait_s)
        self._queries = QueryReader(connection, query)
        self._tail = None if args.no_tail else TailReader(connection, query)
        self.stopping = threading.Event()

    def live(self, length_s: float | None) -> None:
        """Write and read; then wait for what is owed. Raises CommandError when no tail can be opened."""
        if self._tail is not None:
            self._open_tail(self._tail)
        end_s = None if length_s is None else time.monotonic() + length_s
        writing = _thread("writer", self._writer.run, self.ledger, self.stopping, end_s)
        next_s = time.monotonic() + self._query_interval_s
        while writing.is_alive():
            writing.join(_ROUND_S)
            if time.monotonic() >= next_s:
                self._queries.ask(self.ledger)
                self.ledger.expire(time.time())
                next_s = time.monotonic() + self._query_interval_s
        while self.ledger.owed() is not None:
            self._queries.ask(self.ledger)
            self.ledger.expire(time.time())
            if self.ledger.owed() is not None:
                time.sleep(_ROUND_S)

    def troubles(self) -> list[str]:
        readers = (self._writer, self._queries, self._tail)
        return [each.trouble for each in readers if each is not None and each.trouble]

    def _open_tail(self, tail: TailReader) -> None:
        is_open = threading.Event()
        _thread("tail", tail.run, self.ledger, self.stopping, is_open)
        if not is_open.wait(_OPEN_WITHIN_S):
            raise CommandError(tail.trouble or "no tail could be opened in time: --no-tail reads by queries only")


def _thread(name: str, work: Callable[..., None], *args: Any) -> threading.Thread:
    thread = threading.Thread(target=work, args=args, name=name, daemon=True)
    thread.start()
    return thread


def _seconds(text: str) -> float:
    seconds = times.parse_duration(text) / _NS
    if seconds <= 0:
        raise UsageError(f"duration {text!r} must be more than 0")
    return seconds
