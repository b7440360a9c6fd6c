"""``logctl instant-query``: a metric at one moment."""

from __future__ import annotations

import argparse

from logctl import times
from logctl.api import Api
from logctl.metric_output import show_metric
from logctl.options import Connection, Display
from logctl.selector import with_braces
from logctl.stats_output import show_stats

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("query", help="a LogQL metric query")
    parser.add_argument("--now", default="now", metavar="TIME", help="the moment (default now)")


def run(args: argparse.Namespace) -> int:
    """Ask and print."""
    display = Display.from_args(args)
    moment_ns = times.parse_moment(args.now, times.parse_zone(display.zone_name))
    api = Api(Connection.from_args(args))
    data = api.query([("query", with_braces(args.query)), ("time", times.as_parameter(moment_ns))])
    show_metric(data["resultType"], data["result"], display)
    if display.stats:
        show_stats(data.get("stats"))
    return 0
