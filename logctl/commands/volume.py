"""``logctl volume``: bytes of lines by label values or label names, in one sum or over time."""

from __future__ import annotations

import argparse

from logctl import times
from logctl.api import Api
from logctl.errors import UsageError
from logctl.metric_output import show_metric
from logctl.options import Connection, Display
from logctl.range_parameters import as_seconds
from logctl.selector import with_braces
from logctl.stats_output import show_stats

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("logctl volume", "bytes by stream, the largest first"),
    ("logctl volume --target-labels host,model --since 24h", "by host and model"),
    ("""logctl volume '<job="inference">' --step 1h""", "each hour"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("query", nargs="?", default="{}", help='a selector, <model="x"> (default all streams)')
    parser.add_argument("--limit", type=int, default=30, metavar="N", help="print the N largest (default 30)")
    parser.add_argument("--step", metavar="DURATION", help="print a sum for each so long instead of one")
    parser.add_argument(
        "--targetLabels",
        "--target-labels",
        default="",
        metavar="NAMES",
        help="group by these labels, with commas between them (default those of the selector)",
    )
    parser.add_argument(
        "--aggregateByLabels", "--by-labels", action="store_true", help="one sum for each label name instead of values"
    )
    times.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print a table, or JSON on a pipe and with ``-o json``."""
    if args.limit < 1:
        raise UsageError("--limit must be at least 1")
    display = Display.from_args(args)
    window = times.Window.from_args(args, display.zone_name)
    parameters = [("query", with_braces(args.query)), *window.parameters(), *_grouping(args)]
    data = Api(Connection.from_args(args)).volume(parameters, over_time=args.step is not None)
    show_metric(data["resultType"], data["result"], display)
    if display.stats:
        show_stats(data.get("stats"))
    return 0


def _grouping(args: argparse.Namespace) -> list[tuple[str, str]]:
    parameters = [("limit", str(args.limit))]
    if args.step is not None:
        parameters.append(("step", as_seconds(args.step)))
    if args.targetLabels:
        parameters.append(("targetLabels", args.targetLabels))
    if args.aggregateByLabels:
        parameters.append(("aggregateBy", "labels"))
    return parameters
