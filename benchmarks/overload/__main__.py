"""``python -m benchmarks.overload --url URL``: exit status 1 when less than 80 % of the capacity is still taken, memory
grows without end, or another tenant is not answered.

The server takes tenants from the header (``auth_enabled: true``) and has its rates off, as benchmarks/server.yaml says.
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.overload.bystander import Bystander
from benchmarks.overload.phase import Phase, send_for
from benchmarks.process import ServerProcess, listening_pid
from benchmarks.pushing import PushTarget
from benchmarks.requests import prepare
from benchmarks.workload import Workload

_STREAMS = 50
_SENDERS = 4
_FACTOR = 10
_KEPT_SHARE = 0.8
_GROWTH = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:3100")
    parser.add_argument("--seconds", type=float, default=60.0, help="of overload; the capacity is measured for a sixth")
    parser.add_argument("--lines", type=int, default=8_000_000, help="prepared for both")
    arguments = parser.parse_args()
    pid = listening_pid(arguments.url)
    if pid is None:
        print(f"nobody listens on {arguments.url}", file=sys.stderr)
        return 2
    return _run(arguments, ServerProcess(pid))


def _run(arguments: argparse.Namespace, process: ServerProcess) -> int:
    bodies = prepare(Workload(arguments.lines, _STREAMS, 7, time.time_ns())).bodies
    target = PushTarget(arguments.url, tenant="busy")
    with process:
        process.settle(120)
        first = len(bodies) // 5
        busy = send_for(target, bodies[:first], _SENDERS, arguments.seconds / 6)
        busy_bytes = process.take_peak_bytes()
        with Bystander(arguments.url, "calm") as bystander:
            over = send_for(target, bodies[first:], _SENDERS * _FACTOR, arguments.seconds)
        over_bytes = process.take_peak_bytes()
    _tell("busy", busy, busy_bytes)
    _tell("overload", over, over_bytes)
    slowest_s = max(bystander.waits_s, default=0.0)
    print(
        f"another tenant: {len(bystander.waits_s)} questions, {bystander.failures} failures, slowest {slowest_s:.2f} s"
    )
    print(f"acknowledged: {over.rate / busy.rate:.0%} of the capacity")
    is_good = over.rate >= _KEPT_SHARE * busy.rate and over_bytes <= _GROWTH * busy_bytes and not bystander.failures
    return 0 if is_good and bystander.waits_s else 1


def _tell(name: str, phase: Phase, peak_bytes: int) -> None:
    print(
        f"{name}: {phase.senders} senders, {phase.rate:.0f} requests/s acknowledged, {phase.refused} refused, "
        f"slowest answer {phase.slowest_s:.2f} s, peak RSS {peak_bytes / 1e6:.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
