"""The command line of the benchmark."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.workload import MIN_LINES

__all__ = ["parse_arguments"]

DESCRIPTION = """Push generated inference logs to a Loki-compatible server and time questions about them.

The server must accept the load: give it the limits of benchmarks/server.yaml. Every figure is also given as a
multiple of C (zstd-1 compression rate, one thread) or D (time to decompress the lines, one thread) of this run."""


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text.replace("_", ""))
        if value < least:
            raise argparse.ArgumentTypeError(f"{text} is below {least}")
        return value

    return number


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:3100", help="base URL of the server")
    parser.add_argument("--push-path", default="/loki/api/v1/push", help="/insert/loki/api/v1/push for VictoriaLogs")
    parser.add_argument("--tenant", help="sent as X-Scope-OrgID")
    parser.add_argument("--lines", type=_at_least(MIN_LINES), default=1_000_000)
    parser.add_argument("--streams", type=_at_least(1), default=50)
    parser.add_argument("--senders", type=_at_least(1), default=4, help="connections that push at once")
    parser.add_argument("--rounds", type=_at_least(1), default=5, help="how often each question is asked")
    parser.add_argument("--seed", type=_at_least(0), default=7, help="the same seed makes the same lines")
    parser.add_argument("--end", type=int, metavar="NS", help="end of the hour of the lines; default: the last minute")
    parser.add_argument("--skip-push", action="store_true", help="ask about a load that is there; give its --end")
    parser.add_argument("--no-flush", action="store_true", help="ask without POST /flush before")
    parser.add_argument("--merge", action="store_true", help="ask after Skaldlog has merged what it has")
    parser.add_argument("--settle-s", type=float, default=120.0, help="how long to wait for the server to be at rest")
    parser.add_argument("--pid", type=int, help="process of the server; default: the one that listens on the port")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of the server's data, to tell its size")
    parser.add_argument("--output", choices=("table", "json"), default="table")
    chosen = parser.parse_args(arguments)
    if chosen.skip_push and chosen.end is None:
        parser.error("--skip-push needs the --end that the pushing run printed")
    return chosen
