"""``python -m benchmarks.overload --url URL``: exit status 1 when less than 80 % of the capacity is still taken, memory
grows without end, or another tenant is not answered.

The server takes tenants from the header (``auth_enabled: true``) and has its rates off, as benchmarks/server.yaml says.
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.overload.bystander import Bystander
from benchmarks.overload.phase import send_for
from benchmarks.process import ServerProcess, listening_pid
from benchmarks.pushing import PushTarget, push_all
from benchmarks.requests import bodies_of
from benchmarks.workload import MIN_LINES, SPAN_NS, Workload

_STREAMS = 50
_SEED = 7
_SENDERS = 4
_FACTOR = 10
_KEPT_SHARE = 0.8
_GROWTH = 1.5
_SPARE = 1.5  # bodies for a server that is faster under load
_REQUEST_LINES = 1000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:3100")
    parser.add_argument("--seconds", type=float, default=60.0, help="of overload (default 60)")
    parser.add_argument("--lines", type=int, default=2_000_000, help="to measure the capacity with (default 2000000)")
    arguments = parser.parse_args()
    pid = listening_pid(arguments.url)
    if pid is None:
        print(f"nobody listens on {arguments.url}", file=sys.stderr)
        return 2
    return _run(arguments, ServerProcess(pid))


def _run(arguments: argparse.Namespace, process: ServerProcess) -> int:
    target = PushTarget(arguments.url, tenant="busy")
    with process:
        process.settle(120)
        process.take_peak_bytes()  # of a start, which may compile kernels
        busy = push_all(target, _bodies(arguments.lines, time.time_ns() - SPAN_NS), _SENDERS)
        busy_bytes = process.take_peak_bytes()
        rate = len(busy.latencies_s) / busy.elapsed_s
        bodies = _bodies(int(rate * arguments.seconds * _SPARE * _REQUEST_LINES), time.time_ns())
        with Bystander(arguments.url, "calm") as bystander:
            over = send_for(target, bodies, _SENDERS * _FACTOR, arguments.seconds)
        over_bytes = process.take_peak_bytes()
    print(f"busy: {_SENDERS} senders, {_told(rate, busy.retries, max(busy.latencies_s), busy_bytes)}")
    print(f"overload: {over.senders} senders, {_told(over.rate, over.refused, over.slowest_s, over_bytes)}")
    asked, slowest_s = len(bystander.waits_s), max(bystander.waits_s, default=0.0)
    print(f"another tenant: {asked} questions, {bystander.failures} failures, slowest answer {slowest_s:.2f} s")
    print(f"acknowledged: {over.rate / rate:.0%} of the capacity")
    is_good = over.rate >= _KEPT_SHARE * rate and over_bytes <= _GROWTH * busy_bytes and not bystander.failures
    return 0 if is_good and asked else 1


def _bodies(lines: int, end_ns: int) -> list[bytes]:
    """In the order of time, in the hour before ``end_ns``."""
    return list(bodies_of(Workload(max(lines, MIN_LINES), _STREAMS, _SEED, end_ns, _REQUEST_LINES)))


def _told(rate: float, refused: int, slowest_s: float, peak_bytes: int) -> str:
    return (
        f"{rate:.0f} requests/s acknowledged, {refused} refused, slowest answer {slowest_s:.2f} s, "
        f"peak RSS {peak_bytes / 1e6:.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
