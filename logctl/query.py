"""``logctl query``: log lines page by page, or a metric over time."""

from __future__ import annotations

import argparse
from typing import Any

from logctl import times
from logctl.api import Api
from logctl.entries import LogEntry, Page, flatten, walk
from logctl.errors import UsageError
from logctl.log_output import LabelChoice, LogPrinter
from logctl.metric_output import show_metric
from logctl.options import Connection, Display
from logctl.selector import with_braces
from logctl.stats_output import show_stats

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("query", help='LogQL; a selector may be written <model="x"> instead of {model="x"}')
    parser.add_argument(
        "--limit", type=int, default=30, metavar="N", help="print at most N lines, 0 for all (default 30)"
    )
    parser.add_argument("--batch", type=int, default=1000, metavar="N", help="ask for N lines at a time (default 1000)")
    parser.add_argument("--forward", action="store_true", help="oldest first")
    parser.add_argument("--step", metavar="DURATION", help="distance between points of a metric")
    parser.add_argument("--interval", metavar="DURATION", help="least distance between log lines")
    parser.add_argument("--no-labels", action="store_true", help="print no labels")
    parser.add_argument("--include-label", action="append", default=[], metavar="NAME", help="print only these labels")
    parser.add_argument(
        "--exclude-label", action="append", default=[], metavar="NAME", help="print all but these labels"
    )
    times.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Ask and print; 0 also when nothing was found."""
    if args.limit < 0 or args.batch < 1:
        raise UsageError("--limit must not be negative and --batch at least 1")
    display = Display.from_args(args)
    window = times.Window.from_args(args, times.parse_zone(display.zone_name))
    asker = _Asker(Api(Connection.from_args(args)), _fixed_parameters(args), display, args.forward)
    choice = LabelChoice(args.no_labels, frozenset(args.include_label), frozenset(args.exclude_label))
    printer = LogPrinter(display, choice)
    for entries in walk(asker.fetch, window, args.limit, args.batch, args.forward):
        printer.show(entries)
    return 0


class _Asker:
    """Fetches pages of log lines; a metric answer is printed as it comes and has no pages."""

    def __init__(self, api: Api, parameters: list[tuple[str, str]], display: Display, forward: bool) -> None:
        self._api, self._parameters, self._display, self._forward = api, parameters, display, forward

    def fetch(self, page: Page) -> list[LogEntry]:
        """Ask for one page."""
        limit = [("limit", str(page.limit))]
        data: dict[str, Any] = self._api.query_range([*self._parameters, *limit, *page.window.parameters()])
        if self._display.stats:
            show_stats(data.get("stats"))
        if data["resultType"] == "streams":
            return flatten(data["result"], self._forward)
        show_metric(data["resultType"], data["result"], self._display)
        return []


def _fixed_parameters(args: argparse.Namespace) -> list[tuple[str, str]]:
    parameters = [("query", with_braces(args.query)), ("direction", "FORWARD" if args.forward else "BACKWARD")]
    for name in ("step", "interval"):
        text: str | None = getattr(args, name)
        if text is not None:
            parameters.append((name, _seconds(text)))
    return parameters


def _seconds(text: str) -> str:
    """A bare number is seconds, as the API has it."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return f"{times.parse_duration(text) / 1e9:g}"
