"""``logctl stats``: how much a selector selects."""

from __future__ import annotations

import argparse
import json

from logctl import times
from logctl.api import Api
from logctl.options import Connection, Display
from logctl.selector import with_braces

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("query", help='a selector, <model="x"> or {model="x"}')
    times.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print a figure a line; one JSON object with ``-o json`` and ``-o jsonl``."""
    display = Display.from_args(args)
    window = times.Window.from_args(args, display.zone_name)
    found = Api(Connection.from_args(args)).index_stats([("query", with_braces(args.query)), *window.parameters()])
    if display.output in ("json", "jsonl"):
        print(json.dumps(found, indent=2 if display.output == "json" else None))
        return 0
    width = max(len(str(count)) for count in found.values())
    for name, count in found.items():
        print(f"{name:<8}{count:>{width}}")
    return 0
