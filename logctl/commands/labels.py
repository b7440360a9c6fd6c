"""``logctl labels``: label names, or the values of one label."""

from __future__ import annotations

import argparse

from logctl import times
from logctl.api import Api
from logctl.options import Connection, Display
from logctl.selector import with_braces

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("label", nargs="?", help="list the values of this label")
    parser.add_argument("--query", metavar="SELECTOR", help="look only at streams that match")
    times.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print one name or value a line."""
    display = Display.from_args(args)
    window = times.Window.from_args(args, display.zone_name)
    parameters = window.parameters()
    if args.query:
        parameters.append(("query", with_braces(args.query)))
    api = Api(Connection.from_args(args))
    for text in api.labels(parameters) if args.label is None else api.label_values(args.label, parameters):
        print(text)
    return 0
