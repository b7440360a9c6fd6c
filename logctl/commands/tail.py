"""``logctl tail``: log lines as they come, until it is interrupted."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from logctl import times
from logctl.api import Api
from logctl.entries import LogEntry, Page, flatten
from logctl.errors import CommandError, UsageError
from logctl.following import Following
from logctl.live import open_tail
from logctl.log_output import LabelChoice, LogPrinter, add_label_arguments
from logctl.options import Connection, Display
from logctl.selector import with_braces

__all__ = ["EXAMPLES", "add_arguments", "add_delay_argument", "run"]

EXAMPLES = (
    ("""logctl tail '<job="inference"> |= "error"'""", "the last 30 lines, then each new one"),
    ("""logctl tail '<host="edge-07"> | json | latency_ms > 50' -o jsonl | jq .line""", "for another program"),
    ("""logctl tail '<job="inference">' --delay-for 3 --limit 1""", "wait 3 s for lines that come late, in order"),
)
_DELAY_MAX_S = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("query", help='a log query; a selector may be written <model="x"> instead of {model="x"}')
    parser.add_argument("--limit", type=int, default=30, metavar="N", help="begin with the last N lines (default 30)")
    add_delay_argument(parser)
    add_label_arguments(parser)
    times.add_arguments(parser)


def add_delay_argument(parser: argparse.ArgumentParser) -> None:
    """Declare --delay-for."""
    parser.add_argument(
        "--delay-for", type=int, default=0, metavar="SECONDS", help="hold new lines back to put them in order, 0 to 5"
    )


def run(args: argparse.Namespace) -> int:
    """Print until the user has enough."""
    if args.limit < 1:
        raise UsageError("--limit must be at least 1")
    if not 0 <= args.delay_for <= _DELAY_MAX_S:
        raise UsageError(f"--delay-for must be from 0 to {_DELAY_MAX_S} seconds")
    if args.to:
        raise UsageError("a tail has no end: leave --to out, or ask logctl query without --tail")
    display = Display.from_args(args)
    start_ns = times.Window.from_args(args, display.zone_name).start_ns
    connection, query = Connection.from_args(args), with_braces(args.query)
    following = Following(
        partial(open_tail, connection), partial(_fetch, Api(connection), query), partial(_tell, display)
    )
    delay = [("delay_for", str(args.delay_for))] if args.delay_for else []
    printer = LogPrinter(display, LabelChoice.from_args(args), finds_common=False)
    for entries in following.entries([("query", query), *delay], start_ns, args.limit):
        printer.show(entries)
    return 0


def _fetch(api: Api, query: str, page: Page) -> list[LogEntry]:
    parameters = [("query", query), ("direction", "FORWARD"), ("limit", str(page.limit)), *page.window.parameters()]
    data = api.query_range(parameters)
    if data["resultType"] != "streams":
        raise CommandError("only log queries can be tailed")
    return flatten(data["result"], forward=True)


def _tell(display: Display, text: str) -> None:
    if not display.quiet:
        print(f"logctl: {' '.join(text.split())}", file=sys.stderr, flush=True)
