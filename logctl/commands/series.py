"""``logctl series``: the label sets of streams."""

from __future__ import annotations

import argparse
import json

from logctl import times
from logctl.api import Api
from logctl.log_output import label_text
from logctl.options import Connection, Display
from logctl.selector import with_braces

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("matcher", nargs="*", help="selectors, all streams that match any of them (default all)")
    times.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print one stream a line, sorted; as JSON objects with ``-o jsonl`` or ``-o json``."""
    display = Display.from_args(args)
    window = times.Window.from_args(args, display.zone_name)
    matchers = [("match", with_braces(matcher)) for matcher in args.matcher]
    found = Api(Connection.from_args(args)).series([*window.parameters(), *matchers])
    for labels in sorted(sorted(series.items()) for series in found):
        print(
            json.dumps(dict(labels), ensure_ascii=False) if display.output in ("json", "jsonl") else label_text(labels)
        )
    return 0
