"""One run in order: prepare, measure the floors, push, flush, ask, measure the floors again, report."""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time

from benchmarks.asking import Asked, ask
from benchmarks.connection import Connection, ServerRefused
from benchmarks.floors import FloorGauge
from benchmarks.process import ServerProcess, disk_bytes, listening_pid
from benchmarks.pushing import PushTarget, push_all
from benchmarks.questions import questions_about
from benchmarks.report import Ingest, Report
from benchmarks.requests import Load, prepare
from benchmarks.workload import Workload

__all__ = ["run"]

MINUTE_NS = 60_000_000_000


def run(arguments: argparse.Namespace) -> Report:
    """Raises ServerRefused or OSError when the server does not take the load."""
    workload = Workload(arguments.lines, arguments.streams, arguments.seed, arguments.end or _last_minute())
    _say(f"preparing {workload.lines:,} lines")
    load = prepare(workload)
    gauge = FloorGauge(load.frames)
    gauge.measure()
    with contextlib.ExitStack() as stack:
        process = _find_process(arguments, stack)
        ingest = None if arguments.skip_push else _push(arguments, load, process)
        if arguments.merge:
            _tell(arguments, "/skaldlog/api/v1/merge")
            _settle(process, arguments.settle_s)
        asked = _ask_all(arguments, workload, load, process)
        query_peak_bytes = process.take_peak_bytes() if process else None
    gauge.measure()
    return Report(
        url=arguments.url,
        lines=workload.lines,
        streams=workload.streams,
        line_bytes=load.line_bytes,
        end_ns=workload.end_ns,
        floors=gauge.floors,
        ingest=ingest,
        asked=asked,
        query_peak_rss_bytes=query_peak_bytes,
        disk_bytes=disk_bytes(arguments.data) if arguments.data else None,
    )


def _last_minute() -> int:
    return time.time_ns() // MINUTE_NS * MINUTE_NS


def _find_process(arguments: argparse.Namespace, stack: contextlib.ExitStack) -> ServerProcess | None:
    pid = arguments.pid or listening_pid(arguments.url)
    if pid is None:
        _say("the server's process is not to be seen here: no CPU time and memory (--pid names it)")
        return None
    return stack.enter_context(ServerProcess(pid))


def _push(arguments: argparse.Namespace, load: Load, process: ServerProcess | None) -> Ingest:
    _settle(process, arguments.settle_s)
    _say(f"pushing {len(load.bodies):,} requests from {arguments.senders} senders")
    cpu_start_s = process.cpu_s if process else 0.0
    target = PushTarget(arguments.url, arguments.push_path, arguments.tenant)
    pushed = push_all(target, load.bodies, arguments.senders)
    cpu_pushed_s = process.cpu_s if process else 0.0
    if not arguments.no_flush:
        _tell(arguments, "/flush")
    _settle(process, arguments.settle_s)
    slowest_first = sorted(pushed.latencies_s, reverse=True)
    return Ingest(
        elapsed_s=pushed.elapsed_s,
        push_p50_s=statistics.median(pushed.latencies_s),
        push_p99_s=slowest_first[len(slowest_first) // 100],
        retries=pushed.retries,
        cpu_s=cpu_pushed_s - cpu_start_s if process else None,
        flush_cpu_s=process.cpu_s - cpu_pushed_s if process else None,
        rss_bytes=process.rss_bytes if process else None,
        peak_rss_bytes=process.take_peak_bytes() if process else None,
    )


def _tell(arguments: argparse.Namespace, path: str) -> None:
    with Connection(arguments.url, arguments.tenant) as connection:
        try:
            connection.send("POST", path)
        except ServerRefused as refused:
            _say(f"no {path}: {refused}")


def _settle(process: ServerProcess | None, timeout_s: float) -> None:
    if process is not None and not process.settle(timeout_s):
        _say(f"the server was not at rest within {timeout_s:.0f} s: figures contain other work")


def _ask_all(
    arguments: argparse.Namespace, workload: Workload, load: Load, process: ServerProcess | None
) -> list[Asked]:
    _say(f"asking, {arguments.rounds} rounds each")
    if process is not None:
        process.take_peak_bytes()
    with Connection(arguments.url, arguments.tenant) as connection:
        questions = questions_about(workload, load.counts)
        return [ask(connection, question, workload.end_ns, arguments.rounds) for question in questions]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
