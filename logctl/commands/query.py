"""``logctl query``: log lines page by page, or a metric over time."""

from __future__ import annotations

import argparse
from typing import Any

from logctl import times
from logctl.api import Api
from logctl.commands import tail
from logctl.entries import LogEntry, Page, flatten, walk
from logctl.errors import CommandError, UsageError
from logctl.log_output import LabelChoice, LogPrinter, add_label_arguments
from logctl.metric_output import show_metric
from logctl.options import Connection, Display
from logctl.plot_output import show_plot
from logctl.range_parameters import add_arguments as add_range_arguments
from logctl.range_parameters import range_parameters
from logctl.stats_output import show_stats

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("""logctl query '<job="inference"> |= "CUDA"' --since 6h --limit 100""", "lines"),
    ("""logctl query 'sum by (model) (rate(<job="inference"> [5m]))' --plot""", "a metric as a chart"),
    ("""logctl query '<job="inference">' --tail""", "as logctl tail"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    add_range_arguments(parser)
    parser.add_argument(
        "--limit", type=int, default=30, metavar="N", help="print at most N lines, 0 for all (default 30)"
    )
    parser.add_argument("--batch", type=int, default=1000, metavar="N", help="ask for N lines at a time (default 1000)")
    parser.add_argument("--plot", action="store_true", help="draw a metric as a chart")
    parser.add_argument("-t", "--tail", "--follow", action="store_true", help="go on with new lines, as logctl tail")
    tail.add_delay_argument(parser)
    add_label_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Ask and print; 0 also when nothing was found."""
    if args.tail:
        return tail.run(args)
    if args.limit < 0 or args.batch < 1:
        raise UsageError("--limit must not be negative and --batch at least 1")
    display = Display.from_args(args)
    window = times.Window.from_args(args, display.zone_name)
    asker = _Asker(Api(Connection.from_args(args)), range_parameters(args), display, args.forward, args.plot)
    printer = LogPrinter(display, LabelChoice.from_args(args))
    for entries in walk(asker.fetch, window, args.limit, args.batch, args.forward):
        printer.show(entries)
    return 0


class _Asker:
    """Fetches pages of log lines; a metric answer is printed as it comes and has no pages."""

    def __init__(
        self, api: Api, parameters: list[tuple[str, str]], display: Display, forward: bool, plot: bool
    ) -> None:
        self._api, self._parameters, self._display = api, parameters, display
        self._forward, self._plot = forward, plot

    def fetch(self, page: Page) -> list[LogEntry]:
        """Ask for one page."""
        limit = [("limit", str(page.limit))]
        data: dict[str, Any] = self._api.query_range([*self._parameters, *limit, *page.window.parameters()])
        if self._display.stats:
            show_stats(data.get("stats"))
        if data["resultType"] == "streams":
            if self._plot:
                raise CommandError("--plot draws metrics, and this query finds lines: count_over_time() counts them")
            return flatten(data["result"], self._forward)
        if self._plot and data["resultType"] == "matrix":
            show_plot(data["result"], self._display)
        else:
            show_metric(data["resultType"], data["result"], self._display)
        return []
